// Showing tensors: a number with its sign, a heatmap, a grid of numbers, a few statistics.
import { el, svg } from "./dom.js";

const SCALES = {
  light: { zero: [240, 241, 244], pos: [196, 84, 8], neg: [24, 98, 196], alarm: [190, 0, 70] },
  dark: { zero: [42, 48, 59], pos: [255, 158, 84], neg: [104, 168, 255], alarm: [255, 90, 135] },
};

/** @param {any} tensor */
export const shapeText = (shape) => (shape ? (shape.length === 1 ? `(${shape[0]},)` : `(${shape.join(", ")})`) : "?");

/** A tensor in a few characters: its value, a few values, or its shape. */
export function brief(tensor) {
  if (!tensor) return "–";
  if (tensor.numel === 1 && tensor.values) return tensor.shape.length ? `[${tensor.values[0]}]` : tensor.values[0];
  if (tensor.shape.length === 1 && tensor.numel <= 3 && tensor.values) return `[${tensor.values.join(", ")}]`;
  return shapeText(tensor.shape);
}

/** Is the tensor short enough for `brief` to have shown its numbers? */
export const isBrief = (tensor) => tensor?.values && (tensor.numel === 1 || (tensor.shape.length === 1 && tensor.numel <= 3));

/** @returns {"pos" | "neg" | "zero" | "alarm"} the sign of a number that came as text */
export function signOf(text) {
  const value = Number(text.replace("inf", "Infinity"));
  if (Number.isNaN(value) || !Number.isFinite(value)) return "alarm";
  return value > 0 ? "pos" : value < 0 ? "neg" : "zero";
}

/** The sign as a shape: a triangle up, a triangle down, a ring, a cross. */
export function signMark(sign, size = 8) {
  const shapes = { pos: "M4 .5 7.7 7.2H.3z", neg: "M4 7.5.3.8h7.4z", zero: "M4 1a3 3 0 1 0 0 6 3 3 0 0 0 0-6m0 1.4a1.6 1.6 0 1 1 0 3.2 1.6 1.6 0 0 1 0-3.2", alarm: "M1.6.4 4 2.8 6.4.4l1.2 1.2L5.2 4l2.4 2.4-1.2 1.2L4 5.2 1.6 7.6.4 6.4 2.8 4 .4 1.6z" };
  return svg("svg", { class: `pt-sign pt-${sign}`, viewBox: "0 0 8 8", width: size, height: size, "aria-hidden": "true" }, svg("path", { d: shapes[sign] }));
}

/** A number as HTML, with its sign in colour and shape. */
export function numberTag(text) {
  return el("span", { class: `pt-number pt-mono pt-${signOf(text)}` }, signMark(signOf(text)), text);
}

/** The colour of a cell, `part` between -1 and 1; the square root keeps small values visible. */
function colour(part, theme) {
  const scale = SCALES[theme];
  if (part === null) return scale.alarm;
  const end = part < 0 ? scale.neg : scale.pos;
  const weight = part === 0 ? 0 : 0.12 + 0.88 * Math.sqrt(Math.abs(part));
  return scale.zero.map((zero, i) => Math.round(zero + (end[i] - zero) * weight));
}

const rgb = (parts) => `rgb(${parts.join(",")})`;
const inkOn = ([r, g, b]) => (0.299 * r + 0.587 * g + 0.114 * b > 140 ? "#14181f" : "#ffffff");

function cellsOf(picture) {
  const bytes = Uint8Array.from(atob(picture.cells), (letter) => letter.charCodeAt(0));
  return Array.from(new Int8Array(bytes.buffer), (cell) => (cell === -128 ? null : cell / 127));
}

const drawn = new Map();

/** The picture of a tensor as a data URL, a square per cell; a bar marks negative cells, for eyes that do not tell the colours apart. */
export function heatURL(picture, theme, cell = 8) {
  const key = `${theme}${cell}${picture.rows}x${picture.cols}${picture.cells}`;
  if (drawn.has(key)) return drawn.get(key);
  const canvas = document.createElement("canvas");
  canvas.width = picture.cols * cell;
  canvas.height = picture.rows * cell;
  const pen = canvas.getContext("2d");
  cellsOf(picture).forEach((part, i) => {
    const [x, y] = [(i % picture.cols) * cell, Math.floor(i / picture.cols) * cell];
    const fill = colour(part, theme);
    pen.fillStyle = rgb(fill);
    pen.fillRect(x, y, cell, cell);
    if (cell >= 8 && (part === null || part < -0.02)) {
      pen.fillStyle = inkOn(fill);
      pen.globalAlpha = part === null ? 0.9 : 0.55;
      pen.fillRect(x + cell / 4, y + cell / 2 - 0.5, cell / 2, 1);
      if (part === null) pen.fillRect(x + cell / 2 - 0.5, y + cell / 4, 1, cell / 2);
      pen.globalAlpha = 1;
    }
  });
  const url = canvas.toDataURL();
  if (drawn.size > 600) drawn.clear();
  drawn.set(key, url);
  return url;
}

