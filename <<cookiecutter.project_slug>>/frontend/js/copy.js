// <button data-copy="…" hidden>: copies the text of the element with that id. If the
// browser does not allow it, the text is selected, ready for Ctrl+C.
import { toast } from "./toast.js";

export function startCopying() {
  for (const button of document.querySelectorAll("[data-copy]")) {
    const source = document.getElementById(button.dataset.copy);
    button.hidden = false;
    button.addEventListener("click", async () => {
      try {
        await navigator.clipboard.writeText(source.value ?? source.textContent);
        toast("copied");
      } catch {
        if (source.select) source.select();
        else getSelection().selectAllChildren(source);
      }
    });
  }
}
