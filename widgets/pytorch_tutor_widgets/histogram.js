// ParameterHistogram in the browser: one table for all parameters, grouped by layer.

import words from "./shared/strings/histogram.json" with { type: "json" };
import { el, ownKeys } from "./shared/dom.js";
import { chooseLanguage, speaker } from "./shared/i18n.js";
import { followTheme } from "./shared/theme.js";
import { ask, bytesOf, onceAFrame } from "./live.js";
import { parameterRow, readRow, rowBytes } from "./histogram_row.js";

/** The widget: called once for each model, so that all its views share what has arrived. */
export default () => {
  const common = { saved: null, rows: [], text: "", onlyBad: false, open: new Set(["how"]), folded: new Set(), views: new Set() };
  return {
    initialize: ({ model }) => initialize(model, common),
    render: ({ model, el: host }) => render(model, common, host),
  };
};

function initialize(model, common) {
  const take = (saved, buffer) => {
    if (!saved?.rows) return;
    const bytes = bytesOf(buffer);
    if (bytes.length !== saved.rows.length * rowBytes) return void ask(model, { action: "refill" });
    if (common.saved && saved.batches < common.saved.batches) return;
    common.saved = saved;
    common.rows = saved.rows.map((row, k) => readRow(row, bytes.subarray(k * rowBytes, (k + 1) * rowBytes)));
    common.views.forEach((view) => view.soon());
  };
  const arrived = (content, buffers) => content.kind === "histograms" && take(content, buffers?.[0]);
  const saved = () => take(model.get("_saved"), model.get("_points"));
  saved();
  model.on("msg:custom", arrived);
  model.on("change:_saved", saved);
  return () => {
    model.off("msg:custom", arrived);
    model.off("change:_saved", saved);
  };
}

function head(text, title) {
  return el("th", { scope: "col", text, title });
}

function render(model, common, host) {
  const lang = chooseLanguage(model.get("lang"));
  const say = speaker(words, lang);
  const root = el("div", { class: "pt-root pt-live pt-histogram", role: "group", lang });
  const title = el("h3", { class: "pt-live-title" });
  const after = el("span", { class: "pt-live-badge" });
  const search = el("input", { type: "search", placeholder: say("filter"), "aria-label": say("filter"), size: 18 });
  const bad = el("input", { type: "checkbox" });
  const count = el("span", { class: "pt-muted", role: "status" });
  const cost = el("span", { class: "pt-muted" });
  search.value = common.text;
  bad.checked = common.onlyBad;
  const table = el(
    "table",
    {},
    el(
      "thead",
      {},
      el(
        "tr",
        {},
        head(say("parameter")),
        head(say("weights")),
        head(say("gradients")),
        head(say("ratio"), say("ratio_title")),
        head(say("zeros"), say("zeros_title")),
      ),
    ),
  );
  const nothing = el("p", { class: "pt-histogram-note pt-muted", hidden: true });
  const notes = el("ul", { class: "pt-live-advice" });
  const how = el("details", { open: common.open.has("how") }, el("summary", { text: say("how_title") }), el("p", { text: say("how") }));
  how.addEventListener("toggle", () => common.open[how.open ? "add" : "delete"]("how"));
  root.append(
    el("div", { class: "pt-live-head" }, title, after, el("span", { class: "pt-live-space" }), search, el("label", {}, bad, say("only_bad"))),
    el("div", { class: "pt-histogram-scroll", tabindex: "0", role: "region", "aria-label": say("parameter") }, table, nothing),
    notes,
    el("div", { class: "pt-histogram-foot" }, count, cost),
    how,
  );
  host.append(root);

  /** @type {Map<string, any>} */
  const rows = new Map();
  let layout = "";

  function build() {
    const names = common.rows.map((row) => row.name).join("\n");
    if (names === layout) return;
    layout = names;
    rows.clear();
    table.querySelectorAll("tbody").forEach((body) => body.remove());
    let body = null;
    let layer = null;
    for (const row of common.rows) {
      if (row.layer !== layer) {
        layer = row.layer;
        body = el("tbody", { class: "pt-histogram-group" }, groupRow(layer));
        table.append(body);
      }
      const view = parameterRow(row, say);
      rows.set(row.name, { ...view, body });
      body.append(view.node);
    }
  }

  function groupRow(layer) {
    const name = layer || say("top");
    const kind = common.saved.kinds?.[layer];
    const button = el(
      "button",
      { type: "button", class: "pt-histogram-fold", "aria-expanded": String(!common.folded.has(layer)), title: say("fold", { name }) },
      el("span", { class: "pt-histogram-layer", text: name }),
      kind && el("span", { class: "pt-muted", text: kind }),
    );
    button.addEventListener("click", () => {
      common.folded[common.folded.has(layer) ? "delete" : "add"](layer);
      button.setAttribute("aria-expanded", String(!common.folded.has(layer)));
      frame.soon();
    });
    return el("tr", { class: "pt-histogram-head" }, el("th", { colspan: 5, scope: "rowgroup" }, button));
  }

  const frame = onceAFrame(() => {
    const saved = common.saved;
    title.textContent = model.get("title");
    root.setAttribute("aria-label", model.get("title"));
    if (!saved) return;
    build();
    const text = common.text.trim().toLowerCase();
    let shown = 0;
    const groups = new Map();
    for (const row of common.rows) {
      const view = rows.get(row.name);
      const wanted = row.name.toLowerCase().includes(text) && (!common.onlyBad || row.verdict);
      if (wanted) groups.set(view.body, true);
      shown += wanted ? 1 : 0;
      view.node.hidden = !wanted || common.folded.has(row.layer);
      if (!view.node.hidden) view.show(row);
    }
    for (const body of table.tBodies) body.hidden = !groups.has(body);
    after.textContent = saved.batches ? say("after", { batches: saved.batches.toLocaleString(lang) }) : say("before");
    count.textContent = say("shown", { shown, all: common.rows.length }) + (saved.more > 0 ? ` · ${say("more", { n: saved.more })}` : "");
    cost.textContent = saved.cost === null || saved.cost === undefined ? "" : say("cost", { share: `${(100 * saved.cost).toFixed(1)} %` });
    nothing.hidden = shown > 0;
    nothing.textContent = common.rows.length ? (common.onlyBad && !text ? say("all_well") : say("nothing_found", { text: common.text })) : say("no_parameters");
    drawNotes(saved);
    root.dataset.batches = String(saved.batches);
  });

  let noted = "";
  function drawNotes(saved) {
    const found = new Map();
    for (const row of common.rows) if (row.verdict) found.set(row.verdict, [...(found.get(row.verdict) ?? []), row.name]);
    // Before the first batch nothing has a gradient, and that is as it should be.
    if (!saved.batches) found.delete("row_no_gradient");
    const lines = [...found].map(([key, names]) => `${names.slice(0, 4).join(", ")}${names.length > 4 ? ` … (${names.length})` : ""}: ${say(key)}`);
    if (saved.gone) lines.push(say("gone"));
    if (lines.join("\n") === noted) return;
    noted = lines.join("\n");
    notes.replaceChildren(...lines.map((line) => el("li", { text: line, class: "bad" })));
  }

  search.addEventListener("input", () => {
    common.text = search.value;
    frame.soon();
  });
  bad.addEventListener("change", () => {
    common.onlyBad = bad.checked;
    frame.soon();
  });
  const undo = [followTheme(root), ownKeys(root, () => false), frame.stop];
  common.views.add(frame);
  frame.soon();
  return () => {
    common.views.delete(frame);
    undo.forEach((run) => run());
  };
}
