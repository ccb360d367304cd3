// The picture of a graph: boxes and edges from the trace's coordinates; zoom, pan, and one state per node and edge.
import { el, iconButton, svg } from "./dom.js";
import { brief, heatURL, isBrief, shapeText, signOf } from "./tensors.js";

const MOST = 420; // height in pixels that the picture takes at most
const READABLE = 0.62; // below this scale a graph is not shrunk to fit: it is moved instead

/** What a node is called in sentences: the user's name, else PyTorch's. */
export const nodeName = (node) => node.name || node.op || node.title || "";

export class Picture {
  /**
   * @param {any} trace
   * @param {{say: Function, theme: () => "light" | "dark", select: (node: number) => void, hover?: (node: number | null) => void}} options
   */
  constructor(trace, options) {
    Object.assign(this, options);
    this.trace = trace;
    this.view = null;
    this.world = svg("g");
    this.canvas = svg("svg", { class: "pt-canvas", role: "group", "aria-label": this.say("picture", { nodes: trace.nodes.length }) }, this.world);
    this.edges = trace.edges.map((edge) => this.drawEdge(edge));
    this.nodes = trace.nodes.map((node, index) => this.drawNode(node, index));
    this.chips = svg("g", { "aria-hidden": "true" });
    this.world.append(svg("g", {}, ...this.edges.map(({ group }) => group)), svg("g", {}, ...this.nodes.map(({ group }) => group)), this.chips);
    this.tools = el(
      "div",
      { class: "pt-zoom" },
      iconButton("minus", this.say("zoom_out"), () => this.zoom(1 / 1.25)),
      iconButton("fit", this.say("fit"), () => this.fit(true)),
      iconButton("plus", this.say("zoom_in"), () => this.zoom(1.25)),
    );
    this.element = el("div", { class: "pt-picture" }, this.canvas, this.tools);
    this.listen();
  }

  drawEdge(edge) {
    const line = svg("path", { class: "pt-edge-line", d: curve(edge.points) });
    const flow = svg("path", { class: "pt-edge-flow", d: curve([...edge.points].reverse()) });
    const [end, start] = [edge.points.at(-1), edge.points[0]];
    const group = svg(
      "g",
      { class: "pt-edge" },
      line,
      flow,
      svg("path", { class: "pt-head", d: `M${end[0]} ${end[1]}l-7 -3.6v7.2z` }),
      svg("path", { class: "pt-head-back", d: `M${start[0]} ${start[1]}l9 -5v10z` }),
    );
    group.append(svg("title", { text: shapeText(edge.shape) }));
    return { group, edge };
  }

  drawNode(node, index) {
    const { width: w, height: h } = node;
    const group = svg("g", { class: `pt-node pt-${node.kind}`, transform: `translate(${node.x - w / 2} ${node.y - h / 2})`, role: "button", tabindex: index === this.trace.root ? 0 : -1, "aria-label": this.describe(node) });
    group.append(svg("rect", { class: "pt-halo", x: -4, y: -4, width: w + 8, height: h + 8, rx: 12 }));
    group.append(svg("rect", { class: "pt-box", width: w, height: h, rx: node.kind === "op" ? 9 : 4 }));
    if (node.kind === "leaf") group.append(svg("rect", { class: "pt-mark", width: 4, height: h, rx: 2 }));
    const value = node.value === null ? null : this.trace.tensors[node.value];
    const unnamed = node.kind === "constant" && !node.name && !node.title;
    const words = { leaf: this.say("leaf_word"), constant: value?.numel === 1 ? brief(value) : this.say("constant_word") };
    const title = node.kind === "op" ? node.title : node.name || node.title || words[node.kind];
    const named = node.kind === "op" && node.name;
    const room = Math.floor((w - 20) / 7.4);
    group.append(svg("text", { class: `pt-title${unnamed ? " pt-quiet" : ""}`, x: named ? 11 : w / 2, y: 20, "text-anchor": named ? "start" : "middle", text: clip(title, named ? room - node.name.length - 1 : room) }));
    if (named) group.append(svg("text", { class: "pt-name", x: w - 11, y: 20, "text-anchor": "end", text: clip(node.name, room - 2) }));
    const wide = (text) => text.length * 7.3 + 10 > w;
    const second = isBrief(value) && !wide(brief(value)) ? brief(value) : shapeText(node.shape);
    const third = node.kind === "constant" && !node.name && node.title ? this.say("constant_word") : unnamed && (value?.numel === 1 || !node.shape) ? (value ? this.say("constant_word") : "") : second === "?" ? "" : second;
    group.append(svg("text", { class: "pt-value", x: w / 2, y: 37, "text-anchor": "middle", text: clip(third, Math.floor(w / 6.6)) }));
    const stepped = this.trace.steps.length > 0 && node.kind !== "constant";
    const grad = svg("g", { class: "pt-grad", transform: `translate(0 ${h - 22})` });
    if (stepped) group.append(svg("line", { class: "pt-rule", x1: 8, x2: w - 8, y1: h - 24, y2: h - 24 }), grad);
    group.addEventListener("click", () => this.select(index));
    group.addEventListener("pointerenter", () => this.hover?.(index));
    group.addEventListener("pointerleave", () => this.hover?.(null));
    return { group, grad, node, key: null };
  }

