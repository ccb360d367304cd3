// BackwardStepper: a recorded backward pass, forwards and backwards, in the browser alone.
import { el, icon, iconButton, ownKeys } from "./shared/dom.js";
import { nodeDetails, section, sourceLine } from "./shared/details.js";
import { chooseLanguage, speaker } from "./shared/i18n.js";
import { formula } from "./shared/math.js";
import { Picture, nodeName } from "./shared/picture.js";
import { brief, isBrief, numberTag, shapeText, signOf, tensorBlock } from "./shared/tensors.js";
import { followTheme } from "./shared/theme.js";
import commonWords from "./shared/strings/common.json" with { type: "json" };
import graphWords from "./shared/strings/graph.json" with { type: "json" };

const VERSION = 1;
const PACE = 1400; // milliseconds a step while playing

class Stepper {
  constructor(model, host) {
    this.model = model;
    this.trace = model.get("trace");
    this.say = speaker({ ...commonWords, ...graphWords }, chooseLanguage(model.get("lang")));
    const say = this.say;
    this.root = el("div", { class: "pt-root pt-stepper", role: "group", lang: chooseLanguage(model.get("lang")) });
    host.append(this.root);
    this.undo = [];
    if (this.trace.version !== VERSION) return void this.root.append(el("p", { class: "pt-sentence", text: say("old_trace") }));
    this.tensor = (index) => (index === null || index === undefined ? null : this.trace.tensors[index]);
    this.count = this.trace.steps.length;
    this.rootName = this.trace.nodes[this.trace.root].name || say("result");
    this.root.setAttribute("aria-label", say("stepper_label", { name: this.rootName }));
    this.read();
    this.picture = new Picture(this.trace, { say, theme: () => this.root.dataset.theme ?? "light", select: (node) => this.select(node) });
    this.build();
    this.position = Math.min(model.get("position"), this.count);
    this.selected = null;
    this.undo.push(followTheme(this.root, () => this.draw()));
    this.undo.push(ownKeys(this.root, (event) => this.key(event)));
    const changed = () => {
      if (model.get("position") === this.position) return;
      this.position = model.get("position");
      this.selected = null;
      this.draw();
    };
    const noted = () => this.draw();
    model.on("change:position", changed);
    model.on("change:attached", noted);
    this.undo.push(() => model.off("change:position", changed), () => model.off("change:attached", noted), () => this.pause(), () => this.picture.destroy());
    this.draw();
  }

  /** When each node runs and what arrives where: read once, so that any position can be shown at once. */
  read() {
    this.ranAt = new Map();
    this.sentAt = new Map();
    this.arrivals = this.trace.nodes.map(() => []);
    this.trace.steps.forEach((step, i) => {
      this.ranAt.set(step.node, i + 1);
      for (const send of step.sends) {
        this.sentAt.set(send.edge, { at: i + 1, send });
        this.arrivals[this.trace.edges[send.edge].producer].push({ at: i + 1, send });
      }
    });
  }

  build() {
    const { say } = this;
    this.buttons = {
      first: iconButton("first", say("first"), () => this.go(0)),
      previous: iconButton("previous", say("previous"), () => this.go(this.position - 1)),
      play: iconButton("play", say("play"), () => this.toggle()),
      next: iconButton("next", say("next"), () => this.go(this.position + 1)),
      last: iconButton("last", say("last"), () => this.go(this.count)),
    };
    this.buttons.next.classList.add("pt-primary", "pt-next");
    this.buttons.next.prepend(el("span", { text: say("next_word") }));
    this.slider = el("input", { type: "range", class: "pt-scrub", min: 0, max: this.count, step: 1, "aria-label": say("scrub"), on: { input: () => this.go(Number(this.slider.value)) } });
    this.counter = el("span", { class: "pt-counter pt-muted" });
    this.sentence = el("p", { class: "pt-sentence", "aria-live": "polite", "aria-atomic": "true" });
    this.card = el("div", { class: "pt-card" });
    this.rows = this.trace.steps.map((step, i) => this.row(step, i));
    const heads = ["step_word", "node_word", "op_column", "receives", "sends", "source"].map((key) => el("th", { scope: "col", text: say(key) }));
    const table = el("details", { class: "pt-table" }, el("summary", { text: say("table_steps") }), el("div", {}, el("table", {}, el("thead", {}, el("tr", {}, ...heads)), el("tbody", {}, ...this.rows))));
    const way = el("div", { class: "pt-ways", "aria-hidden": "true" }, el("span", { text: `${say("forward")} →` }), el("span", { text: `← ${say("backward")}` }));
    this.picture.element.append(way);
    this.root.append(
      this.picture.element,
      el("div", { class: "pt-controls" }, this.buttons.first, this.buttons.previous, this.buttons.play, this.buttons.next, this.buttons.last, this.slider, this.counter),
      this.sentence,
      this.card,
      table,
    );
  }

