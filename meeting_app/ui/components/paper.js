// Pages of a paper as images, one below the other; a place on one of them can be marked.
import { fill, h } from "./dom.js";

const POINTS = { width: 595.28, height: 841.89 }; // A4, what all our own papers are printed on
const WIDE = 1.25; // from this many device pixels per CSS pixel on, the wide image is worth its bytes

/**
 * `address(page, width)` gives an image; `mark` is {page, x, y, width, height} in PDF points from the
 * lower left corner, or null.
 */
export function paper({ pages, address, mark, texts }) {
  const figure = h("div", { className: "paper", tabIndex: 0, role: "region", "aria-label": texts.paper });
  for (let page = 0; page < pages; page += 1) {
    const image = h("img", {
      alt: fill(texts.page, { n: page + 1, m: pages }),
      width: 800,
      height: Math.round((800 * POINTS.height) / POINTS.width),
      loading: page === (mark?.page ?? 0) ? "eager" : "lazy",
      decoding: "async",
      draggable: false,
    });
    image.srcset = `${address(page, 800)} 800w, ${address(page, 1200)} 1200w, ${address(page, 2000)} 2000w`;
    image.sizes = devicePixelRatio > WIDE ? "800px" : "640px";
    image.src = address(page, 800);
    const sheet = h("div", { className: "sheet" }, image);
    image.addEventListener("error", () => sheet.replaceChildren(h("p", { className: "lost" }, texts.page_lost)), { once: true });
    if (mark?.page === page) sheet.append(place(mark, texts));
    figure.append(sheet);
  }
  return figure;
}

/** Scroll a paper so that its mark stands in the middle, without moving the page around it. */
export function bringIntoView(figure) {
  const mark = figure.querySelector(".mark");
  if (!mark) return;
  const offset = mark.getBoundingClientRect().top - figure.getBoundingClientRect().top + figure.scrollTop;
  figure.scrollTop = offset - (figure.clientHeight - mark.offsetHeight) / 2;
}

function place(mark, texts) {
  const box = h("div", { className: "mark", role: "img", "aria-label": texts.mark }, h("span", {}, texts.mark));
  const percent = (value, whole) => `${(100 * value) / whole}%`;
  box.style.left = percent(mark.x, POINTS.width);
  box.style.bottom = percent(mark.y, POINTS.height);
  box.style.width = percent(mark.width, POINTS.width);
  box.style.height = percent(mark.height, POINTS.height);
  return box;
}