  describe(node) {
    const parts = [node.name, node.op || this.say("constant_word"), shapeText(node.shape)];
    const value = node.value === null ? null : this.trace.tensors[node.value];
    if (value && isBrief(value)) parts.push(`${this.say("value")} ${brief(value)}`);
    return parts.filter(Boolean).join(", ");
  }

  /**
   * Show a node's state. `state`: "idle", "waiting", "done" or "active"; `gradient` what it has received so far.
   * @param {number} index @param {{state: string, gradient?: any, badge?: string, label?: string}} what
   */
  setNode(index, { state, gradient = null, badge = "", label = "" }) {
    const drawn = this.nodes[index];
    const key = `${state}|${badge}|${label}|${this.theme()}|${gradient ? JSON.stringify([gradient.values, gradient.picture?.cells]) : ""}`;
    if (drawn.key === key) return;
    drawn.key = key;
    drawn.group.dataset.state = state;
    const { width: w } = drawn.node;
    drawn.grad.replaceChildren();
    if (drawn.node.kind === "constant" || !this.trace.steps.length) return;
    const words = label || (drawn.node.kind === "leaf" ? ".grad" : "grad");
    drawn.grad.append(svg("text", { class: badge ? "pt-badge" : "pt-grad-label", x: 9, y: 14, text: badge || words }));
    const right = w - 9;
    if (!gradient) drawn.grad.append(svg("text", { class: "pt-quiet", x: right, y: 14, "text-anchor": "end", text: "–" }));
    else drawn.grad.append(this.small(gradient, right, 10, w - 56, "end"));
  }

  /** A gradient in little room: a signed number or a small heatmap. */
  small(tensor, x, y, room, anchor) {
    const group = svg("g");
    if (tensor.values?.length === 1) {
      const text = tensor.values[0];
      const width = text.length * 6.7;
      const left = anchor === "end" ? x - width : x - width / 2 + 5;
      group.append(svgMark(signOf(text), left - 12, y - 4), svg("text", { class: `pt-number pt-${signOf(text)}`, x: left, y: y + 4, text }));
    } else if (tensor.picture) {
      const { rows, cols } = tensor.picture;
      const [width, height] = [Math.min(room, 15 * cols), Math.min(15, 12 * rows)];
      const left = anchor === "end" ? x - width : x - width / 2;
      group.append(svg("image", { href: heatURL(tensor.picture, this.theme()), x: left, y: y - height / 2, width, height, preserveAspectRatio: "none" }));
      group.append(svg("rect", { class: "pt-frame", x: left, y: y - height / 2, width, height }));
    }
    return group;
  }

  /** @param {number} index @param {"idle" | "done" | "active"} state @param {string} sign */
  setEdge(index, state, sign = "") {
    const { group } = this.edges[index];
    group.dataset.state = state;
    group.dataset.sign = sign;
  }

  /** Labels on edges: what travels along them in this step. @param {{edge: number, tensor: any, note?: string}[]} labels */
  setChips(labels) {
    const taken = [];
    this.chips.replaceChildren(
      ...labels.map(({ edge, tensor }) => {
        let [x, y] = middle(this.trace.edges[edge].points);
        while (taken.some(([left, top]) => Math.abs(left - x) < 60 && Math.abs(top - y) < 24)) y += 24;
        taken.push([x, y]);
        const scalar = tensor.values?.length === 1;
        const width = scalar ? tensor.values[0].length * 6.7 + 26 : Math.min(68, Math.max(28, (tensor.picture?.cols ?? 1) * 15 + 14));
        return svg("g", { class: "pt-chip", transform: `translate(${x} ${y})` }, svg("rect", { x: -width / 2, y: -11, width, height: 22, rx: 11 }), this.small(tensor, 0, 0, width - 14, "middle"));
      }),
    );
  }

  mark(selected) {
    this.nodes.forEach(({ group }, i) => {
      group.classList.toggle("pt-selected", i === selected);
      group.setAttribute("tabindex", i === (selected ?? this.trace.root) ? 0 : -1);
    });
    this.edges.forEach(({ group, edge }) => group.classList.toggle("pt-near", selected !== null && (edge.producer === selected || edge.consumer === selected)));
  }