  // -- moving
  go(position) {
    const target = Math.max(0, Math.min(this.count, position));
    if (target === this.position && this.selected === null) return;
    this.position = target;
    this.selected = null;
    this.draw();
    this.model.set("position", target);
    try {
      this.model.save_changes(); // the kernel follows where there is one
    } catch {
      // None: the trace has everything that the picture needs.
    }
  }

  toggle() {
    if (this.timer) return this.pause();
    if (this.position >= this.count) this.go(0);
    const tick = () => {
      if (!this.root.isConnected) return this.pause();
      this.go(this.position + 1);
      if (this.position >= this.count) this.pause();
    };
    this.timer = setInterval(tick, PACE);
    this.showPlay();
    if (this.position < this.count) tick();
  }

  pause() {
    clearInterval(this.timer);
    this.timer = null;
    if (this.buttons) this.showPlay();
  }

  showPlay() {
    const name = this.say(this.timer ? "pause" : "play");
    this.buttons.play.replaceChildren(icon(this.timer ? "pause" : "play"));
    this.buttons.play.setAttribute("aria-label", name);
    this.buttons.play.title = name;
  }

  key({ key, target }) {
    const moves = { ArrowRight: 1, ArrowLeft: -1, ArrowDown: 1, ArrowUp: -1, PageDown: 5, PageUp: -5 };
    const inTable = target.closest?.(".pt-table");
    if (key in moves && !(inTable && !key.includes("Left") && !key.includes("Right"))) this.pause(), this.go(this.position + moves[key]);
    else if (key === "Home") this.pause(), this.go(0);
    else if (key === "End") this.pause(), this.go(this.count);
    else if (key === " " && !inTable && (!target.matches?.("button") || target === this.buttons.play)) this.toggle();
    else if ((key === "Enter" || key === " ") && target.closest?.(".pt-node")) this.select(this.picture.nodes.findIndex(({ group }) => group === target));
    else if (key === "Escape" && this.selected !== null) this.select(null);
    else return this.picture.key(key);
    return true;
  }

  select(node) {
    this.pause();
    this.selected = node === this.selected ? null : node;
    this.draw();
  }

  // -- drawing
  draw() {
    if (this.position === undefined) return;
    const { position, trace } = this;
    const step = position ? trace.steps[position - 1] : null;
    this.buttons.first.disabled = this.buttons.previous.disabled = position === 0;
    this.buttons.last.disabled = this.buttons.next.disabled = position === this.count;
    this.slider.value = position;
    this.slider.style.setProperty("--done", `${(100 * position) / Math.max(1, this.count)}%`);
    this.counter.textContent = `${position} / ${this.count}`;
    const spoken = step ? this.say("position", { k: position, n: this.count }) : this.say("before_first", { n: this.count });
    this.slider.setAttribute("aria-valuetext", spoken);
    this.sentence.textContent = step ? this.speak(step, position) : this.say("start_sentence", { root: this.rootName, value: this.phrase(this.tensor(trace.nodes[trace.root].value), "value_phrase") });
    trace.nodes.forEach((node, i) => this.picture.setNode(i, this.stateOf(i, position)));
    const active = new Set(step ? step.sends.map((send) => send.edge) : []);
    const arrived = step && trace.nodes[step.node].kind === "leaf" ? this.arrivals[step.node] : [];
    trace.edges.forEach((edge, i) => {
      const sent = this.sentAt.get(i);
      const state = !sent || sent.at > position ? "idle" : active.has(i) || arrived.some(({ send }) => send.edge === i) ? "active" : "done";
      this.picture.setEdge(i, state, sent ? signOfTensor(this.tensor(sent.send.gradient)) : "");
    });
    const shown = step ? [...step.sends, ...arrived.map(({ send }) => send)].filter((send) => send.gradient !== null) : [];
    this.picture.setChips(shown.map((send) => ({ edge: send.edge, tensor: this.tensor(send.gradient) })));
    this.picture.mark(this.selected);
    this.picture.follow(this.selected ?? step?.node ?? trace.root);
    this.rows.forEach((row, i) => (i === position - 1 ? row.setAttribute("aria-current", "step") : row.removeAttribute("aria-current")));
    this.card.replaceChildren(...(this.selected !== null ? this.detailCard() : step ? this.stepCard(step, position) : []));
    this.card.hidden = !this.card.childNodes.length;
    this.calm();
    if (position === this.count && this.selected === null) this.card.append(el("p", { class: "pt-done" }, this.say("done")));
    if (this.model.get("attached") === false) this.card.append(el("p", { class: "pt-note", text: this.say("detached") }));
  }

