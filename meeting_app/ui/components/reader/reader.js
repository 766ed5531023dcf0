// Reading a document or a paper on a page of its own.
import { mounted, styleSheet } from "../dom.js";
import { Annotating } from "../reading/annotating.js";
import { Keeping } from "../reading/keeping.js";
import { Reader } from "../reading/reader.js";
import { sourceOf, sourceOfPaper } from "../reading/source.js";

const STYLES = ["../base.css", "../reading/reading.css", "../reading/writing.css", "reader.css"].map((name) => styleSheet(name, import.meta.url));

class ReadingPage {
  constructor(component) {
    const { data, parentElement } = component;
    const usualMode = matchMedia("(pointer: coarse)").matches ? "swipe" : "flow";
    this.reader = new Reader({ data, usualMode });
    const { store } = this.reader;
    this.annotating = new Annotating(this.reader, { account: data.account, meeting: data.meeting ?? null, go: (line) => this.#leave(line) });
    this.reader.tools.add(this.annotating.control);
    if (data.meeting) {
      this.keeping = new Keeping(this.reader, { store, meeting: data.meeting, widths: data.widths, language: data.language });
      this.reader.view.add(this.keeping.node);
    }
    parentElement.append(this.reader.node);
    this.fit = () => this.#fit();
    addEventListener("resize", this.fit);
    requestAnimationFrame(this.fit);
    this.update(component, data.page);
    this.reader.on("page", (page) => this.#address(page));
    // Keys work wherever nothing else has the focus.
    this.key = (event) => event.target === document.body && this.reader.key(event);
    addEventListener("keydown", this.key);
    // The page's own connection, of which the shell tells, says earlier than a missing image that nobody answers.
    this.shell = ({ detail: connected }) => !connected && this.reader.connection.doubt();
    addEventListener("connection", this.shell);
    store.check();
  }

  /** To a page of another document. */
  #leave({ document_id: document, page }) {
    location.assign(`/read?${new URLSearchParams({ document, page: page + 1 })}`);
  }

  /** Down to the end of the screen: the tools are there without scrolling. */
  #fit() {
    const { node } = this.reader;
    const main = document.querySelector("[data-testid=stMain]");
    if (this.reader.wide) return;
    const top = node.getBoundingClientRect().top + (main?.scrollTop ?? 0);
    node.style.setProperty("--above", `${Math.round(top)}px`);
  }

  /** The address names the page: a reload, a bookmark or a link sent on leads back to it. */
  #address(page) {
    const address = new URL(location.href);
    if (!address.searchParams.has("document")) return;
    address.searchParams.set("page", String(page + 1));
    history.replaceState(history.state, "", address);
  }

  /** Streamlit runs again: more pages may be there, or another document is asked for. */
  update({ data }, page = null) {
    const { document, paper } = data;
    this.reader.show(document ? sourceOf(document) : sourceOfPaper(paper), page);
  }

  destroy() {
    removeEventListener("keydown", this.key);
    removeEventListener("connection", this.shell);
    removeEventListener("resize", this.fit);
    this.annotating.close();
    this.reader.close();
  }
}

export default mounted(STYLES, (component) => new ReadingPage(component));
