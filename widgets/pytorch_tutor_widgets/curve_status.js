// The head of a LossCurve: state, progress, time left, speed, learning rate, Pause and Stop.

import { el, icon } from "./shared/dom.js";
import { ask } from "./live.js";

/** The kernel's states, and the words for them. */
const STATES = {
  idle: "state_idle",
  running: "state_running",
  evaluating: "state_evaluating",
  paused: "state_paused",
  finished: "state_finished",
  stopped: "state_stopped",
  interrupted: "state_interrupted",
  failed: "state_failed",
  left: "state_left",
};

/**
 * @param {any} model @param {any} common @param {(key: string, values?: Record<string, unknown>) => string} say
 * @param {string} lang
 */
export function curveStatus(model, common, say, lang) {
  const title = el("h3", { class: "pt-live-title" });
  const badge = el("span", { class: "pt-live-badge", role: "status" });
  const rate = el("input", { type: "text", inputmode: "decimal", size: 8, title: say("rate_title"), "data-key": "rate" });
  const rateLabel = el("label", { class: "pt-curve-rate", hidden: true }, say("rate"), rate);
  const pause = button("pause", "pause");
  const stop = button("stop", "stop");
  stop.node.title = say("stop_title");
  const buttons = el("span", { class: "pt-curve-buttons", hidden: true }, pause.node, stop.node);
  const meter = el("progress", { "aria-label": say("progress"), max: 1 });
  const line = el("span", { class: "pt-curve-line-text" });
  const hint = el("p", { class: "pt-curve-hint", role: "status", hidden: true });
  const bar = el("div", { class: "pt-curve-bar" }, meter, el("div", { class: "pt-curve-row" }, line, rateLabel), hint);
  let hintTimer = 0;

  function button(key, picture) {
    const text = el("span", { text: say(key) });
    const node = el("button", { type: "button", class: "pt-button", "data-key": key }, icon(picture), text);
    let kind = picture;
    return {
      node,
      text,
      /** @param {string} name */
      become(name, wanted) {
        if (kind !== wanted) node.firstChild.replaceWith(icon(wanted));
        kind = wanted;
        text.textContent = say(name);
      },
    };
  }

  const now = () => common.store.status ?? { state: "idle", run: 0, done: 0, advice: [] };
  const active = () => ["running", "paused"].includes(now().state);

  function request(action, extra = {}) {
    if (!active() || common.asked?.run === now().run) return;
    if (action === "stop") common.asked = { run: now().run };
    ask(model, { action, run: now().run, ...extra });
    clearTimeout(hintTimer);
    const before = now().state;
    // A batch may take its time. If nothing has changed after two seconds, say what else can be done.
    hintTimer = setTimeout(() => {
      hint.textContent = say("unheard");
      hint.hidden = !active() || (action !== "stop" && now().state !== before);
    }, 2000);
    draw();
  }

  pause.node.addEventListener("click", () => request(now().state === "paused" ? "resume" : "pause"));
  stop.node.addEventListener("click", () => request("stop"));
  rate.addEventListener("keydown", (event) => {
    if (event.key !== "Enter" || !active()) return;
    const value = Number(rate.value);
    if (rate.value.trim() !== "" && Number.isFinite(value) && value >= 0) {
      rate.removeAttribute("aria-invalid");
      ask(model, { action: "rate", run: now().run, value });
    } else rate.setAttribute("aria-invalid", "true");
  });

  function time(seconds) {
    if (seconds < 9.95) return say("seconds", { s: seconds.toFixed(1) });
    const whole = Math.round(seconds);
    if (whole < 60) return say("seconds", { s: whole });
    if (whole < 3600) return say("minutes", { m: Math.floor(whole / 60), s: whole % 60 });
    return say("hours", { h: Math.floor(whole / 3600), m: Math.floor((whole % 3600) / 60) });
  }

  function sentence(status) {
    const { epoch, epochs, done, total, left, elapsed, speed, samples } = status;
    const parts = [];
    if (epochs > 1) parts.push(say("epochs", { epoch, epochs }));
    if (done) parts.push(say(total ? "batches" : "batches_open", { done, total }));
    if (done && active() && left !== null) parts.push(say("left", { time: time(left) }));
    else if (done && active()) parts.push(say("running_for", { time: time(elapsed) }));
    else if (done) parts.push(say("took", { time: time(elapsed) }));
    if (speed) parts.push(say(samples ? "per_second" : "batches_per_second", { speed: speed >= 100 ? Math.round(speed).toLocaleString(lang) : Number(speed.toPrecision(3)) }));
    return parts.join(" · ");
  }

  function draw() {
    const status = now();
    const stopping = active() && common.asked?.run === status.run;
    const state = status.evaluating && status.state === "running" ? "evaluating" : status.state;
    const told = stopping ? say("stopping") : say(STATES[state]);
    title.textContent = model.get("title") || say("heading");
    if (badge.textContent !== told) badge.textContent = told;
    badge.dataset.state = state;
    pause.become(status.state === "paused" ? "resume" : "pause", status.state === "paused" ? "play" : "pause");
    for (const { node } of [pause, stop]) node.setAttribute("aria-disabled", String(!active() || stopping));
    // Shown from the first run on, and never taken away under the pointer or the focus.
    buttons.hidden = !status.run;
    meter.hidden = !status.run;
    if (status.total) meter.value = status.done / status.total;
    else if (active()) meter.removeAttribute("value");
    else meter.value = status.done ? 1 : 0;
    const text = sentence(status);
    if (line.textContent !== text) line.textContent = text;
    bar.hidden = !status.run;
    if (!active()) hint.hidden = true;
    rate.readOnly = !active();
    rateLabel.hidden = status.rate === null || status.rate === undefined;
    if (!rateLabel.hidden && rate.getRootNode().activeElement !== rate) rate.value = String(Number(status.rate.toPrecision(4)));
  }

  return {
    bar,
    draw,
    stop: () => clearTimeout(hintTimer),
    head: el("div", { class: "pt-live-head" }, title, badge, el("span", { class: "pt-live-space" }), buttons),
    /** When the notebook draws the output anew, the control that had the focus gets it back. */
    keepFocus(root) {
      const wanted = common.focus;
      root.addEventListener("focusin", (event) => (common.focus = event.target.dataset?.key ?? null));
      root.addEventListener("focusout", () => setTimeout(() => root.isConnected && !root.contains(root.getRootNode().activeElement) && (common.focus = null)));
      if (wanted) requestAnimationFrame(() => [...root.querySelectorAll("[data-key]")].find((node) => node.dataset.key === wanted)?.focus({ preventScroll: true }));
    },
  };
}
