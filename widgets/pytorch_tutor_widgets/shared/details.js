// What is known about one node: its formula, its value, its source line, its neighbours, what it keeps.
import { el } from "./dom.js";
import { formula } from "./math.js";
import { nodeName } from "./picture.js";
import { brief, isBrief, shapeText, tensorBlock } from "./tensors.js";

/** The source line of a node, or nothing where it is unknown. */
export function sourceLine(node, say) {
  if (!node.source) return null;
  const { file, line, code } = node.source;
  const place = file ? say("line_of", { file, line }) : say("line", { line });
  return el("div", { class: "pt-source" }, el("span", { class: "pt-muted", text: place }), el("code", { class: "pt-mono", text: code }));
}

/**
 * @param {any} trace @param {number} index
 * @param {{say: Function, theme: () => "light" | "dark", go: (node: number) => void}} tools
 */
export function nodeDetails(trace, index, { say, theme, go }) {
  const node = trace.nodes[index];
  const rule = node.rule === null ? null : trace.rules[node.rule];
  const value = node.value === null ? null : trace.tensors[node.value];
  const inputs = trace.edges.filter((edge) => edge.consumer === index);
  const users = trace.edges.filter((edge) => edge.producer === index);
  const link = (other, label) =>
    el("button", { type: "button", class: "pt-link pt-mono", on: { click: () => go(other) } }, label ? `${label} = ` : "", nodeName(trace.nodes[other]) || say("constant_word"), " ", el("span", { class: "pt-muted", text: known(trace, trace.nodes[other]) }));
  return el(
    "div",
    { class: "pt-details" },
    el("h4", {}, el("span", { text: node.name || node.title || say("constant_word") }), node.name && node.kind === "op" ? el("small", { text: node.title }) : null),
    el("div", { class: "pt-mono pt-muted", text: [node.kind === "op" ? node.op : "", node.dtype, shapeText(node.shape)].filter(Boolean).join("  ·  ") }),
    node.kind === "op" ? null : el("p", { class: "pt-muted", text: say(node.kind) }),
    sourceLine(node, say),
    rule && section(say("forward_rule"), formula(rule.formula.mathml, rule.formula.text)),
    rule && section(say("backward_rule"), ...rule.gradients.map((gradient) => el("div", {}, formula(gradient.mathml, gradient.text)))),
    node.kind === "op" && !rule && el("p", { class: "pt-muted", text: say("no_formula") }),
    value && section(say("value"), tensorBlock(value, say, theme(), { signed: false })),
    inputs.length > 0 && section(say("inputs"), ...inputs.map((edge) => link(edge.producer, edge.label))),
    users.length > 0 && section(say("used_by"), ...users.map((edge) => link(edge.consumer, ""))),
    node.kept.length > 0 &&
      section(
        say("keeps"),
        ...node.kept.map((kept) => el("div", { class: "pt-mono" }, `${kept.name} `, el("span", { class: "pt-muted", text: kept.tensor === null ? kept.text : brief(trace.tensors[kept.tensor]) }))),
      ),
  );
}

/** A node's value where it is short, else its shape. */
function known(trace, node) {
  const value = node.value === null ? null : trace.tensors[node.value];
  return isBrief(value) ? brief(value) : node.shape ? shapeText(node.shape) : "";
}

/** A heading with something under it. */
export function section(title, ...children) {
  return el("section", {}, el("h5", { text: title }), ...children);
}
