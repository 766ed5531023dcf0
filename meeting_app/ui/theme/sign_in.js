// Comforts of the sign-in form; without this script it works all the same.
import { forgetNotebooks } from "../components/reading/notebook_store.js";
import { forgetPlaces } from "../components/reading/places.js";
import { forgetEverything } from "../components/reading/store.js";
import { forgetBallots } from "../components/room/kept_ballots.js";

const form = document.getElementById("sign-in");
const password = document.getElementById("password");
const show = document.getElementById("show");
const button = form.querySelector("button");

show.closest("label").hidden = false;
show.addEventListener("change", () => {
  password.type = show.checked ? "text" : "password";
  password.focus();
});

form.addEventListener("submit", (event) => {
  if (button.getAttribute("aria-disabled") === "true") {
    event.preventDefault();
    return;
  }
  // Sent as a password, so that browsers offer to keep it and never as a text of the form.
  password.type = "password";
  button.setAttribute("aria-disabled", "true");
  button.textContent = button.dataset.wait;
});

// Nobody is signed in here: papers somebody took along do not stay for the next one.
forgetEverything();
forgetNotebooks();
forgetPlaces();
forgetBallots();

// Back from the page's cache the form must be usable again.
addEventListener("pageshow", (event) => {
  if (event.persisted) location.reload();
});
