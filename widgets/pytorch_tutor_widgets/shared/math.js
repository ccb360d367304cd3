// Formulas: the kernel sends MathML, which every current browser draws by itself.

const MATH = "http://www.w3.org/1998/Math/MathML";
const ALLOWED = new Set(
  "math mrow mi mn mo mtext mspace msup msub msubsup mover munder munderover mfrac msqrt mroot mtable mtr mtd mstyle mpadded mphantom".split(" "),
);
const ATTRIBUTES = new Set("display stretchy width height mathvariant columnalign accent fence separator form lspace rspace displaystyle".split(" "));

/**
 * A formula as an element. The markup is rebuilt piece by piece from a list of known elements, so a formula that a user wrote
 * for an op of theirs can bring no script into the page. Where there is no MathML, the text stands in.
 * @param {string} markup @param {string} text
 */
export function formula(markup, text) {
  const box = document.createElement("span");
  box.className = "pt-formula";
  box.lang = "en"; // a Chinese font would draw the bars as full-width dashes
  const parsed = markup ? new DOMParser().parseFromString(markup, "application/xml").documentElement : null;
  const built = parsed && parsed.localName === "math" ? rebuild(parsed) : null;
  if (built) {
    built.setAttribute("aria-label", text);
    box.append(built);
  } else box.textContent = text;
  return box;
}

function rebuild(source) {
  if (!ALLOWED.has(source.localName)) return null;
  const copy = document.createElementNS(MATH, source.localName);
  for (const { name, value } of source.attributes) if (ATTRIBUTES.has(name)) copy.setAttribute(name, value);
  for (const child of source.childNodes) {
    if (child.nodeType === Node.TEXT_NODE) copy.append(child.data);
    else if (child.nodeType === Node.ELEMENT_NODE) copy.append(rebuild(child) ?? "");
  }
  return copy;
}
