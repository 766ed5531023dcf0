// Handing in documents: choose or drop several, see each one's progress, and why one was refused.
import { fill, h, mounted, styleSheet } from "../dom.js";

const STYLES = ["../base.css", "uploader.css"].map((name) => styleSheet(name, import.meta.url));

class Uploader {
  constructor(component) {
    this.update(component);
    const { texts } = component.data;
    this.input = h("input", { type: "file", multiple: component.data.several, accept: "application/pdf,.pdf,.docx,.xlsx,.pptx,.odt,.ods,.odp,.doc,.xls,.ppt,.rtf", className: "hidden-text", tabIndex: -1 });
    this.input.setAttribute("aria-label", texts.choose);
    this.input.addEventListener("change", () => this.take([...this.input.files]));
    const choose = h("button", { type: "button", onclick: () => this.input.click() }, texts.choose);
    this.drop = h("div", { className: "drop" }, choose, h("span", { className: "quiet-text" }, texts.drop), this.input);
    for (const name of ["dragover", "dragleave", "drop"]) this.drop.addEventListener(name, (event) => this.dragged(event));
    this.list = h("ul", { "aria-live": "polite" });
    component.parentElement.append(this.drop, this.list);
  }

  update(component) {
    this.component = component;
    this.data = component.data;
  }

  dragged(event) {
    event.preventDefault();
    this.drop.classList.toggle("over", event.type === "dragover");
    if (event.type === "drop") this.take([...event.dataTransfer.files]);
  }

  /** One after the other, so that a slow link finishes the first before the last. */
  async take(files) {
    this.input.value = "";
    let taken = 0;
    for (const file of files) if (await this.send(file)) taken += 1;
    if (taken) this.component.setTriggerValue("uploaded", `${taken}-${Date.now()}`);
  }

  send(file) {
    const { texts, address, asked } = this.data;
    const bar = h("progress", { max: 1, value: 0 });
    const line = h("p", {}, fill(texts.sending, { name: file.name }));
    this.list.append(h("li", {}, line, bar));
    const say = (sentence, kind) => {
      bar.remove();
      line.textContent = sentence;
      line.className = `sentence ${kind}`;
    };
    const query = new URLSearchParams({ name: file.name, ...asked });
    return new Promise((resolve) => {
      const request = new XMLHttpRequest();
      request.open("POST", `${address}?${query}`);
      request.setRequestHeader("Content-Type", "application/pdf");
      request.upload.onprogress = (event) => {
        if (event.lengthComputable) bar.value = event.loaded / event.total;
        if (event.loaded === event.total) line.textContent = fill(texts.checking, { name: file.name });
      };
      request.onerror = () => (say(`${file.name}: ${texts.unreachable}`, "bad"), resolve(false));
      request.onload = () => {
        const good = request.status === 201;
        say(good ? fill(texts.taken, { name: file.name }) : `${file.name}: ${sentenceOf(request) ?? texts.unreachable}`, good ? "good" : "bad");
        resolve(good);
      };
      request.send(file);
    });
  }
}

function sentenceOf(request) {
  try {
    return JSON.parse(request.responseText).sentence;
  } catch {
    return null;
  }
}

export default mounted(STYLES, (component) => new Uploader(component));