  /** The card keeps the height that it once had, so that the page stands still while the steps go by. */
  calm() {
    if (this.width !== this.root.clientWidth) this.card.style.minHeight = "";
    this.width = this.root.clientWidth;
    const height = Math.min(260, this.card.offsetHeight);
    if (height > (Number.parseFloat(this.card.style.minHeight) || 0)) this.card.style.minHeight = `${height}px`;
  }

  stateOf(index, position) {
    const ran = this.ranAt.get(index);
    const step = ran ? this.trace.steps[ran - 1] : null;
    const arrived = this.arrivals[index].filter(({ at }) => at <= position);
    const expected = this.arrivals[index].length;
    if (ran && ran <= position) {
      const gradient = this.tensor(this.trace.nodes[index].kind === "leaf" ? step.after : step.incoming[0]);
      return { state: ran === position ? "active" : "done", gradient };
    }
    const leaf = this.trace.nodes[index].kind === "leaf";
    if (arrived.length) {
      const { send } = arrived.at(-1);
      const badge = expected > 1 ? `${arrived.length}/${expected}` : "";
      return { state: "waiting", gradient: this.tensor(send.running ?? send.gradient), badge, label: leaf ? "sum" : "" };
    }
    const before = leaf && step ? this.tensor(step.before) : null;
    return { state: "idle", gradient: before };
  }

  phrase(tensor, key = "tensor_phrase") {
    if (!tensor) return this.say(key === "value_phrase" ? "unknown_value" : "nothing");
    return isBrief(tensor) ? brief(tensor) : this.say(key, { shape: shapeText(tensor.shape) });
  }

  nameOf(index) {
    return nodeName(this.trace.nodes[index]);
  }

  speak(step, position) {
    const node = this.trace.nodes[step.node];
    const incoming = this.phrase(this.tensor(step.incoming.find((index) => index !== null)));
    const common = { k: position, n: this.count, incoming, m: step.arrivals };
    if (node.kind === "leaf") return this.say(step.arrivals > 1 ? "leaf_sum_sentence" : "leaf_sentence", { ...common, name: node.name || node.op, after: this.phrase(this.tensor(step.after), "value_phrase") });
    const sends = step.sends.map((send) => this.say("send_phrase", { value: this.phrase(this.tensor(send.gradient)), target: this.nameOf(this.trace.edges[send.edge].producer) }));
    const list = sends.length > 2 ? sends.slice(0, -1).join(this.say("comma")) + this.say("and") + sends.at(-1) : sends.join(this.say("and"));
    return this.say(step.arrivals > 1 ? "op_sum_sentence" : "op_sentence", { ...common, op: node.op, sends: list || this.say("nothing") });
  }

  block(index, options) {
    return tensorBlock(this.tensor(index), this.say, this.root.dataset.theme ?? "light", options);
  }

  stepCard(step, position) {
    const { say, trace } = this;
    const node = trace.nodes[step.node];
    const first = step.node === trace.root;
    const start = first && step.incoming.length && this.tensor(step.incoming[0])?.values?.join() === "1.0";
    const origin = first ? (start ? say("from_outside", { root: this.rootName }) : say("given")) : step.arrivals > 1 ? say("sum_of", { m: step.arrivals }) : "";
    const receives = section(say("receives"), ...step.incoming.map((index) => this.block(index)), origin && el("small", { class: "pt-muted", text: origin }));
    if (node.kind === "leaf") return this.leafCard(step, node, receives);
    const rule = node.rule === null ? null : trace.rules[node.rule];
    const runs = section(
      say("rule"),
      el("h4", {}, el("span", { text: node.title }), el("small", { class: "pt-mono pt-muted", text: node.op })),
      rule ? formula(rule.formula.mathml, rule.formula.text) : el("span", { class: "pt-muted", text: say("no_formula") }),
      rule && this.meanings(step.node, node, rule),
      sourceLine(node, say),
    );
    runs.classList.add("pt-runs");
    const sends = section(say("sends"), ...step.sends.map((send) => this.sendRow(step, send, rule)), this.legend(step, rule));
    sends.classList.add("pt-sends");
    return [receives, runs, sends];
  }

