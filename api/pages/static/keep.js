/** What is shown once can be printed and copied; without a script it is written down. */

for (const button of document.querySelectorAll("[data-print]")) {
  button.addEventListener("click", () => window.print());
  button.hidden = false;
}

for (const button of document.querySelectorAll("[data-copy]")) {
  if (!navigator.clipboard) break; // no HTTPS, or an old browser
  button.addEventListener("click", async () => {
    const said = button.closest(".actions").querySelector("[role=status]");
    try {
      await navigator.clipboard.writeText(button.dataset.copy);
      said.textContent = said.dataset.done;
    } catch { // the browser does not let pages copy
      said.textContent = said.dataset.failed;
    }
  });
  button.hidden = false;
}
