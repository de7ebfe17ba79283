/** Sentences and numbers in the language of the page. */

const SENTENCES = readBlock("sentences");
export const LANGUAGE = document.documentElement.lang === "nl" ? "nl" : "en";
export const SPEECH_LANGUAGE = LANGUAGE === "nl" ? "nl-NL" : "en-GB";

const oneDecimal = new Intl.NumberFormat(SPEECH_LANGUAGE, { minimumFractionDigits: 1, maximumFractionDigits: 1 });
const upToOneDecimal = new Intl.NumberFormat(SPEECH_LANGUAGE, { maximumFractionDigits: 1 });
const whole = new Intl.NumberFormat(SPEECH_LANGUAGE, { maximumFractionDigits: 0 });

function readBlock(id) {
  const block = document.getElementById(id);
  return block ? JSON.parse(block.textContent) : {};
}

/** The sentence of that name, with {values} filled in. */
export function say(name, values = {}) {
  const sentence = SENTENCES[name] ?? name;
  const filled = sentence.replace(/\{(\w+)\}/g, (_, key) => values[key] ?? "");
  return filled.replace(/(\d) (?=[s%](\W|$))/g, "$1\u00a0"); // a unit stays with its number
}

/** The page's language out of a text that comes in both. */
export function spoken(both) {
  return both?.[LANGUAGE] ?? both?.en ?? "";
}

/** A measured time: always 0.1 s. */
export const tenths = (value) => oneDecimal.format(value);
/** A number somebody chose: 3, or 2.5. */
export const plain = (value) => upToOneDecimal.format(value);
/** Whole degrees, whole seconds. */
export const rounded = (value) => whole.format(value);
