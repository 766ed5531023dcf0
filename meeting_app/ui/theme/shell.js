// Around Streamlit's page: the truth about the connection, the way back to the sign-in page, and
// Vietnamese for the few English words that Streamlit itself puts on the screen.
const VIETNAMESE = document.documentElement.lang === "vi";
const WORDS = VIETNAMESE
  ? {
      waiting: "Đang nối lại… Nội dung đã nhập vẫn được giữ trên máy.",
      offline: "Ngoại tuyến. Nội dung đã nhập vẫn được giữ trên máy.",
      back: "Đã nối lại",
    }
  : {
      waiting: "Reconnecting… What you typed is kept on this device.",
      offline: "Offline. What you typed is kept on this device.",
      back: "Connected again",
    };
const LEFTOVERS = {
  "Choose an option": "Chọn một mục",
  "Choose options": "Chọn",
  "Add options": "Thêm mục",
  "No results": "Không tìm thấy",
  "No options to select.": "Không có mục nào",
  "Select all": "Chọn tất cả",
  "Press Enter to submit form": "",
  "Press Enter to apply": "",
  "Press ⌘+Enter to apply": "",
  "Press Ctrl+Enter to apply": "",
  "Show password text": "Hiện mật khẩu",
  "Hide password text": "Ẩn mật khẩu",
  "Clear value": "Xoá",
  "Clear all": "Xoá tất cả",
  Clear: "Xoá",
  Close: "Đóng",
  Search: "Tìm",
  Download: "Tải về",
  "Download as CSV": "Tải về dạng CSV",
  Fullscreen: "Toàn màn hình",
  "Close fullscreen": "Thu nhỏ",
  "Show/hide columns": "Ẩn, hiện cột",
  "Loading...": "Đang tải…",
  open: "mở",
  Open: "Mở danh sách",
  Dismiss: "Đóng",
  Increment: "Tăng",
  Decrement: "Giảm",
  "Increment value": "Tăng",
  "Decrement value": "Giảm",
  "Selected values": "Đã chọn",
  "Choose date": "Chọn ngày",
  "Clear date": "Xoá ngày",
  "Previous month": "Tháng trước",
  "Next month": "Tháng sau",
  "Use arrow keys to navigate dates. Enter to select. Escape to close.": "Phím mũi tên để chuyển ngày, Enter để chọn, Escape để đóng.",
  "Scroll tabs left": "Các thẻ bên trái",
  "Scroll tabs right": "Các thẻ bên phải",
  Pagination: "Các trang",
  "Previous page": "Trang trước",
  "Next page": "Trang sau",
  Notifications: "Thông báo",
  "Markdown content": "Nội dung",
  "Link to heading": "Liên kết tới mục này",
  Next: "Tiếp",
  Empty: "Trống",
  "Page not found": "Không có trang này",
  "The page that you have requested does not seem to exist. Running the app's main page.": "Địa chỉ này không dẫn tới trang nào. Đây là trang Hôm nay.",
  "Skip to main content": "Đến nội dung chính",
};
// What begins in English and ends with something of ours.
const BEGINNINGS = [
  [/^Remove (.+)$/, "Bỏ $1"],
  [/^Page (\d+)$/, "Trang $1"],
  [/^Choose date, (.+)$/, "Chọn ngày, $1"],
  [/^day, (.+)$/, "ngày, $1"],
  [/^month, (.+)$/, "tháng, $1"],
  [/^year, (.+)$/, "năm, $1"],
  [/^Add: (.+)$/, "Thêm: $1"],
  [/^Selected Date: (.+)$/, "Ngày đã chọn: $1"],
  [/^(\d+) options? available\.$/, "$1 mục để chọn."],
];
const SIGN = /^\w+ icon$/; // "schedule icon": the word beside it says what it means

const GRACE = 1200; // ms a connection may be away before anybody is told
const strip = document.createElement("div");
strip.id = "connection";
strip.setAttribute("role", "status");
strip.hidden = true;
let away = 0; // since when (ms), 0 while connected
let told = 0; // timer

function say(state) {
  strip.dataset.state = state;
  strip.textContent = WORDS[state];
  strip.hidden = toldThere();
}

// The live room has a connection of its own and goes on without this page's; the reader says what can be read.
function toldThere() {
  return document.querySelector('[class*="st-key-live_room_"], .st-key-read_head') !== null;
}

