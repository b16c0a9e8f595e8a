// Keyboard shortcuts of the list: j and k move, Enter opens, and the `data-key` of a button
// or checkbox in the row defines others. Users can turn them off, because speech input may
// type letters by accident (WCAG 2.2, 2.1.4).

const OFF = "themis-keys-off";
const TYPING = "input:not([type=checkbox]), textarea, select, [contenteditable], :popover-open";

const isOn = () => !localStorage.getItem(OFF);

export function startKeys() {
  const help = document.getElementById("keys");
  if (!help) return;
  const box = help.querySelector("input");
  box.checked = isOn();
  box.addEventListener("change", () => {
    if (box.checked) localStorage.removeItem(OFF);
    else localStorage.setItem(OFF, "1");
    announceKeys();
  });
  announceKeys();

  document.addEventListener("keydown", (event) => {
    const { key, target } = event;
    if (!isOn() || event.ctrlKey || event.altKey || event.metaKey || target.closest(TYPING)) return;
    const rows = [...document.querySelectorAll("[data-rows] > li")];
    const place = rows.findIndex((row) => row.contains(target));
    const moves = { j: place + 1, k: Math.max(place - 1, 0) };
    const found =
      key in moves
        ? rows[Math.min(moves[key], rows.length - 1)]?.querySelector("[data-open]")
        : key === "?"
          ? document.querySelector("[popovertarget=keys]")
          : rows[place]?.querySelector(`[data-key="${CSS.escape(key)}"]`);
    // Enter belongs to a focused button.
    if (!found || (key === "Enter" && target.matches("button, a"))) return;
    event.preventDefault();
    if (key in moves) found.focus();
    else found.click();
  });
}

/** Tell assistive technology which shortcuts are on. */
export function announceKeys() {
  for (const each of document.querySelectorAll("[data-key]")) {
    if (isOn()) each.setAttribute("aria-keyshortcuts", each.dataset.key);
    else each.removeAttribute("aria-keyshortcuts");
  }
}
