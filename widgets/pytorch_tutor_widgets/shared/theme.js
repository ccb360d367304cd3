// Light or dark, as the host has it: JupyterLab, Notebook, VS Code, Colab and marimo each say it in their own way, but all
// of them paint a background, so the background behind the widget is what decides.

/**
 * Keep `data-theme` on the widget's root equal to "light" or "dark".
 * @param {HTMLElement} root
 * @param {() => void} [changed] called after each change
 * @returns {() => void} undo
 */
export function followTheme(root, changed) {
  const look = () => {
    const theme = isDark(root) ? "dark" : "light";
    if (root.dataset.theme === theme) return;
    root.dataset.theme = theme;
    changed?.();
  };
  const soon = () => requestAnimationFrame(look);
  const watcher = new MutationObserver(soon);
  for (const node of [document.documentElement, document.body])
    watcher.observe(node, { attributes: true, attributeFilter: ["class", "style", "data-theme", "data-jp-theme-light", "data-vscode-theme-kind"] });
  const media = matchMedia("(prefers-color-scheme: dark)");
  media.addEventListener("change", soon);
  look();
  soon(); // once more when the widget is in the page
  return () => {
    watcher.disconnect();
    media.removeEventListener("change", soon);
  };
}

function isDark(root) {
  const said = document.body.dataset.jpThemeLight;
  if (said) return said === "false";
  for (let node = root.parentElement; node; node = node.parentElement) {
    const [r, g, b, a = 1] = (getComputedStyle(node).backgroundColor.match(/[\d.]+/g) ?? []).map(Number);
    if (a > 0.5) return 0.299 * r + 0.587 * g + 0.114 * b < 128;
  }
  return matchMedia("(prefers-color-scheme: dark)").matches;
}
