// Keys for the list of patients: j and k choose, Enter opens, / searches. The page works without.

const lines = [...document.querySelectorAll("[data-need]")];
const search = document.querySelector("[data-search]");
const CHOSEN = "is-chosen";

function chosenIndex() {
  return lines.findIndex((line) => line.contains(document.activeElement));
}

function choose(index) {
  const line = lines[Math.min(Math.max(index, 0), lines.length - 1)];
  line?.querySelector("a")?.focus();
  line?.scrollIntoView({ block: "nearest" });
}

function isTyping(target) {
  return target instanceof Element && target.closest("input, select, textarea") !== null;
}

addEventListener("keydown", (event) => {
  if (event.ctrlKey || event.metaKey || event.altKey || isTyping(event.target)) return;
  if (event.key === "/" && search) {
    event.preventDefault();
    search.focus();
  } else if (event.key === "j") {
    choose(chosenIndex() + 1);
  } else if (event.key === "k") {
    choose(Math.max(chosenIndex(), 1) - 1);
  }
});

for (const line of lines) {
  line.addEventListener("focusin", () => line.classList.add(CHOSEN));
  line.addEventListener("focusout", () => line.classList.remove(CHOSEN));
}
