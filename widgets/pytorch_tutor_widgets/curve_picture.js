// The picture of a LossCurve: axes, curves, marks, and a reading line that follows the pointer or the arrow keys.

import { svg, el } from "./shared/dom.js";
import { short, tick } from "./live.js";
import { nearest } from "./curve_store.js";
import { mark, path, roundEnd, roundRange, scale } from "./curve_plot.js";

const HEIGHT = 250;
const TOP = 10;
const BOTTOM = 34;

/**
 * @param {any} model @param {any} common @param {(key: string, values?: Record<string, unknown>) => string} say
 * @param {() => void} changed
 */
export function curvePicture(model, common, say, changed) {
  const grid = svg("g", { class: "pt-curve-grid" });
  const lines = svg("g", {});
  const cursorLine = svg("path", { class: "pt-curve-cursor" });
  const dots = svg("g", {});
  const picture = svg("svg", { class: "pt-curve-svg", height: HEIGHT, "aria-hidden": "true" }, grid, lines, cursorLine, dots);
  const empty = el("p", { class: "pt-curve-empty pt-muted", text: say("nothing") });
  const node = el("div", { class: "pt-curve-plot", role: "slider", tabindex: "0", "aria-orientation": "horizontal", "data-key": "plot" }, picture, empty);
  let width = 640;
  let cursor = null;
  let sx = null;

  const visible = () => [...common.store.curves.values()].map((curve, index) => ({ curve, index })).filter(({ curve }) => curve.kept && !common.hidden.has(curve.name));

  function smoothed(curve) {
    return model.get("smooth") && curve.count > 20;
  }

  function range(shown, log) {
    let [low, high] = [Infinity, -Infinity];
    for (const { curve } of shown)
      for (let k = 0; k < curve.kept; k++) {
        const y = curve.y[k];
        if (y < low && y > (log ? 0 : -Infinity)) low = y;
        if (y > high && y < Infinity) high = y;
      }
    return roundRange(low, high, log);
  }

  function axis(place, x, anchor, extra) {
    return place.ticks.flatMap((value) => [
      extra && svg("path", { d: `M${extra[0]} ${place(value).toFixed(1)}H${extra[1]}` }),
      svg("text", { x, y: (place(value) + 4).toFixed(1), "text-anchor": anchor }, tick(value)),
    ]);
  }

  function draw() {
    const shown = visible();
    const [left, right] = [shown.filter(({ curve }) => !curve.right), shown.filter(({ curve }) => curve.right)];
    const log = Boolean(model.get("log"));
    empty.hidden = common.store.curves.size > 0;
    picture.style.display = empty.hidden ? "" : "none";
    picture.setAttribute("width", String(width));
    picture.setAttribute("viewBox", `0 0 ${width} ${HEIGHT}`);
    const [x0, x1] = [54, width - (right.length ? 50 : 16)];
    const firsts = shown.map(({ curve }) => curve.x[0]);
    const first = firsts.length ? Math.min(...firsts) : 0;
    const last = Math.max(first + 1, ...shown.map(({ curve }) => curve.x[curve.kept - 1]));
    sx = scale(Math.min(first, 0), roundEnd(last, common.store.status?.end), x0, x1, false);
    const places = { left: null, right: null };
    if (left.length) places.left = scale(...range(left, log), HEIGHT - BOTTOM, TOP, log);
    if (right.length) places.right = scale(...range(right, false), HEIGHT - BOTTOM, TOP, false);
    const marks = [];
    if (places.left) marks.push(...axis(places.left, x0 - 7, "end", [x0, x1]));
    if (places.right) marks.push(...axis(places.right, x1 + 7, "start", places.left ? null : [x0, x1]));
    for (const value of sx.ticks) if (Number.isInteger(value)) marks.push(svg("text", { x: sx(value).toFixed(1), y: HEIGHT - BOTTOM + 16, "text-anchor": "middle" }, tick(value)));
    marks.push(svg("text", { x: x1, y: HEIGHT - 3, "text-anchor": "end", class: "pt-curve-axis" }, say("axis")));
    marks.push(svg("path", { class: "pt-curve-base", d: `M${x0} ${HEIGHT - BOTTOM}H${x1}` }));
    grid.replaceChildren(...marks.filter(Boolean));

    lines.replaceChildren(
      ...shown.flatMap(({ curve, index }) => {
        const sy = curve.right ? places.right : places.left;
        const logHere = log && !curve.right;
        const parts = [];
        const stroke = (values, extra) => svg("path", { class: `pt-curve-line pt-s${index % 6} ${extra}`, d: path(curve.x, values, curve.kept, sx, sy, logHere) });
        parts.push(stroke(curve.y, smoothed(curve) ? "pt-faint" : curve.kept > 2 * width ? "pt-dense" : ""));
        if (smoothed(curve)) parts.push(stroke(curve.smooth, "pt-strong"));
        if (curve.kept <= 40) {
          let d = "";
          for (let k = 0; k < curve.kept; k++) if (Number.isFinite(curve.y[k]) && !(logHere && curve.y[k] <= 0)) d += mark(sx(curve.x[k]), sy(curve.y[k]), index);
          parts.push(svg("path", { class: `pt-curve-mark pt-s${index % 6}`, d }));
        }
        return parts;
      }),
    );

    const at = cursor === null ? null : Math.min(Math.max(cursor, sx.invert(x0)), last);
    node.setAttribute("aria-label", say("plot", { names: shown.map(({ curve }) => curve.name).join(", ") || "–" }));
    node.setAttribute("aria-valuemin", String(first));
    node.setAttribute("aria-valuemax", String(last));
    node.setAttribute("aria-valuenow", String(Math.round(at ?? last)));
    node.setAttribute("aria-valuetext", reading(shown, at ?? last));
    if (at === null) {
      cursorLine.setAttribute("d", "");
      dots.replaceChildren();
    } else {
      cursorLine.setAttribute("d", `M${sx(at).toFixed(1)} ${TOP}V${HEIGHT - BOTTOM}`);
      dots.replaceChildren(
        ...shown.flatMap(({ curve, index }) => {
          const k = nearest(curve, at);
          const y = (smoothed(curve) ? curve.smooth : curve.y)[k];
          const drawable = Number.isFinite(y) && !(log && !curve.right && y <= 0);
          const sy = curve.right ? places.right : places.left;
          return drawable ? [svg("path", { class: `pt-curve-mark pt-s${index % 6}`, d: mark(sx(curve.x[k]), sy(y), index) })] : [];
        }),
      );
    }
    return at;
  }

  function reading(shown, at) {
    return `${say("at", { step: Math.round(at) })}: ${shown.map(({ curve }) => `${curve.name} ${short(curve.y[nearest(curve, at)])}`).join(", ")}`;
  }

  function move(to) {
    cursor = to;
    changed();
  }

  /** @returns {boolean} was this key meant for the picture? */
  function key(event) {
    if (event.target !== node || !sx) return false;
    const ends = visible().map(({ curve }) => [curve.x[0], curve.x[curve.kept - 1]]);
    if (!ends.length) return false;
    const [low, high] = [Math.min(...ends.map((end) => end[0])), Math.max(...ends.map((end) => end[1]))];
    const stride = Math.max(1, (high - low) / 100) * (event.shiftKey ? 10 : 1);
    const go = (by) => move(Math.min(high, Math.max(low, Math.round((cursor ?? high) + by))));
    if (event.key === "ArrowLeft" || event.key === "ArrowDown") go(-stride);
    else if (event.key === "ArrowRight" || event.key === "ArrowUp") go(stride);
    else if (event.key === "Home") move(low);
    else if (event.key === "End") move(high);
    else if (event.key === "Escape" && cursor !== null) move(null);
    else return false;
    return true;
  }

  picture.addEventListener("pointermove", (event) => sx && move(Math.max(0, sx.invert(event.clientX - picture.getBoundingClientRect().left))));
  picture.addEventListener("pointerleave", () => move(null));
  node.addEventListener("blur", () => move(null));

  return {
    node,
    draw,
    key,
    observe() {
      const watcher = new ResizeObserver(([entry]) => {
        if (entry.contentRect.width < 50 || Math.abs(entry.contentRect.width - width) < 1) return;
        width = Math.floor(entry.contentRect.width);
        changed();
      });
      watcher.observe(node);
      return () => watcher.disconnect();
    },
  };
}
