// The verdict on a signed file: one large line, then one card of facts for each signature.
import { h } from "./dom.js";

const SIGN = { valid: "✓", invalid: "✕", unconfirmed: "?" };

/** `facts` is what the server answers: {verdict, label, reasons, signatures: [{signer, verdict, label, reasons, rows}]}. */
export function verdict(facts, texts) {
  const whole = h("div", { className: "verdict" }, line(facts, "p"), reasons(facts.reasons));
  for (const each of facts.signatures) {
    const rows = h("dl");
    for (const [name, value] of each.rows) rows.append(h("dt", {}, name), h("dd", {}, value));
    whole.append(
      h("section", { className: "card signature", "aria-label": `${texts.signature}: ${each.signer}` }, h("h3", {}, each.signer), line(each, "p"), reasons(each.reasons), rows),
    );
  }
  return whole;
}

function line(judged, tag) {
  return h(tag, { className: `judged ${judged.verdict}` }, h("span", { "aria-hidden": "true" }, SIGN[judged.verdict] ?? "?"), judged.label);
}

function reasons(sentences) {
  if (!sentences.length) return null;
  return h("ul", { className: "reasons" }, ...sentences.map((sentence) => h("li", {}, sentence)));
}
