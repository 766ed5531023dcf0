// What keeps a wall calm: it does not sleep, shows no cursor, and fills the screen.

const STILL = 3000; // ms until the cursor goes

/** Hold the display awake where the browser can; it forgets that whenever the page was hidden. */
export function stayAwake() {
  const hold = () => {
    if (document.visibilityState === "visible") navigator.wakeLock?.request("screen").catch(() => {});
  };
  document.addEventListener("visibilitychange", hold);
  hold();
}

export function hideCursor() {
  let timer;
  const show = () => {
    document.body.classList.remove("still");
    clearTimeout(timer);
    timer = setTimeout(() => document.body.classList.add("still"), STILL);
  };
  addEventListener("pointermove", show);
  show();
}

/** Browsers fill the screen only when they are touched; a refusal leaves all as it is. */
export function fillOnTouch() {
  addEventListener("pointerdown", () => {
    if (!document.fullscreenElement) document.documentElement.requestFullscreen?.().catch(() => {});
  });
}
