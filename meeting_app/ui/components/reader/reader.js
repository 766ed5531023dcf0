// Reading a document or a paper on a page of its own.
import { mounted, styleSheet } from "../dom.js";
import { Reader } from "../reading/reader.js";
import { sourceOf, sourceOfPaper } from "../reading/source.js";

const STYLES = ["../base.css", "../reading/reading.css", "reader.css"].map((name) => styleSheet(name, import.meta.url));

class ReadingPage {
  constructor(component) {
    this.reader = new Reader({ data: component.data });
    component.parentElement.append(this.reader.node);
    this.update(component, component.data.page);
  }

  /** Streamlit runs again: more pages may be there, or another document is asked for. */
  update({ data }, page = null) {
    const { document, paper } = data;
    this.reader.show(document ? sourceOf(document) : sourceOfPaper(paper), page);
  }

  destroy() {
    this.reader.close();
  }
}

export default mounted(STYLES, (component) => new ReadingPage(component));
