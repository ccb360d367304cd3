// One parameter of the table: two histograms, the step ratio with its past, and the share of zeros.

import { el, svg } from "./shared/dom.js";
import { short } from "./live.js";

const BINS = 40;
const TRAIL = 48;
const NUMBERS = 13;

/** The verdicts that the kernel may send, and their signs. */
const SIGNS = { row_not_finite: "▲", row_dead: "▲", row_fast: "▲", row_slow: "▲", row_frozen: "❄", row_no_gradient: "" };

/** How many bytes the kernel sends for each row. */
export const rowBytes = 4 * NUMBERS + 2 * BINS + TRAIL;

/** What arrived, with names. @param {any[]} row @param {Uint8Array} bytes */
export function readRow([layer, leaf, shape, verdict, hasGradient], bytes) {
  const numbers = new Float32Array(bytes.slice(0, 4 * NUMBERS).buffer);
  const summary = (start, bins) => {
    const [low, high, mean, std, zeros, broken] = numbers.subarray(start, start + 6);
    return { low, high, mean, std, zeros, broken, bins };
  };
  const at = 4 * NUMBERS;
  return {
    name: layer ? `${layer}.${leaf}` : leaf,
    layer,
    leaf,
    shape,
    verdict,
    weights: summary(0, bytes.subarray(at, at + BINS)),
    gradient: hasGradient ? summary(6, bytes.subarray(at + BINS, at + 2 * BINS)) : null,
    ratio: numbers[12],
    trail: [...bytes.subarray(at + 2 * BINS)].filter(Boolean),
  };
}

/** A row of the table and the function that brings it up to date. */
export function parameterRow(first, say) {
  const weights = histogramCell(say("weights"), "pt-histogram-weights", say);
  const gradient = histogramCell(say("gradients"), "pt-histogram-gradient", say);
  const ratio = el("span", { class: "pt-histogram-number" });
  const line = svg("path", { class: "pt-histogram-trail" });
  const band = svg("rect", { class: "pt-histogram-band", x: 0, width: 60, y: y(1e-2), height: y(1e-4) - y(1e-2) });
  const trail = svg("svg", { class: "pt-histogram-past", viewBox: "0 0 60 24", "aria-hidden": "true" }, band, line);
  const zeros = { weights: el("b"), gradient: el("b") };
  const alarm = el("span", { class: "pt-histogram-alarm" });
  const shape = first.shape.length ? first.shape.join("×") : "1";
  const node = el(
    "tr",
    {},
    el("th", { scope: "row" }, el("span", { class: "pt-mono", text: first.leaf }), " ", el("span", { class: "pt-muted", text: shape }), " ", alarm),
    el("td", {}, weights.node),
    el("td", {}, gradient.node),
    el("td", {}, el("span", { class: "pt-histogram-ratio" }, trail, ratio)),
    el(
      "td",
      { class: "pt-histogram-zeros" },
      el("span", {}, el("span", { class: "pt-muted", text: say("weights") }), " ", zeros.weights),
      el("span", {}, el("span", { class: "pt-muted", text: say("gradients") }), " ", zeros.gradient),
    ),
  );
  return {
    node,
    show(row) {
      weights.show(row.name, row.weights);
      gradient.show(row.name, row.gradient);
      ratio.textContent = Number.isNaN(row.ratio) ? "–" : row.ratio === 0 || row.ratio >= 1e-5 ? String(Number(row.ratio.toPrecision(2))) : row.ratio.toExponential(1).replace("-", "−");
      line.setAttribute("d", row.trail.map((byte, k) => `${k ? "L" : "M"}${(60 - (row.trail.length - 1 - k) * (60 / (TRAIL - 1))).toFixed(1)} ${(23 - ((byte - 1) / 254) * 22).toFixed(1)}`).join(""));
      const share = (summary) => (summary && !Number.isNaN(summary.zeros) ? percent(summary.zeros) : "–");
      zeros.weights.textContent = share(row.weights);
      zeros.gradient.textContent = share(row.gradient);
      const sign = (row.verdict && SIGNS[row.verdict]) ?? "";
      node.classList.toggle("bad", sign === "▲");
      alarm.textContent = sign;
      alarm.title = row.verdict ? say(row.verdict) : "";
      alarm.hidden = !sign;
      alarm.setAttribute("role", "img");
      alarm.setAttribute("aria-label", row.verdict ? say(row.verdict) : "");
    },
  };
}

/** Where a step ratio lies in the small picture: 1e-8 at the bottom, 1 at the top. */
function y(ratio) {
  return 23 - ((Math.log10(ratio) + 8) / 8) * 22;
}

function percent(share) {
  if (share === 0) return "0 %";
  return share < 0.001 ? "<0.1 %" : `${Number((100 * share).toPrecision(2))} %`;
}

function histogramCell(what, kind, say) {
  const below = svg("path", { class: "pt-below" });
  const above = svg("path", { class: "pt-above" });
  const zero = svg("path", { class: "pt-histogram-zero" });
  const picture = svg("svg", { class: `pt-histogram-bars ${kind}`, viewBox: "0 0 120 30", preserveAspectRatio: "none", role: "img" }, below, above, zero);
  const low = el("span");
  const high = el("span");
  const none = el("span", { class: "pt-muted", text: say("no_gradient") });
  const full = el("span", { class: "pt-histogram-full" }, picture, el("span", { class: "pt-histogram-ends pt-muted" }, low, high));
  return {
    node: el("span", { class: "pt-histogram-cell" }, full, none),
    show(name, summary) {
      const empty = !summary || Number.isNaN(summary.low);
      full.hidden = empty;
      none.hidden = !empty;
      none.textContent = summary && summary.broken > 0 ? "NaN" : say("no_gradient");
      if (empty) return;
      const flat = summary.low === summary.high;
      const place = flat ? 60 : ((0 - summary.low) / (summary.high - summary.low)) * 120;
      let [left, right] = ["", ""];
      for (let k = 0; k < BINS; k++) {
        if (!summary.bins[k]) continue;
        const height = (summary.bins[k] / 255) * 27;
        const bar = `M${k * 3} 29v${-height.toFixed(1)}h3v${height.toFixed(1)}z`;
        if ((flat ? summary.low < 0 : (k + 0.5) * 3 < place)) left += bar;
        else right += bar;
      }
      below.setAttribute("d", left);
      above.setAttribute("d", right);
      zero.setAttribute("d", place >= 0 && place <= 120 && !flat ? `M${place.toFixed(1)} 1V30` : "");
      low.textContent = short(summary.low);
      high.textContent = flat ? "" : short(summary.high);
      const told = say("picture", { what, name, low: short(summary.low), high: short(summary.high), mean: short(summary.mean), std: short(summary.std) });
      picture.setAttribute("aria-label", told);
      full.title = told;
    },
  };
}
