// When to draw: many changes within one frame are one drawing, and drawing leaves the device time for fingers.

const SHARE = 3; // rest at least so many times as long as the last drawing took
const HIDDEN = 300; // ms, where no frame comes: a page that nobody looks at

export class Drawing {
  constructor(draw) {
    this.draw = draw;
    this.took = this.ended = 0; // ms
    this.count = 0;
  }

  soon() {
    if (this.due) return;
    const rest = this.ended + this.took * SHARE - performance.now();
    const begin = () => {
      this.due = setTimeout(() => this.now(), HIDDEN);
      this.frame = requestAnimationFrame(() => this.now());
    };
    if (rest > 16) this.due = setTimeout(begin, rest);
    else begin();
  }

  now() {
    this.stop();
    const began = performance.now();
    this.draw();
    this.ended = performance.now();
    this.took = this.ended - began;
    this.count += 1;
  }

  stop() {
    clearTimeout(this.due);
    cancelAnimationFrame(this.frame);
    this.due = this.frame = null;
  }
}
