// GraphInspector: the graph behind a tensor; point at a node or select it to see what is known about it.
import { el, ownKeys } from "./shared/dom.js";
import { nodeDetails } from "./shared/details.js";
import { chooseLanguage, speaker } from "./shared/i18n.js";
import { Picture, nodeName } from "./shared/picture.js";
import { brief, shapeText } from "./shared/tensors.js";
import { followTheme } from "./shared/theme.js";
import commonWords from "./shared/strings/common.json" with { type: "json" };
import graphWords from "./shared/strings/graph.json" with { type: "json" };

const VERSION = 1;

class Inspector {
  constructor(model, host) {
    this.trace = model.get("trace");
    const lang = chooseLanguage(model.get("lang"));
    this.say = speaker({ ...commonWords, ...graphWords }, lang);
    const { say } = this;
    this.undo = [];
    this.root = el("div", { class: "pt-root pt-inspector", role: "group", lang });
    host.append(this.root);
    if (this.trace.version !== VERSION) return void this.root.append(el("p", { text: say("old_trace") }));
    const name = this.trace.nodes[this.trace.root].name || say("result");
    this.root.setAttribute("aria-label", say("inspector_label", { name }));
    this.theme = () => this.root.dataset.theme ?? "light";
    this.picture = new Picture(this.trace, { say, theme: this.theme, select: (node) => this.select(node), hover: (node) => this.preview(node) });
    this.panel = el("div", { class: "pt-panel", "aria-live": "polite" });
    const heads = ["node_word", "op_column", "shape", "dtype", "value", "inputs", "source"].map((key) => el("th", { scope: "col", text: say(key) }));
    const table = el("details", { class: "pt-table" }, el("summary", { text: say("table_nodes") }), el("div", {}, el("table", {}, el("thead", {}, el("tr", {}, ...heads)), el("tbody", {}, ...this.trace.nodes.map((node, i) => this.row(node, i))))));
    this.root.append(el("div", { class: "pt-split" }, this.picture.element, this.panel), el("p", { class: "pt-hint pt-muted", text: say("select_hint") }), table);
    this.undo.push(followTheme(this.root, () => this.select(this.selected ?? this.trace.root)));
    this.undo.push(ownKeys(this.root, (event) => this.key(event)), () => this.picture.destroy());
    this.select(this.trace.root);
  }

  row(node, index) {
    const inputs = this.trace.edges.filter((edge) => edge.consumer === index).map((edge) => nodeName(this.trace.nodes[edge.producer]) || this.say("constant_word"));
    const value = node.value === null ? "" : brief(this.trace.tensors[node.value]);
    const cells = [node.op, shapeText(node.shape), node.dtype, value, inputs.join(", "), node.source?.code ?? ""];
    const jump = el("button", { type: "button", class: "pt-link", on: { click: () => this.select(index) } }, node.name || node.title || this.say("constant_word"));
    return el("tr", {}, el("td", {}, jump), ...cells.map((text) => el("td", { class: "pt-mono", text })));
  }

  select(index) {
    this.selected = index;
    this.picture.mark(index);
    this.picture.follow(index);
    this.show(index);
  }

  preview(index) {
    if (this.panel) this.show(index ?? this.selected);
  }

  show(index) {
    if (this.shown === `${index}${this.theme()}`) return;
    this.shown = `${index}${this.theme()}`;
    this.panel.replaceChildren(nodeDetails(this.trace, index, { say: this.say, theme: this.theme, go: (node) => this.select(node) }));
  }

  key({ key, target }) {
    if (target.closest?.(".pt-table, .pt-panel")) return false;
    const next = key.startsWith("Arrow") ? this.neighbour(key) : null;
    if (next !== null) {
      this.select(next);
      this.picture.nodes[next].group.focus({ preventScroll: true });
    } else if ((key === "Enter" || key === " ") && target.closest?.(".pt-node")) this.select(this.picture.nodes.findIndex(({ group }) => group === target));
    else if (!key.startsWith("Arrow")) return this.picture.key(key);
    return true;
  }

  /** Left and right along an edge, up and down within a column. */
  neighbour(key) {
    const { nodes, edges } = this.trace;
    const here = nodes[this.selected];
    const distance = (index) => Math.abs(nodes[index].y - here.y);
    let choice = [];
    if (key === "ArrowLeft") choice = edges.filter((edge) => edge.consumer === this.selected).map((edge) => edge.producer);
    else if (key === "ArrowRight") choice = edges.filter((edge) => edge.producer === this.selected).map((edge) => edge.consumer);
    else
      choice = nodes.flatMap((node, i) => (Math.abs(node.x - here.x) < 2 && (key === "ArrowUp" ? node.y < here.y : node.y > here.y) ? [i] : []));
    return choice.length ? choice.reduce((best, index) => (distance(index) < distance(best) ? index : best)) : null;
  }

  destroy() {
    for (const undo of this.undo) undo();
  }
}

export default {
  render({ model, el: host }) {
    const inspector = new Inspector(model, host);
    return () => inspector.destroy();
  },
};
