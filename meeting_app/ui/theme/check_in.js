// Who scanned the code need touch nothing more; without this script the button does the same.

const form = document.getElementById("check-in");
const button = form.querySelector("button");

form.addEventListener("submit", (event) => {
  if (button.getAttribute("aria-disabled") === "true") {
    event.preventDefault();
    return;
  }
  button.setAttribute("aria-disabled", "true");
  button.textContent = button.dataset.wait;
});

// A page that a browser fetched ahead is nobody's arrival.
function arrive() {
  if (!form.hidden) form.requestSubmit();
}
if (document.prerendering) document.addEventListener("prerenderingchange", arrive, { once: true });
else arrive();

// Back from the page's cache the button must be usable again.
addEventListener("pageshow", (event) => {
  if (event.persisted) location.reload();
});
