// Words: the same catalogues as Python's (strings/*.json), in the language that the reader wants.

/** @typedef {Record<string, {en: string, zh: string}>} Catalogue */

/**
 * The language to speak: the widget's own choice, else the page's, else the browser's.
 * @param {string} wanted "en", "zh" or "" (undecided)
 * @returns {"en" | "zh"}
 */
export function chooseLanguage(wanted) {
  const asked = [wanted, document.documentElement.lang, ...(navigator.languages ?? [])];
  if (wanted) return wanted === "zh" ? "zh" : "en";
  // Jupyter says "en" when nobody chose, so only a page in Chinese, or a browser that prefers Chinese, decides for Chinese.
  return asked[1]?.toLowerCase().startsWith("zh") || asked[2]?.toLowerCase().startsWith("zh") ? "zh" : "en";
}

/**
 * A function that finds a sentence and fills its {holes}.
 * @param {Catalogue} words
 * @param {"en" | "zh"} lang
 * @returns {(key: string, values?: Record<string, unknown>) => string}
 */
export function speaker(words, lang) {
  return (key, values = {}) => {
    const entry = words[key];
    if (!entry) throw new Error(`no sentence named ${key}`);
    const said = entry[lang].replace(/\{(\w+)\}/g, (hole, name) => (name in values ? String(values[name]) : hole));
    // Chinese sets a space beside Latin letters and numbers, none between its own characters.
    return lang === "zh" ? said.replace(/([\u4e00-\u9fff]) (?=[\u4e00-\u9fff])/g, "$1") : said;
  };
}
