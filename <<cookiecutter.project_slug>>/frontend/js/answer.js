// <form id data-answer="…">: sent without leaving the page, which may have unsaved changes.
// The messages of the response appear in the element with that id.
import { toast } from "./toast.js";

export function answerInPlace() {
  document.addEventListener("submit", async (event) => {
    const { target: form } = event;
    const place = document.getElementById(form.dataset.answer);
    if (!place) return;
    event.preventDefault();
    try {
      const response = await fetch(form.action, { method: "POST", body: new FormData(form) });
      const page = new DOMParser().parseFromString(await response.text(), "text/html");
      if (!response.ok) throw new Error(response.status);
      // On any other page, the user is signed out, and the bell notices.
      const isSamePage = page.getElementById(form.id);
      if (isSamePage) place.replaceChildren(...page.getElementById("messages").childNodes);
      dispatchEvent(new Event("themis:changed"));
    } catch {
      toast("failed");
    }
  });
}
