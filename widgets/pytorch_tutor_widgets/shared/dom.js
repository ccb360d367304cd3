// Making elements. Text that comes from the user is always set as text: there is no way in here to set HTML.

const SVG = "http://www.w3.org/2000/svg";

/** Icons on a 16 x 16 grid, drawn here because a bare machine has no font with media symbols. */
const ICONS = {
  play: "M4 2.5v11l9-5.5z",
  pause: "M4 2.5h3v11H4zM9 2.5h3v11H9z",
  next: "M5.2 2.6 10.6 8l-5.4 5.4-1.4-1.4L7.8 8l-4-4z",
  previous: "M10.8 2.6 5.4 8l5.4 5.4 1.4-1.4L8.2 8l4-4z",
  first: "M3 3h1.8v10H3zM12 3v10L5.6 8z",
  last: "M11.2 3H13v10h-1.8zM4 3l6.4 5L4 13z",
  plus: "M7 3h2v4h4v2H9v4H7V9H3V7h4z",
  minus: "M3 7h10v2H3z",
  fit: "M2 2h4.5v1.8H3.8v2.7H2zM9.5 2H14v4.5h-1.8V3.8H9.5zM2 9.5h1.8v2.7h2.7V14H2zM12.2 9.5H14V14H9.5v-1.8h2.7z",
  stop: "M3.5 3.5h9v9h-9z",
  up: "M8 3.2 13.2 12H2.8z",
  down: "M8 12.8 2.8 4h10.4z",
  close: "M4.2 3 8 6.8 11.8 3 13 4.2 9.2 8l3.8 3.8-1.2 1.2L8 9.2 4.2 13 3 11.8 6.8 8 3 4.2z",
};

/**
 * An HTML element. `text` sets its text, `on` its listeners, anything else an attribute (null and false: none).
 * @param {string} tag
 * @param {Record<string, any>} [props]
 * @param {...(Node | string | null | undefined | false)} children
 * @returns {any}
 */
export function el(tag, props = {}, ...children) {
  return furnish(document.createElement(tag), props, children);
}

/** The same for an SVG element. @returns {any} */
export function svg(tag, props = {}, ...children) {
  return furnish(document.createElementNS(SVG, tag), props, children);
}

function furnish(node, props, children) {
  for (const [name, value] of Object.entries(props)) {
    if (name === "text") node.textContent = value;
    else if (name === "on") for (const [event, listener] of Object.entries(value)) node.addEventListener(event, listener);
    else if (value !== null && value !== undefined && value !== false) node.setAttribute(name, value === true ? "" : value);
  }
  node.append(...children.filter((child) => child !== null && child !== undefined && child !== false));
  return node;
}

/** An inline icon, hidden from screen readers (the button that holds it has the name). @param {keyof typeof ICONS} name */
export function icon(name) {
  return svg("svg", { class: "pt-icon", viewBox: "0 0 16 16", "aria-hidden": "true" }, svg("path", { d: ICONS[name] }));
}

/**
 * A button with an icon; its name is read aloud and shown as a tooltip.
 * @param {keyof typeof ICONS} picture @param {string} name @param {() => void} act
 */
export function iconButton(picture, name, act) {
  return el("button", { type: "button", class: "pt-button", "aria-label": name, title: name, on: { click: act } }, icon(picture));
}

/**
 * Keep the host's keyboard shortcuts away from the keys that a widget handles itself, while the widget has the focus.
 * JupyterLab listens on the document before any element does, and gives way to an element with this attribute; it is set
 * for our own keys alone, so that Ctrl+S and Shift+Enter still reach the notebook.
 * @param {HTMLElement} root
 * @param {(event: KeyboardEvent) => boolean} handle true where the key was ours
 * @returns {() => void} undo
 */
export function ownKeys(root, handle) {
  const listener = (event) => {
    if (!(event.target instanceof Node) || !root.contains(event.target)) return;
    if (!event.ctrlKey && !event.metaKey && !event.altKey && handle(event)) {
      root.setAttribute("data-lm-suppress-shortcuts", "true");
      event.preventDefault();
    } else if (event.key === "Tab" || event.key === "Enter" || event.key === " ") {
      // Ordinary keys of buttons and links: the browser's own meaning, not the notebook's.
      if (event.shiftKey && event.key === "Enter") root.removeAttribute("data-lm-suppress-shortcuts");
      else root.setAttribute("data-lm-suppress-shortcuts", "true");
    } else root.removeAttribute("data-lm-suppress-shortcuts");
  };
  window.addEventListener("keydown", listener, true);
  return () => window.removeEventListener("keydown", listener, true);
}