  // -- moving about
  listen() {
    let from = null;
    this.canvas.addEventListener("pointerdown", (event) => {
      if (event.button === 0) from = [event.clientX, event.clientY, this.view.x, this.view.y, false];
    });
    this.canvas.addEventListener("pointermove", (event) => {
      if (!from || !(event.buttons & 1)) return void (from = null);
      const [dx, dy] = [event.clientX - from[0], event.clientY - from[1]];
      if (!from[4] && Math.hypot(dx, dy) < 4) return;
      if (!from[4]) this.canvas.setPointerCapture(event.pointerId);
      from[4] = true;
      this.moved = true;
      this.show({ ...this.view, x: from[2] + dx, y: from[3] + dy });
    });
    this.canvas.addEventListener("pointerup", () => (from = null));
    this.canvas.addEventListener(
      "wheel",
      (event) => {
        if (!event.ctrlKey && !event.metaKey) return; // the page scrolls as ever
        event.preventDefault();
        const box = this.canvas.getBoundingClientRect();
        this.zoom(Math.exp(-event.deltaY / 300), event.clientX - box.left, event.clientY - box.top);
      },
      { passive: false },
    );
    this.watcher = new ResizeObserver(() => this.fit(false));
    this.watcher.observe(this.element);
  }

  /** The graph at a readable size, or, when `all` of it is asked for, whole. */
  fit(all) {
    const width = this.element.clientWidth;
    if (!width || (this.moved && !all)) return;
    this.moved = false;
    this.whole ||= all;
    const { width: w, height: h } = this.trace;
    const whole = Math.min(1.15, width / w, MOST / h);
    const readable = Math.max(whole, READABLE);
    const scale = this.whole ? whole : readable;
    this.height = Math.max(90, Math.min(MOST, h * readable));
    this.canvas.setAttribute("height", this.height);
    this.show({ scale, x: w * scale <= width ? (width - w * scale) / 2 : width - w * scale, y: (this.height - h * scale) / 2 });
    this.partial = w * scale > width + 1 || h * scale > this.height + 1;
    if (this.partial && this.focused !== undefined) this.follow(this.focused);
  }

  zoom(factor, x = this.element.clientWidth / 2, y = this.height / 2) {
    const scale = Math.min(3, Math.max(0.05, this.view.scale * factor));
    const ratio = scale / this.view.scale;
    this.moved = this.partial = true;
    this.whole = false;
    this.show({ scale, x: x - (x - this.view.x) * ratio, y: y - (y - this.view.y) * ratio });
  }

  /** Bring a node into sight, if part of the graph is out of sight. */
  follow(index) {
    this.focused = index;
    if (!this.partial || !this.view) return;
    const { x, y } = this.trace.nodes[index];
    const [width, { scale }] = [this.element.clientWidth, this.view];
    const [left, top] = [x * scale + this.view.x, y * scale + this.view.y];
    const view = { ...this.view };
    // Moved no further than the graph's own edges, so that half an empty picture never comes into sight.
    const within = (wish, size, room) => (size <= room ? (room - size) / 2 : Math.min(0, Math.max(room - size, wish)));
    if (left < width * 0.25 || left > width * 0.75) view.x = within(width / 2 - x * scale, this.trace.width * scale, width);
    if (top < 50 || top > this.height - 50) view.y = within(this.height / 2 - y * scale, this.trace.height * scale, this.height);
    this.show(view);
  }

  show(view) {
    this.view = view;
    this.world.style.transform = `translate(${view.x}px, ${view.y}px) scale(${view.scale})`;
  }

  /** The keys of the picture; true where the key was one. */
  key(key) {
    if (key === "+" || key === "=") this.zoom(1.25);
    else if (key === "-") this.zoom(1 / 1.25);
    else if (key === "0") this.fit(true);
    else return false;
    return true;
  }

  destroy() {
    this.watcher.disconnect();
  }
}

function svgMark(sign, x, y) {
  const shapes = { pos: "M4 .5 7.7 7.2H.3z", neg: "M4 7.5.3.8h7.4z", zero: "M4 1.2a2.8 2.8 0 1 0 .01 0M4 2.6a1.4 1.4 0 1 1-.01 0", alarm: "M1.6.4 4 2.8 6.4.4l1.2 1.2L5.2 4l2.4 2.4-1.2 1.2L4 5.2 1.6 7.6.4 6.4 2.8 4 .4 1.6z" };
  return svg("path", { class: `pt-sign pt-${sign}`, d: shapes[sign], transform: `translate(${x} ${y})`, "fill-rule": "evenodd" });
}

const clip = (text, room) => (text.length > Math.max(3, room) ? `${text.slice(0, Math.max(2, room - 1))}…` : text);

function curve(points) {
  let path = `M${points[0][0]} ${points[0][1]}`;
  for (let i = 1; i < points.length; i++) {
    const [[x0, y0], [x1, y1]] = [points[i - 1], points[i]];
    const bend = (x1 - x0) / 2;
    path += `C${x0 + bend} ${y0} ${x1 - bend} ${y1} ${x1} ${y1}`;
  }
  return path;
}

/** A point half way along the edge; a curve between two points passes half way between them. */
function middle(points) {
  const i = Math.floor((points.length - 1) / 2);
  return [(points[i][0] + points[i + 1][0]) / 2, (points[i][1] + points[i + 1][1]) / 2];
}
