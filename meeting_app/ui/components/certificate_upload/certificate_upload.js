// A certificate, a key file or a trusted root: chosen, sent to its own route, and what the server says of it.
import { h, mounted, send, styleSheet } from "../dom.js";

const STYLES = [styleSheet("../base.css", import.meta.url), styleSheet("certificate_upload.css", import.meta.url)];
const ACCEPT = { certificate: ".pem,.crt,.cer,.der,.p7b,.p7c", key_file: ".p12,.pfx", anchor: ".pem,.crt,.cer,.der" };

class CertificateUpload {
  constructor(component) {
    this.component = component;
    const { texts, kind } = component.data;
    this.input = h("input", { type: "file", accept: ACCEPT[kind], className: "hidden-text", tabIndex: -1 });
    this.input.setAttribute("aria-label", texts.choose);
    this.input.addEventListener("change", () => this.chosen(this.input.files[0]));
    this.choose = h("button", { type: "button", onclick: () => this.input.click() }, texts.choose);
    this.sentence = h("p", { className: "sentence bad", role: "alert" });
    this.next = h("div", { className: "next", hidden: true });
    component.parentElement.append(h("div", { className: "upload" }, this.choose, this.input, this.sentence, this.next));
  }

  update(component) {
    this.component = component;
  }

  async chosen(file) {
    this.input.value = "";
    if (!file) return;
    this.next.hidden = true;
    this.say("", "bad");
    const { kind, texts } = this.component.data;
    if (file.size > 64 * 1024) return this.say(texts.too_large, "bad");
    if (kind === "certificate") return this.finish(await this.post(this.component.data.address, file));
    if (kind === "key_file") return this.askPin(file);
    const answer = await this.post("/trust-anchors/look", file);
    if (answer.ok) this.compare(file, answer.content);
    else this.say(answer.content.sentence, "bad");
  }

  async post(address, file) {
    this.choose.disabled = true;
    const answer = await send(address, null, this.component.data.texts, {
      headers: { "Content-Type": "application/octet-stream" },
      body: file,
    });
    this.choose.disabled = false;
    return answer;
  }

  finish(answer) {
    const { texts } = this.component.data;
    if (!answer.ok) return this.say(answer.content.sentence, "bad");
    this.next.hidden = true;
    this.say(texts.done, "good");
    this.component.setTriggerValue("done", String(Date.now()));
  }

  askPin(file) {
    const { texts, address } = this.component.data;
    const pin = h("input", { id: "key-file-pin", type: "password", autocomplete: "off", maxLength: 100 });
    const submit = h("button", { type: "submit", className: "primary" }, texts.enter);
    const form = h("form", {}, h("p", {}, file.name), h("div", { className: "field" }, h("label", { htmlFor: "key-file-pin" }, texts.pin), pin), submit);
    form.addEventListener("submit", async (event) => {
      event.preventDefault();
      submit.disabled = true;
      const content = { key_file: await base64(file), pin: pin.value };
      pin.value = "";
      const answer = await send(address, content, texts);
      submit.disabled = false;
      this.finish(answer);
    });
    this.next.replaceChildren(form);
    this.next.hidden = false;
    pin.focus();
  }

  compare(file, seen) {
    const { texts, kinds } = this.component.data;
    const groups = seen.sha256.toUpperCase().match(/.{4}/g).map((group) => h("span", {}, group));
    const kind = h("select", { id: "anchor-kind" }, ...Object.entries(kinds).map(([value, label]) => h("option", { value }, label)));
    const compared = h("input", { type: "checkbox", id: "compared" });
    const submit = h("button", { type: "button", className: "primary", disabled: true }, texts.trust);
    compared.addEventListener("change", () => { submit.disabled = !compared.checked; });
    submit.addEventListener("click", async () => {
      submit.disabled = true;
      const query = new URLSearchParams({ kind: kind.value, sha256: seen.sha256 });
      this.finish(await this.post(`/trust-anchors?${query}`, file));
    });
    this.next.replaceChildren(
      h("h3", {}, seen.name),
      h("p", { className: "quiet-text" }, `${texts.valid} ${seen.not_before} – ${seen.not_after}`),
      h("p", {}, texts.compare),
      h("p", { className: "fingerprint" }, ...groups),
      h("div", { className: "field" }, h("label", { htmlFor: "anchor-kind" }, texts.kind), kind),
      h("label", { className: "check" }, compared, h("span", {}, texts.compared)),
      submit,
    );
    this.next.hidden = false;
  }

  say(sentence, kind) {
    this.sentence.className = `sentence ${kind}`;
    this.sentence.textContent = sentence;
  }
}

async function base64(file) {
  let text = "";
  for (const byte of new Uint8Array(await file.arrayBuffer())) text += String.fromCharCode(byte);
  return btoa(text);
}

export default mounted(STYLES, (component) => new CertificateUpload(component));
