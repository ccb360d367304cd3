// LossCurve in the browser: draws what arrives, and sends what the learner asks for.

import words from "./shared/strings/curve.json" with { type: "json" };
import { el, icon, ownKeys } from "./shared/dom.js";
import { chooseLanguage, speaker } from "./shared/i18n.js";
import { followTheme } from "./shared/theme.js";
import { ask, floats, onceAFrame, short } from "./live.js";
import { CurveStore, nearest } from "./curve_store.js";
import { curvePicture } from "./curve_picture.js";
import { curveStatus } from "./curve_status.js";

/** The verdicts that the kernel may send, and how each is marked. */
const KINDS = {
  advice_not_finite: "bad",
  advice_growing: "bad",
  advice_flat: "bad",
  advice_overfitting: "bad",
  advice_falling: null,
  advice_levelled: null,
};

/** The widget: called once for each model, so that all its views share one store. */
export default () => {
  const store = new CurveStore();
  const common = { store, hidden: new Set(), open: new Set(["how"]), focus: null, asked: null, views: new Set() };
  return {
    initialize: ({ model }) => initialize(model, common),
    render: ({ model, el: host }) => render(model, common, host),
  };
};

/** Take what arrives, whether anybody looks or not. */
function initialize(model, common) {
  const show = () => common.views.forEach((view) => view.soon());
  const arrived = (content, buffers) => {
    if (content.kind !== "points") return;
    if (!common.store.append(content, floats(buffers?.[0]))) ask(model, { action: "refill" });
    show();
  };
  const saved = () => {
    common.store.load(model.get("_saved"), floats(model.get("_points")));
    show();
  };
  saved();
  model.on("msg:custom", arrived);
  model.on("change:_saved", saved);
  return () => {
    model.off("msg:custom", arrived);
    model.off("change:_saved", saved);
  };
}

function render(model, common, host) {
  const lang = chooseLanguage(model.get("lang"));
  const say = speaker(words, lang);
  const root = el("div", { class: "pt-root pt-live pt-curve", role: "group", lang });
  const status = curveStatus(model, common, say, lang);
  const picture = curvePicture(model, common, say, () => frame.soon());
  const legend = el("div", { class: "pt-curve-legend" });
  const advice = el("ul", { class: "pt-live-advice", "aria-label": say("advice_title") });
  const table = el("table");
  const tableBox = fold(common, "table", say("table"), table);
  const switches = [toggle(model, "smooth", say("smooth"), say("smooth_title")), toggle(model, "log", say("log"), say("log_title"))];
  root.append(
    status.head,
    status.bar,
    el("div", { class: "pt-curve-row" }, legend, el("span", { class: "pt-curve-switches" }, ...switches)),
    picture.node,
    advice,
    fold(common, "how", say("how_title"), el("p", { text: say("how") })),
    tableBox,
  );
  host.append(root);

  const items = new Map();
  function drawLegend(cursor) {
    const curves = [...common.store.curves.values()];
    if (items.size !== curves.length || curves.some((curve) => !items.has(curve.name))) {
      items.clear();
      legend.replaceChildren(
        ...curves.map((curve, index) => {
          const item = legendItem(curve, index, common, say, () => frame.soon());
          items.set(curve.name, item);
          return item.node;
        }),
        (items.at = el("span", { class: "pt-muted pt-curve-at" })),
      );
    }
    for (const curve of curves) {
      const k = cursor === null ? curve.kept - 1 : nearest(curve, cursor);
      items.get(curve.name).show(curve, k);
    }
    if (items.at) items.at.textContent = cursor === null ? "" : say("at", { step: Math.round(cursor) });
  }

  function drawTable() {
    if (!tableBox.open) return;
    const heads = ["series", "points", "first", "lowest", "highest", "last"].map((key) => el("th", { text: say(key), scope: "col" }));
    const rows = [...common.store.curves.values()].map((curve) => {
      const y = curve.y.subarray(0, curve.kept);
      const finite = y.filter(Number.isFinite);
      const cells = [curve.count, short(y[0]), short(finite.reduce((a, b) => Math.min(a, b), Infinity)), short(finite.reduce((a, b) => Math.max(a, b), -Infinity)), short(y[y.length - 1])];
      return el("tr", {}, el("th", { text: curve.name, scope: "row" }), ...cells.map((text) => el("td", { text: String(text) })));
    });
    table.replaceChildren(el("thead", {}, el("tr", {}, ...heads)), el("tbody", {}, ...rows));
  }

  let advised = "";
  function drawAdvice() {
    const list = common.store.status?.advice ?? [];
    const lines = list.map(({ key, values }) => say(key, Object.fromEntries(Object.entries(values).map(([name, value]) => [name, typeof value === "number" ? short(value) : value]))));
    if (lines.join("\n") === advised) return;
    advised = lines.join("\n");
    advice.replaceChildren(...lines.map((text, k) => el("li", { text, class: KINDS[list[k].key] })));
  }

  const frame = onceAFrame(() => {
    root.setAttribute("aria-label", model.get("title") || say("heading"));
    status.draw();
    const cursor = picture.draw();
    drawLegend(cursor);
    drawAdvice();
    drawTable();
    root.dataset.points = String([...common.store.curves.values()].reduce((sum, curve) => sum + curve.count, 0));
    root.dataset.state = common.store.status?.state ?? "idle";
  });
  tableBox.addEventListener("toggle", frame.soon);

  const undo = [
    followTheme(root),
    ownKeys(root, (event) => picture.key(event)),
    picture.observe(),
    frame.stop,
    status.stop,
  ];
  const redraw = () => frame.soon();
  model.on("change:title change:smooth change:log", redraw);
  common.views.add(frame);
  frame.soon();
  status.keepFocus(root);
  return () => {
    common.views.delete(frame);
    model.off("change:title change:smooth change:log", redraw);
    undo.forEach((run) => run());
  };
}

