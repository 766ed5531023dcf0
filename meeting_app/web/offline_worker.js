// When the server does not answer at all, a small page of ours opens the papers that were taken along.
const SHELL = "offline-$version";
const PAGE = "/offline?lang=$language";
const ASSETS = new Set($assets);
const AWAY = [502, 503, 504]; // a door whose house does not answer
const PATIENCE = 10000; // ms

addEventListener("install", (event) => {
  event.waitUntil(take().then(() => skipWaiting()));
});

addEventListener("activate", (event) => {
  event.waitUntil(forgetOld().then(() => clients.claim()));
});

addEventListener("fetch", (event) => {
  const { request } = event;
  const { origin, pathname } = new URL(request.url);
  if (request.method !== "GET" || origin !== location.origin) return;
  if (request.mode === "navigate") event.respondWith(opened(request));
  else if (ASSETS.has(pathname)) event.respondWith(asset(request));
});

async function take() {
  const shell = await caches.open(SHELL);
  await shell.addAll([PAGE, ...ASSETS]);
}

async function forgetOld() {
  const names = await caches.keys();
  await Promise.all(names.filter((name) => name.startsWith("offline-") && name !== SHELL).map((name) => caches.delete(name)));
}

async function opened(request) {
  try {
    const answer = await Promise.race([fetch(request), late()]);
    if (answer && !AWAY.includes(answer.status)) return answer;
  } catch {
    // No network, or no server.
  }
  return (await (await caches.open(SHELL)).match(PAGE)) ?? Response.error();
}

async function asset(request) {
  const kept = await (await caches.open(SHELL)).match(request);
  return kept ?? fetch(request);
}

function late() {
  return new Promise((resolve) => setTimeout(resolve, PATIENCE));
}
