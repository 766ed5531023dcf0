// Strokes: whole ten-thousandths of the page, [x, y, pressure, x, y, pressure, …], painted as smooth lines
// whose width follows the pressure. pdf/take_home.py paints the same lines for the copy that is taken home.

export const WHOLE = 10000;
export const MOST_POINTS = 1900; // of one stroke; the server takes 2000
const APART = 10; // ten-thousandths two points must lie apart to count
const LEVELS = 5; // bits of pressure that do not change the width

export const INKS = { blue: "#1746b8", red: "#c2160f", green: "#0a6b35", black: "#14181f", yellow: "#b07d00" };
export const MARKS = { blue: "#b9dcff", red: "#ffc4c0", green: "#b4f0bd", black: "#d3d7dd", yellow: "#ffe45c" };
export const PEN_WIDTH = 26; // ten-thousandths of the page's width: half a millimetre on A4
export const MARK_WIDTH = 210;

/** How wide a line of this width is under a pressure of 0 to 255. */
export function widthAt(width, pressure) {
  return width * (0.45 + (1.1 * pressure) / 255);
}

/** A new point, unless it lies on the last one. */
export function extend(points, x, y, pressure) {
  const end = points.length;
  const px = Math.min(WHOLE, Math.max(0, Math.round(x)));
  const py = Math.min(WHOLE, Math.max(0, Math.round(y)));
  if (end && Math.hypot(px - points[end - 3], py - points[end - 2]) < APART) return false;
  points.push(px, py, Math.min(255, Math.max(0, Math.round(pressure))));
  return true;
}

/**
 * Paint a stroke from its `from`-th point on. `sx` and `sy` are canvas pixels per ten-thousandth; around each
 * point a curve runs from the middle before it to the middle behind it, as wide as the hand pressed there.
 */
export function paint(context, points, { width, sx, sy, from = 0 }) {
  const count = points.length / 3;
  const x = (place) => points[3 * place] * sx;
  const y = (place) => points[3 * place + 1] * sy;
  context.lineCap = context.lineJoin = "round";
  let level = null;
  for (let place = Math.max(0, from); place < count; place += 1) {
    const here = points[3 * place + 2] >> LEVELS;
    if (here !== level) {
      if (level !== null) context.stroke();
      level = here;
      context.beginPath();
      context.lineWidth = widthAt(width, points[3 * place + 2]) * sx;
      if (place === 0) context.moveTo(x(0), y(0));
      else context.moveTo((x(place - 1) + x(place)) / 2, (y(place - 1) + y(place)) / 2);
    }
    const last = place === count - 1;
    const endX = last ? x(place) : (x(place) + x(place + 1)) / 2;
    const endY = last ? y(place) : (y(place) + y(place + 1)) / 2;
    if (place === 0) context.lineTo(endX, endY);
    else context.quadraticCurveTo(x(place), y(place), endX, endY);
  }
  context.stroke();
}

/** A band of one width, as a marker draws it: overlapping itself it grows no darker. */
export function paintBand(context, points, { width, sx, sy }) {
  paint(context, points.map((value, place) => (place % 3 === 2 ? 128 : value)), { width, sx, sy });
}

/** Whether a stroke passes a place (canvas pixels) within `reach`. */
export function passes(points, place, { sx, sy, reach }) {
  for (let index = 0; index < points.length; index += 3) {
    const from = { x: points[index] * sx, y: points[index + 1] * sy };
    const next = index + 3 < points.length ? { x: points[index + 3] * sx, y: points[index + 4] * sy } : from;
    if (distance(place, from, next) <= reach) return true;
  }
  return false;
}

function distance(place, from, to) {
  const dx = to.x - from.x;
  const dy = to.y - from.y;
  const length = dx * dx + dy * dy;
  const part = length ? Math.min(1, Math.max(0, ((place.x - from.x) * dx + (place.y - from.y) * dy) / length)) : 0;
  return Math.hypot(place.x - from.x - part * dx, place.y - from.y - part * dy);
}