  /** What the letters of the formula stand for here: a is w, which is 2.0. */
  meanings(index, node, rule) {
    const rows = this.trace.edges
      .filter((edge) => edge.consumer === index && edge.label && edge.label.length === 1)
      .map((edge) => [edge.label, this.trace.nodes[edge.producer]]);
    const kept = node.kept.filter(({ name, text }) => text && name === "n" && rule.inputs.includes("a")).map(({ text }) => ["n", { name: "", value: null, shape: null, text }]);
    const result = ["out", { name: this.say("result"), value: node.value, shape: node.shape, told: true }];
    const cells = [...rows, ...kept, result].flatMap(([letter, { name, title, value, shape, text, told }]) => {
      const number = text ?? (value === null ? "" : brief(this.tensor(value)));
      return [el("i", { text: letter, class: told && "pt-out" }), el("span", { class: told ? "pt-muted" : "pt-mono", text: name || title || "" }), el("span", { class: "pt-mono pt-muted", text: number || (shape ? shapeText(shape) : "") })];
    });
    return cells.length ? el("div", { class: "pt-where" }, ...cells) : null;
  }

  sendRow(step, send, rule) {
    const { say, trace } = this;
    const edge = trace.edges[send.edge];
    const target = this.nameOf(edge.producer);
    const gradient = this.tensor(send.gradient);
    const slot = rule ? rule.inputs.indexOf(edge.label) : -1;
    const law = slot >= 0 ? rule.gradients[slot] : null;
    const scalar = gradient?.values?.length === 1;
    const producer = trace.nodes[edge.producer];
    const row = el("div", { class: "pt-send" }, el("button", { type: "button", class: "pt-target", title: producer.op, on: { click: () => this.select(edge.producer) } }, `→ ${producer.name || producer.title}`));
    const work = el("div", { class: "pt-work" });
    if (law) work.append(formula(law.mathml, law.text));
    if (send.numbers) work.append(formula(send.numbers.mathml, send.numbers.text));
    const identity = this.tensor(send.local)?.stats?.min === "1.0" && this.tensor(send.local).stats.max === "1.0";
    if (!scalar && send.local !== null && !identity) {
      const labelled = (index, key) => el("figure", {}, this.block(index, { stats: false }), el("figcaption", { text: say(key) }));
      work.append(el("div", { class: "pt-product" }, labelled(step.incoming[0], "incoming"), el("span", {}, "×", labelled(send.local, "local")), el("span", {}, "=", labelled(send.gradient, "sent"))));
    } else if (!scalar) work.append(this.block(send.gradient));
    else if (!send.numbers) work.append(send.local !== null ? this.product(step.incoming[0], send.local, send.gradient) : numberTag(gradient.values[0]));
    if (send.note === "summed") work.append(el("small", { class: "pt-muted", text: say("summed", { target, from: shapeText(gradient.shape), to: shapeText(this.tensor(step.incoming[0]).shape) }) }));
    if (send.n > 1) {
      const dots = el("span", { class: "pt-dots", "aria-hidden": "true" }, ...Array.from({ length: Math.min(send.n, 12) }, (_, i) => el("i", { class: i < send.k ? "pt-on" : "" })));
      const sum = this.tensor(send.running);
      work.append(el("small", { class: "pt-accumulate" }, dots, say("contribution", { k: send.k, n: send.n }), " · ", say("running", { value: brief(sum) })));
    }
    row.append(work);
    return row;
  }

  product(incoming, local, sent) {
    const value = (index) => numberTag(this.tensor(index).values?.[0] ?? shapeText(this.tensor(index).shape));
    return el("span", { class: "pt-product" }, value(incoming), "×", value(local), "=", value(sent));
  }