/**
 * A tensor in a panel: numbers where they are few, else a heatmap; then shape and statistics.
 * @param {any} tensor @param {(key: string, values?: object) => string} say @param {"light" | "dark"} theme
 */
export function tensorBlock(tensor, say, theme, { stats = true, signed = true } = {}) {
  if (!tensor) return el("div", { class: "pt-tensor" }, el("span", { class: "pt-mono pt-muted", text: "None" }));
  const rows = tensor.shape.length > 1 ? tensor.shape[0] : 1;
  const cols = tensor.numel / Math.max(1, rows);
  const box = el("div", { class: "pt-tensor" });
  if (tensor.numel === 1 && tensor.values) {
    box.append(el("span", { class: "pt-big" }, signed ? numberTag(tensor.values[0]) : el("span", { class: "pt-mono", text: tensor.values[0] })));
    if (tensor.shape.length) box.append(el("span", { class: "pt-mono pt-muted", text: shapeText(tensor.shape) }));
    return box;
  }
  if (tensor.numel === 0) return box.append(el("span", { class: "pt-mono pt-muted", text: shapeText(tensor.shape) })), box;
  if (tensor.values && tensor.picture.exact && cols <= 5 && rows <= 8) box.append(numberGrid(tensor, rows, cols, theme));
  else box.append(heatmap(tensor, say, theme));
  if (stats) box.append(statLine(tensor, say), ...alarms(tensor, say));
  if (stats && tensor.histogram) box.append(histogram(tensor.histogram));
  return box;
}

function numberGrid(tensor, rows, cols, theme) {
  const cells = cellsOf(tensor.picture);
  const grid = el("div", { class: "pt-grid pt-mono", style: `grid-template-columns: repeat(${cols}, auto)`, role: "img", "aria-label": `${shapeText(tensor.shape)}: ${tensor.values.join(", ")}` });
  tensor.values.forEach((text, i) => {
    const fill = colour(cells[i], theme);
    const index = tensor.shape.length > 1 ? `[${Math.floor(i / cols)}, ${i % cols}]` : `[${i}]`;
    grid.append(el("span", { text, title: `${index} = ${text}`, style: `background:${rgb(fill)};color:${inkOn(fill)}` }));
  });
  return grid;
}

/** The heatmap with what the pointer is on. */
export function heatmap(tensor, say, theme) {
  const { rows, cols, exact } = tensor.picture;
  const cell = Math.max(4, Math.min(14, Math.floor(220 / cols), Math.floor(110 / rows)));
  const image = el("img", {
    class: "pt-heat",
    src: heatURL(tensor.picture, theme, Math.max(8, cell)),
    width: cols * cell,
    height: rows * cell,
    alt: `${shapeText(tensor.shape)}, ${say("min")} ${tensor.stats.min}, ${say("max")} ${tensor.stats.max}`,
    title: say(exact ? "exact_cells" : "pooled_cells"),
  });
  if (exact && tensor.values)
    image.addEventListener("pointermove", (event) => {
      const [col, row] = [Math.floor(event.offsetX / cell), Math.floor(event.offsetY / cell)];
      const value = tensor.values[row * cols + col];
      if (value !== undefined) image.title = `${tensor.shape.length > 1 ? `[${row}, ${col}]` : `[${col}]`} = ${value}`;
    });
  return image;
}

function statLine(tensor, say) {
  const { min, mean, max } = tensor.stats;
  return el(
    "div",
    { class: "pt-stats pt-mono" },
    el("span", { class: "pt-shape", text: shapeText(tensor.shape) }),
    ...[["min", min], ["mean", mean], ["max", max]].map(([name, value]) => el("span", {}, el("i", { text: say(name) }), ` ${value}`)),
  );
}

function alarms(tensor, say) {
  const share = (count) => `${((100 * count) / tensor.numel).toFixed(count * 1000 < tensor.numel ? 2 : 0)} %`;
  const found = [];
  for (const key of ["nan", "inf"]) if (tensor.stats[key]) found.push(el("span", { class: "pt-alarm pt-tag" }, signMark("alarm"), `${say(key)} ${share(tensor.stats[key])}`));
  if (tensor.stats.zero) found.push(el("span", { class: "pt-tag pt-muted", text: `${say("zero")} ${share(tensor.stats.zero)}` }));
  return found;
}

function histogram({ counts, low, high }) {
  const top = Math.max(...counts);
  const bars = counts.map((count, i) => svg("rect", { x: i * 10, width: 9, y: 30 - (28 * count) / top, height: Math.max(0.5, (28 * count) / top) }));
  return el("div", { class: "pt-bins pt-mono pt-muted" }, el("span", { text: low }), svg("svg", { viewBox: `0 0 ${counts.length * 10} 30`, "aria-hidden": "true" }, ...bars), el("span", { text: high }));
}
