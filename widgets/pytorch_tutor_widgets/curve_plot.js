// From numbers to paths: scales, ticks, and a thinning by pixel columns that keeps every peak.

/**
 * A range of numbers laid on a range of pixels.
 * @param {number} low @param {number} high @param {number} from @param {number} to @param {boolean} log
 */
export function scale(low, high, from, to, log) {
  const warp = log ? Math.log10 : (value) => value;
  const [a, b] = [warp(low), warp(high)];
  const factor = (to - from) / (b - a || 1);
  const place = (value) => from + (warp(value) - a) * factor;
  place.invert = (pixel) => (log ? 10 ** ((pixel - from) / factor + a) : (pixel - from) / factor + a);
  place.ticks = log ? logTicks(low, high) : ticks(low, high);
  return place;
}

/** A step of 1, 2 or 5 times a power of ten, about `count` of them in the range. */
function niceStep(span, count) {
  const raw = span / count;
  const power = 10 ** Math.floor(Math.log10(raw));
  return power * ([1, 2, 5, 10].find((step) => step * power >= raw * 0.999) ?? 10);
}

function ticks(low, high, count = 5) {
  const step = niceStep(high - low, count);
  const found = [];
  for (let k = Math.ceil(low / step - 1e-9); k * step <= high + step * 1e-9; k++) found.push(k * step);
  return found;
}

function logTicks(low, high) {
  const found = [];
  const decades = Math.log10(high / low);
  const steps = decades > 3 ? [1] : decades > 1 ? [1, 3] : [1, 2, 3, 5, 7];
  const skip = Math.max(1, Math.ceil(decades / 6));
  for (let power = Math.floor(Math.log10(low)); power <= Math.log10(high); power += skip)
    for (const step of steps) if (step * 10 ** power >= low * 0.999 && step * 10 ** power <= high * 1.001) found.push(step * 10 ** power);
  return found;
}

/** The ends of an axis: rounded outwards, so that the picture does not rescale with every point. */
export function roundRange(low, high, log) {
  if (!(low <= high)) return log ? [0.1, 1] : [0, 1];
  if (log) return low === high ? [low / 2, high * 2] : [low / (high / low) ** 0.04, high * (high / low) ** 0.04];
  if (low === high) return low === 0 ? [-1, 1] : [low - Math.abs(low) * 0.1, high + Math.abs(high) * 0.1];
  const step = niceStep(high - low, 10);
  return [Math.floor(low / step) * step, Math.ceil(high / step) * step];
}

/** The right end of the x axis: grows in strides, up to the end of the run where that is known. */
export function roundEnd(last, end) {
  const power = 10 ** Math.floor(Math.log10(Math.max(1, last)));
  const nice = [1, 1.5, 2, 3, 4, 5, 6, 8, 10].map((step) => step * power).find((value) => value >= last) ?? last;
  return end && end >= last ? Math.min(nice, end) : nice;
}

/**
 * A curve as the `d` of a path. Where several points share a pixel column, its first, lowest, highest and last are drawn.
 * Points that are not finite (or not positive on a log scale) leave a hole.
 * @param {Float32Array} xs @param {Float32Array} ys @param {number} count
 */
export function path(xs, ys, count, sx, sy, log) {
  let d = "";
  let pen = false;
  let column = NaN;
  let [first, low, high, last] = [0, 0, 0, 0];
  const at = (value) => sy(value).toFixed(1);
  const flush = () => {
    if (Number.isNaN(column)) return;
    d += `${pen ? "L" : "M"}${column} ${at(first)}`;
    if (low !== high) d += `V${at(low)}V${at(high)}V${at(last)}`;
    pen = true;
    column = NaN;
  };
  for (let k = 0; k < count; k++) {
    const y = ys[k];
    if (!Number.isFinite(y) || (log && y <= 0)) {
      flush();
      pen = false;
      continue;
    }
    const pixel = Math.round(sx(xs[k]) * 2) / 2;
    if (pixel !== column) {
      flush();
      column = pixel;
      first = low = high = y;
    }
    if (y < low) low = y;
    if (y > high) high = y;
    last = y;
  }
  flush();
  return d;
}

const SHAPES = ["m-3 0a3 3 0 1 0 6 0a3 3 0 1 0-6 0", "m-3-3h6v6h-6z", "m0-4 3.8 6.6h-7.6z", "m0-4 4 4-4 4-4-4z", "m-4-1h3v-3h2v3h3v2h-3v3h-2v-3h-3z", "m0 4 3.8-6.6h-7.6z"];

/** A mark at a point; its shape tells curves apart where colour cannot. */
export function mark(x, y, shape) {
  return `M${x.toFixed(1)} ${y.toFixed(1)}${SHAPES[shape % SHAPES.length]}`;
}