function connection(state) {
  clearTimeout(told);
  dispatchEvent(new CustomEvent("connection", { detail: state === "CONNECTED" }));
  if (state === "CONNECTED") {
    if (!strip.hidden) {
      say("back");
      told = setTimeout(() => (strip.hidden = true), 1500);
    }
    away = 0;
    return;
  }
  away ||= Date.now();
  told = setTimeout(() => {
    say(navigator.onLine ? "waiting" : "offline");
    stillSignedIn();
  }, Math.max(0, GRACE - (Date.now() - away)));
}

async function stillSignedIn() {
  try {
    const answer = await fetch("/session", { cache: "no-store" });
    if (answer.status === 401) toSignIn();
  } catch {
    // Unreachable: the strip says so already.
  }
}

function toSignIn() {
  location.assign(`/sign-in?next=${encodeURIComponent(location.pathname + location.search)}`);
}

// Streamlit's dialog about a lost connection makes the page inert, the live room with it: it is kept
// off the screen and its button is pressed, which is what makes Streamlit try again.
function pressRetry(dialog) {
  const heading = dialog.querySelector("h1, h2, h3, [data-testid=stDialogHeader], header");
  if (!dialog.textContent.includes("Connection error") && !heading?.textContent.includes("Connection error")) return;
  dialog.style.setProperty("display", "none", "important");
  dialog.querySelector("button")?.click();
}

const TRANSLATED = ["placeholder", "aria-label", "title"];

function translate(root) {
  if (!VIETNAMESE) return;
  const walker = document.createTreeWalker(root, NodeFilter.SHOW_TEXT);
  for (let node = walker.currentNode; node; node = walker.nextNode()) {
    if (node.nodeType === Node.TEXT_NODE) word(node);
  }
  if (root.nodeType !== Node.ELEMENT_NODE) return;
  for (const element of [root, ...root.querySelectorAll("[placeholder], [aria-label], [title]")]) {
    for (const name of TRANSLATED) attribute(element, name);
  }
}

function vietnamese(text) {
  const whole = LEFTOVERS[text];
  if (whole !== undefined || !text) return whole;
  const found = BEGINNINGS.find(([beginning]) => beginning.test(text));
  return found && text.replace(...found);
}

function word(node) {
  const replaced = vietnamese(node.data.trim());
  // Only what Streamlit wrote: texts of people stand in Markdown containers and components.
  if (replaced !== undefined && !node.parentElement?.closest("[data-testid=stMarkdownContainer]")) node.data = replaced;
}

function attribute(element, name) {
  if (name === "aria-label" && SIGN.test(element.getAttribute(name))) element.setAttribute("aria-hidden", "true");
  const replaced = vietnamese(element.getAttribute(name));
  if (replaced !== undefined) element.setAttribute(name, replaced);
}

function markHere() {
  const here = location.pathname;
  for (const link of document.querySelectorAll(".st-key-ways a")) {
    const at = `/${link.getAttribute("href").replace(/^\.?\//, "")}` === here; // the home page's link is empty
    if (at !== (link.getAttribute("aria-current") === "page")) {
      at ? link.setAttribute("aria-current", "page") : link.removeAttribute("aria-current");
    }
  }
}

function seen(records) {
  for (const record of records) {
    if (record.type === "attributes") {
      if (record.attributeName === "data-test-connection-state") connection(record.target.dataset.testConnectionState);
      else attribute(record.target, record.attributeName);
    } else if (record.type === "characterData") {
      if (VIETNAMESE) word(record.target);
    } else {
      for (const node of record.addedNodes) arrived(node);
    }
  }
  markHere();
}

function arrived(node) {
  if (node.nodeType === Node.TEXT_NODE) {
    if (VIETNAMESE) word(node);
    return;
  }
  if (node.nodeType !== Node.ELEMENT_NODE) return;
  if (node.matches(".st-key-signed_out") || node.querySelector(".st-key-signed_out")) toSignIn();
  for (const dialog of [node, ...node.querySelectorAll("[role=dialog]")]) {
    if (dialog.matches("[role=dialog], [data-testid=stDialog]")) pressRetry(dialog);
  }
  const app = node.matches("[data-testid=stApp]") ? node : node.querySelector("[data-testid=stApp]");
  if (app) connection(app.dataset.testConnectionState);
  translate(node);
}

document.body.append(strip);
new MutationObserver(seen).observe(document.body, {
  childList: true,
  subtree: true,
  characterData: VIETNAMESE,
  attributes: true,
  attributeFilter: ["data-test-connection-state", ...(VIETNAMESE ? TRANSLATED : [])],
});
addEventListener("online", () => away && say("waiting"));
addEventListener("offline", () => say("offline"));
addEventListener("popstate", markHere);
// A page kept in the browser's memory may belong to somebody who has signed out since.
addEventListener("pageshow", (event) => event.persisted && stillSignedIn());