/** A part that can be folded away; whether it is open outlives the view. */
function fold(common, key, title, ...children) {
  const box = el("details", { open: common.open.has(key) }, el("summary", { text: title }), ...children);
  box.addEventListener("toggle", () => common.open[box.open ? "add" : "delete"](key));
  return box;
}

/** A check box for a trait that stays with the widget. */
function toggle(model, name, text, title) {
  const box = el("input", { type: "checkbox", "data-key": name });
  box.checked = model.get(name);
  box.addEventListener("change", () => {
    model.set(name, box.checked);
    model.save_changes();
  });
  return el("label", { title }, box, text);
}

/** A curve's name, line and value; pressing it hides the curve. */
function legendItem(curve, index, common, say, changed) {
  const value = el("span", { class: "pt-curve-value" });
  const node = el(
    "button",
    { type: "button", class: "pt-button", "aria-label": say("show_series", { name: curve.name }), title: say("show_series", { name: curve.name }), "data-key": `series ${curve.name}` },
    swatch(index),
    el("span", { class: "pt-curve-name", text: curve.name }),
    curve.right && el("span", { class: "pt-muted", text: `(${say("right_axis")})` }),
    value,
  );
  node.addEventListener("click", () => {
    common.hidden[common.hidden.has(curve.name) ? "delete" : "add"](curve.name);
    changed();
  });
  return {
    node,
    show(now, k) {
      value.textContent = now.kept ? short(now.y[k]) : "";
      node.setAttribute("aria-pressed", String(!common.hidden.has(now.name)));
    },
  };
}

function swatch(index) {
  const box = icon("stop");
  box.setAttribute("viewBox", "0 0 24 16");
  box.classList.add("pt-curve-swatch");
  const line = box.firstChild;
  line.setAttribute("d", "M1 8H23");
  line.setAttribute("class", `pt-curve-line pt-s${index % 6}`);
  return box;
}
