// What our components share: elements from plain text, style sheets, one life per instance, answers of the server.

/** An element; properties are set as such, `class`, `role`, aria-… and data-… as attributes, children are text or elements. */
export function h(tag, properties = {}, ...children) {
  const element = document.createElement(tag);
  for (const [name, value] of Object.entries(properties)) {
    if (value === undefined || value === null) continue;
    if (name in element && !name.includes("-")) element[name] = value;
    else element.setAttribute(name === "className" ? "class" : name, value);
  }
  element.append(...children.filter((child) => child !== null && child !== undefined));
  return element;
}

/** "Page {n} of {m}" with its places filled. */
export function fill(text, values) {
  return text.replace(/\{(\w+)\}/g, (place, name) => (name in values ? String(values[name]) : place));
}

const sheets = new Map();

/** A style sheet beside a module, loaded once and shared by all instances. */
export function styleSheet(name, module) {
  const address = new URL(name, module).href;
  if (!sheets.has(address)) {
    const loading = fetch(address).then(async (answer) => {
      if (!answer.ok) throw new Error(`${address}: ${answer.status}`);
      const sheet = new CSSStyleSheet();
      sheet.replaceSync(await answer.text());
      return sheet;
    });
    sheets.set(address, loading);
    loading.catch(() => sheets.delete(address));
  }
  return sheets.get(address);
}

/**
 * The default export of a component. `create(component)` builds it once and returns
 * {update(component)?, destroy()?}; Streamlit calls the export again with every change of the data,
 * and the cleanup also when a run was merely overtaken: only what left the page is destroyed.
 */
export function mounted(styles, create) {
  const instances = new WeakMap();
  return async (component) => {
    const root = component.parentElement;
    const adopted = await Promise.all(styles);
    if (root.adoptedStyleSheets !== undefined) root.adoptedStyleSheets = adopted;
    let instance = instances.get(root);
    if (instance) instance.update?.(component);
    else {
      instance = create(component) ?? {};
      instances.set(root, instance);
    }
    return () =>
      setTimeout(() => {
        if (root.host?.isConnected ?? root.isConnected) return;
        if (instances.get(root) === instance) {
          instances.delete(root);
          instance.destroy?.();
        }
      });
  };
}

/**
 * Send something to the server: {ok, status, content}. `status` 0 means that it was not reached;
 * `content.sentence` then is `texts.unreachable`. Whoever is signed out goes to the sign-in page.
 */
export async function send(path, content, texts, options = {}) {
  let answer;
  try {
    answer = await fetch(path, {
      method: "POST",
      headers: { "Content-Type": "application/json" },
      body: JSON.stringify(content),
      ...options,
    });
  } catch {
    return { ok: false, status: 0, content: { sentence: texts.unreachable } };
  }
  if (answer.status === 401 && options.stays === undefined) toSignIn();
  let body = {};
  try {
    if (answer.status !== 204) body = await answer.json();
  } catch {
    body = { sentence: texts.unreachable };
  }
  return { ok: answer.ok, status: answer.status, content: body };
}

export function toSignIn() {
  location.assign(`/sign-in?next=${encodeURIComponent(location.pathname + location.search)}`);
}
