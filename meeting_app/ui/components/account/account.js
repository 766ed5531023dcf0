// Password, language and signing out: each goes straight to the server, none through a page run.
import { h, mounted, send, styleSheet } from "../dom.js";

const STYLES = [styleSheet("../base.css", import.meta.url), styleSheet("account.css", import.meta.url)];

function passwordForm(texts) {
  const field = (name, complete) => {
    const input = h("input", { id: name, name, type: "password", autocomplete: complete, required: true, maxLength: 1000 });
    return [input, h("div", { className: "field" }, h("label", { htmlFor: name }, texts[name]), input)];
  };
  const [old, oldField] = field("old", "current-password");
  const [fresh, freshField] = field("fresh", "new-password");
  const [again, againField] = field("again", "new-password");
  const sentence = h("p", { className: "sentence bad", role: "alert" });
  const submit = h("button", { type: "submit" }, texts.change);
  const form = h("form", {}, h("h2", {}, texts.password), oldField, freshField, againField, sentence, submit);
  form.addEventListener("submit", async (event) => {
    event.preventDefault();
    sentence.textContent = "";
    if (fresh.value !== again.value) {
      sentence.textContent = texts.differ;
      again.focus();
      return;
    }
    submit.disabled = true;
    const answer = await send("/password", { old: old.value, new: fresh.value }, texts);
    submit.disabled = false;
    if (answer.ok) location.assign(answer.content.go);
    else sentence.textContent = answer.content.sentence;
  });
  return form;
}

function languages(texts, current, names) {
  const choose = async (language) => {
    if (language === current) return;
    const answer = await send("/language", { language }, texts);
    if (answer.ok) location.reload();
    else sentence.textContent = answer.content.sentence;
  };
  const buttons = Object.entries(names).map(([language, name]) =>
    h("button", { type: "button", lang: language, "aria-pressed": String(language === current), onclick: () => choose(language) }, name),
  );
  const sentence = h("p", { className: "sentence bad", role: "alert" });
  return h("section", {}, h("h2", {}, texts.language), h("div", { className: "choices" }, ...buttons), sentence);
}

// A form of its own: it leaves the page at once, with or without the live socket.
function signOut(texts) {
  const form = h("form", { method: "post", action: "/sign-out" });
  form.append(h("h2", {}, texts.leave), h("p", { className: "quiet-text" }, texts.shared), h("button", { type: "submit" }, texts.sign_out));
  return form;
}

export default mounted(STYLES, (component) => {
  const { texts, language, languages: names } = component.data;
  const card = (content) => h("div", { className: "card" }, content);
  component.parentElement.append(
    h("div", { className: "account" }, card(passwordForm(texts)), h("div", { className: "beside" }, card(languages(texts, language, names)), card(signOut(texts)))),
  );
});
