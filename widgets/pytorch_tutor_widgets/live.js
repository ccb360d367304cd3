// What the live widgets share: messages that the kernel hears while a cell runs, and numbers for people.

let counter = 0;

/**
 * Send a request to the kernel. Its id lets the kernel obey it once, though it may hear it twice (early, and in its turn).
 * @param {any} model @param {Record<string, unknown>} content
 */
export function ask(model, content) {
  counter += 1;
  model.send({ ...content, id: `${Date.now().toString(36)}-${Math.random().toString(36).slice(2, 8)}-${counter}` });
}

/** The bytes of a message or of a saved trait, copied, because a view may begin at an odd place. @param {any} buffer */
export function bytesOf(buffer) {
  if (!buffer?.byteLength) return new Uint8Array(0);
  return buffer instanceof ArrayBuffer ? new Uint8Array(buffer) : new Uint8Array(buffer.buffer, buffer.byteOffset, buffer.byteLength).slice();
}

/** The same as float32. */
export function floats(buffer) {
  return new Float32Array(bytesOf(buffer).buffer);
}

/** A number with at most four significant digits. @param {number} value */
export function short(value) {
  if (value === null || value === undefined) return "–";
  if (!Number.isFinite(value)) return Number.isNaN(value) ? "NaN" : value > 0 ? "∞" : "−∞";
  const size = Math.abs(value);
  const text = size !== 0 && (size >= 1e6 || size < 1e-3) ? value.toExponential(2) : String(Number(value.toPrecision(4)));
  return text.replace("e+", "e").replace("-", "−").replace("e-", "e−");
}

/** The same, with as few digits as an axis needs. @param {number} value */
export function tick(value) {
  const size = Math.abs(value);
  if (size !== 0 && (size >= 1e6 || size < 1e-3)) return value.toExponential(0).replace("e+", "e").replace(/-/g, "−");
  return String(Number(value.toPrecision(6))).replace("-", "−");
}

/**
 * Call `draw` at most once per frame, and not while nobody can see it.
 * @param {() => void} draw @returns {{ soon: () => void, stop: () => void }}
 */
export function onceAFrame(draw) {
  let waiting = 0;
  return {
    soon: () => {
      waiting ||= requestAnimationFrame(() => {
        waiting = 0;
        draw();
      });
    },
    stop: () => cancelAnimationFrame(waiting),
  };
}
