// Says one of the sentences in <div id="toast">, and has it read out.

const SHOWN = 10_000; // milliseconds; whoever is signed out sees it for longer

let timer;

/** `undo`: what its button does. What `givesWay` is not said while something else is. */
export function toast(name, undo, { givesWay } = {}) {
  const box = document.getElementById("toast");
  if (givesWay && box.matches(":popover-open")) return;
  const sentences = [...box.querySelectorAll("[data-toast]")];
  sentences.forEach((sentence) => (sentence.hidden = sentence.dataset.toast !== name));
  const said = sentences.find(({ hidden }) => !hidden);
  document.getElementById("bell-news").textContent = said.querySelector("span").textContent;
  box.querySelector("[data-undo]").onclick = () => {
    box.hidePopover();
    undo();
  };
  box.hidePopover(); // shown anew, it is above a popover that was opened meanwhile
  box.showPopover();
  clearTimeout(timer);
  if (name !== "signed-out") timer = setTimeout(hide, SHOWN);

  function hide() {
    // Not from under somebody's hands.
    if (box.matches(":hover, :focus-within")) timer = setTimeout(hide, SHOWN);
    else box.hidePopover();
  }
}