  legend(step, rule) {
    if (!rule) return null;
    const used = step.sends.map((send) => rule.gradients[rule.inputs.indexOf(this.trace.edges[send.edge].label)]?.text ?? "").join(" ");
    const parts = [];
    if (used) parts.push(el("span", {}, formula("<math><mi>g</mi></math>", "g"), ` = ${this.say("bar_means", { root: this.rootName })}`));
    if (/\[[^\]]*[<>=≤≥]/.test(used)) parts.push(el("span", { text: `[ ] = ${this.say("bracket_means")}` }));
    return parts.length ? el("div", { class: "pt-legend pt-muted" }, ...parts) : null;
  }

  leafCard(step, node, receives) {
    const { say } = this;
    const name = node.name || node.op;
    const before = this.tensor(step.before);
    const runs = section(say("rule"), el("h4", {}, el("span", { text: name })), el("code", { class: "pt-mono", text: `${name}.grad += ${isBrief(this.tensor(step.incoming[0])) ? brief(this.tensor(step.incoming[0])) : "…"}` }), el("small", { class: "pt-muted", text: say("accumulate", { name }) }));
    runs.classList.add("pt-runs");
    const figure = (index, key) => el("figure", {}, this.block(index, { stats: key === "after" }), el("figcaption", { text: say(key) }));
    const sum = before
      ? el("div", { class: "pt-product" }, figure(step.before, "before"), "+", figure(step.incoming[0], "received"), "=", figure(step.after, "after"))
      : el("div", { class: "pt-product" }, figure(step.after, "after"));
    const result = section(`${name}.grad`, sum);
    result.classList.add("pt-sends");
    if (step.hooked) result.append(el("small", { class: "pt-note", text: say("hooked") }));
    const gained = this.tensor(step.incoming[0]);
    const rootValue = this.tensor(this.trace.nodes[this.trace.root].value);
    if (gained?.values?.length === 1 && rootValue?.numel === 1 && !gained.shape.length && !step.hooked)
      result.append(el("small", { class: "pt-muted", text: say("meaning", { name, root: this.rootName, grad: gained.values[0] }) }));
    return [receives, runs, result];
  }

  detailCard() {
    const { say } = this;
    const ran = this.ranAt.get(this.selected);
    const buttons = el(
      "div",
      { class: "pt-row" },
      ran && el("button", { type: "button", class: "pt-button pt-textual", on: { click: () => this.go(ran) } }, say("goto_step", { k: ran })),
      el("button", { type: "button", class: "pt-button pt-textual", on: { click: () => this.select(null) } }, say("back_to_step")),
    );
    const details = nodeDetails(this.trace, this.selected, { say, theme: () => this.root.dataset.theme ?? "light", go: (node) => this.select(node) });
    details.append(buttons);
    details.classList.add("pt-wide");
    return [details];
  }

  row(step, i) {
    const node = this.trace.nodes[step.node];
    const sends = step.sends.map((send) => this.say("send_phrase", { value: brief(this.tensor(send.gradient)), target: this.nameOf(this.trace.edges[send.edge].producer) })).join(this.say("comma"));
    const cells = [node.name || node.title, node.op, step.incoming.map((index) => brief(this.tensor(index))).join(", "), node.kind === "leaf" ? `.grad = ${brief(this.tensor(step.after))}` : sends, node.source ? node.source.code : ""];
    const jump = el("button", { type: "button", class: "pt-link", "aria-label": this.say("position", { k: i + 1, n: this.count }), on: { click: () => this.go(i + 1) } }, String(i + 1));
    return el("tr", {}, el("td", {}, jump), ...cells.map((text) => el("td", { class: "pt-mono", text })));
  }

  destroy() {
    for (const undo of this.undo) undo();
  }
}

/** One sign for a whole gradient; "mixed" where it has both. */
function signOfTensor(tensor) {
  if (!tensor) return "zero";
  if (tensor.values?.length === 1) return signOf(tensor.values[0]);
  if (!tensor.stats) return "zero";
  const { nan, inf, negative, zero } = tensor.stats;
  if (nan || inf) return "alarm";
  if (zero === tensor.numel) return "zero";
  return negative === 0 ? "pos" : negative + zero === tensor.numel ? "neg" : "mixed";
}

export default {
  render({ model, el: host }) {
    const stepper = new Stepper(model, host);
    return () => stepper.destroy();
  },
};
