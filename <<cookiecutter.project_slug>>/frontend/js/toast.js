// Shows one of the sentences in <div id="toast">, and announces it to screen readers.

const SHOWN = 10_000; // milliseconds; the sign-out message stays

let timer;

/** `undo`: the button's action. With `givesWay`, do not replace an open toast. */
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
  box.hidePopover(); // reopening moves it above popovers that were opened later
  box.showPopover();
  clearTimeout(timer);
  if (name !== "signed-out") timer = setTimeout(hide, SHOWN);

  function hide() {
    // Not while somebody is using it.
    if (box.matches(":hover, :focus-within")) timer = setTimeout(hide, SHOWN);
    else box.hidePopover();
  }
}
