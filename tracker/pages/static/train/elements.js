/** Building what the training page shows; never from text that could be markup. */

/** Make an element with a class and children; texts are text. */
export function make(name, className = "", ...children) {
  const element = document.createElement(name);
  if (className) element.className = className;
  element.append(...children.filter((child) => child !== null));
  return element;
}

/** Make a button that does something. */
export function button(text, onPress, className = "button plain") {
  const element = make("button", className, text);
  element.type = "button";
  element.addEventListener("click", onPress);
  return element;
}

/** Show text where it changed, so that a screen reader is not told twice. */
export function setText(element, text) {
  if (element.textContent !== text) element.textContent = text;
}

/** Fill an element once for each `key`: what stands in it is kept while the key stays. Returns whether it was filled. */
export function fillOnce(element, key, children) {
  if (element.dataset.key === key) return false;
  element.dataset.key = key;
  element.replaceChildren(...children().filter((child) => child !== null));
  return true;
}
