// The points of a curve in the browser: appended in numbered batches, so that a gap is noticed and asked for again.

/**
 * @typedef {{ name: string, right: boolean, x: Float32Array, y: Float32Array, kept: number, count: number,
 *   smooth: Float32Array, weight: number, average: number }} Curve
 */

/** The weight of the past in the running average: about the last twenty points. */
const PAST = 0.9;

export class CurveStore {
  constructor() {
    /** @type {Map<string, Curve>} */
    this.curves = new Map();
    this.generation = -1;
    /** @type {any} */
    this.status = null;
  }

  /** Append a batch. @returns {boolean} false where points before it are missing */
  append(content, numbers) {
    this.begin(content.generation);
    this.status = content.status;
    let at = 0;
    let complete = true;
    for (const { name, right, start, count } of content.parts) {
      const curve = this.curve(name, right);
      if (start > curve.count) complete = false;
      else for (let k = curve.count - start; k < count; k++) push(curve, numbers[at + k], numbers[at + count + k]);
      if (start <= curve.count) curve.count = Math.max(curve.count, start + count);
      at += 2 * count;
    }
    return complete;
  }

  /** Take a saved picture, wherever it knows more than we do. */
  load(saved, numbers) {
    if (!saved?.parts || saved.generation < this.generation) return;
    this.begin(saved.generation);
    this.status = saved.status;
    let at = 0;
    for (const { name, right, count, kept } of saved.parts) {
      const curve = this.curve(name, right);
      if (count > curve.count) {
        Object.assign(curve, empty(name, right), { count });
        for (let k = 0; k < kept; k++) push(curve, numbers[at + k], numbers[at + kept + k]);
      }
      at += 2 * kept;
    }
  }

  begin(generation) {
    if (generation === this.generation) return;
    this.generation = generation;
    this.curves.clear();
  }

  curve(name, right) {
    let curve = this.curves.get(name);
    if (!curve) this.curves.set(name, (curve = empty(name, right)));
    return curve;
  }
}

function empty(name, right) {
  const room = () => new Float32Array(256);
  return { name, right, x: room(), y: room(), smooth: room(), kept: 0, count: 0, weight: 0, average: 0 };
}

function push(curve, x, y) {
  if (curve.kept === curve.x.length)
    for (const key of ["x", "y", "smooth"]) {
      const grown = new Float32Array(2 * curve.kept);
      grown.set(curve[key]);
      curve[key] = grown;
    }
  if (Number.isFinite(y)) {
    // Divided by the weights so far, so that the average does not begin at zero.
    curve.average = PAST * curve.average + (1 - PAST) * y;
    curve.weight = PAST * curve.weight + (1 - PAST);
  }
  curve.x[curve.kept] = x;
  curve.y[curve.kept] = y;
  curve.smooth[curve.kept] = Number.isFinite(y) ? curve.average / curve.weight : y;
  curve.kept += 1;
}

/** The number of the point nearest to x. @param {Curve} curve @param {number} x */
export function nearest(curve, x) {
  let low = 0;
  let high = curve.kept - 1;
  while (low < high) {
    const middle = (low + high) >> 1;
    if (curve.x[middle] < x) low = middle + 1;
    else high = middle;
  }
  return low > 0 && x - curve.x[low - 1] < curve.x[low] - x ? low - 1 : low;
}
