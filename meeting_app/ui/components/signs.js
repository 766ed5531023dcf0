// Drawn signs that stand beside words.

const SHAPES = {
  check: "M4 12.5l5.5 5.5L20 6.5",
  list: "M8 6h12M8 12h12M8 18h12M3.5 6h.01M3.5 12h.01M3.5 18h.01",
  document: "M6 2.5h8l4.5 4.5v14.5h-12.5zM13.5 3v4.500h4.500M9 12h6.500M9 16h6.500",
  people: "M9 11.500a4 4 0 1 0 0-8 4 4 0 0 0 0 8zM2 20.500c0-4 3-6.500 7-6.500s7 2.500 7 6.500M16 4.200a4 4 0 0 1 0 7.100M18 14.500c2.500.8 4 3 4 6",
  back: "M15 4.500l-7.500 7.500 7.500 7.500",
  next: "M9 4.500l7.500 7.500-7.500 7.500",
  grip: "M9 5.500h.01M15 5.500h.01M9 12h.01M15 12h.01M9 18.500h.01M15 18.500h.01",
  up: "M4.500 15l7.500-7.500 7.500 7.500",
  down: "M4.500 9l7.500 7.500 7.500-7.500",
  close: "M5 5l14 14M19 5L5 19",
  widen: "M8.500 3.500h-5v5M15.500 3.500h5v5M8.500 20.500h-5v-5M15.500 20.500h5v-5",
  plus: "M12 4.500v15M4.500 12h15",
  minus: "M4.500 12h15",
  swipe: "M3.500 4.500h7v15h-7zM13.500 4.500h7v15h-7z",
  contents: "M4 6h3M4 12h3M4 18h3M10 6h10M10 12h10M10 18h10",
  find: "M10.500 17a6.500 6.500 0 1 0 0-13 6.500 6.500 0 0 0 0 13zM15.500 15.500l5 5",
  view: "M4 7h9M17 7h3M15 5v4M4 12h3M11 12h9M9 10v4M4 17h9M17 17h3M15 15v4",
  tablet: "M6 2.500h12v19h-12zM12 6v7M9 10.500l3 3 3-3M10.500 18.500h3",
  pen: "M4 20l1-4.500L16.500 4 20 7.500 8.500 19zM14 6.500l3.500 3.500",
  marker: "M8.500 14.500L17 4.500l4 3.500-8.500 10-4.500.5zM8.500 14.500L7 19M3 20.500h7",
  eraser: "M9 19.500L3.500 14 13.500 4l7 7-8.500 8.500zM8.500 9l7 7M9 19.500h11.500",
  note: "M4 4h16v11.500L15.500 20H4zM20 15.500h-4.500V20M8 9h8M8 13h5",
  undo: "M4 9.500h10a5.500 5.500 0 0 1 0 11H9M8.500 5L4 9.500 8.500 14",
  redo: "M20 9.500H10a5.500 5.500 0 0 0 0 11h5M15.500 5L20 9.500 15.500 14",
  follow: "M12 15a3 3 0 1 0 0-6 3 3 0 0 0 0 6zM12 3v3M12 18v3M3 12h3M18 12h3",
  lead: "M3 4.500h18v11H3zM12 15.500v5M8 20.500h8M10 7.500l4.500 2.500-4.500 2.500z",
  screen: "M3 4.500h18v11H3zM12 15.500v5M8 20.500h8",
  point: "M6 3l12 10.500-5.500.5 3 6-2.500 1-2.500-6L6 18.500z",
  desk: "M3.500 6h17M3.500 12h17M3.500 18h17M8 3.500v5M16 9.500v5M10 15.500v5",
  hand: "M7 12.500V6.500a1.500 1.500 0 0 1 3 0v4.500M10 11V4.500a1.500 1.500 0 0 1 3 0V11M13 11V5.500a1.500 1.500 0 0 1 3 0V12M16 12V8.500a1.500 1.500 0 0 1 3 0V15a6.500 6.500 0 0 1-6.500 6.500c-2.500 0-4-1-5.500-3.500L4 13.500a1.500 1.500 0 0 1 2.500-1.500L8 14",
  bell: "M6 16.500v-6a6 6 0 0 1 12 0v6l1.500 2h-15zM10 21h4",
  more: "M5 12h.01M12 12h.01M19 12h.01",
  ballot: "M4 12.500v8h16v-8M4 12.500l2.500-4h11l2.500 4M9 3.500h8v9H9zM11 8l1.500 1.500 2.500-3",
  seal: "M12 3l7 3v5.500c0 4.500-3 7.500-7 9.500-4-2-7-5-7-9.500V6zM8.500 12l2.500 2.500 4.500-5",
  key: "M14.500 13a4.500 4.500 0 1 0-4-2.500L4 17v3h3l1-1v-2h2v-2h1.500z",
  message: "M4 4.500h16v12h-9l-4.500 4v-4H4zM8 9h8M8 12.500h5",
  file: "M12 3.500v11M7.500 10.500l4.500 4.500 4.500-4.500M4.500 20h15",
};

/** A drawn sign beside a word; screen readers hear the word only. */
export function sign(name) {
  const svg = document.createElementNS("http://www.w3.org/2000/svg", "svg");
  svg.setAttribute("viewBox", "0 0 24 24");
  svg.setAttribute("class", "sign");
  svg.setAttribute("aria-hidden", "true");
  const path = document.createElementNS("http://www.w3.org/2000/svg", "path");
  path.setAttribute("d", SHAPES[name]);
  svg.append(path);
  return svg;
}
