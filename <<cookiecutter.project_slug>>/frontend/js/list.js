// <form data-in-place>: its buttons work without leaving the page. The response is the whole
// page, from which the list and the messages are copied.
import { keepFocus } from "./focus.js";
import { announceKeys } from "./keys.js";
import { startTickAll } from "./tick_all.js";
import { toast } from "./toast.js";

const PARTS = ["messages", "mailbox"];

export function actInPlace() {
  const find = (id) => document.getElementById(id);
  const rows = () => [...document.querySelectorAll("[data-rows] > li")];

  // The number of new notifications, above the list that does not show them yet.
  const news = new Set();
  addEventListener("themis:news", ({ detail }) => {
    const newest = Number(rows()[0]?.dataset.id ?? 0);
    detail.filter((id) => id > newest).forEach((id) => news.add(id));
    if (!find("news")) return;
    find("news").hidden = !news.size;
    find("news").querySelector("span").textContent = news.size;
  });

  document.addEventListener("submit", async (event) => {
    const { target: form, submitter } = event;
    if (!find("mailbox") || !form.matches("[data-in-place]") || submitter?.matches("[data-open]")) return;
    event.preventDefault();
    const action = submitter?.getAttribute("formaction") ?? form.action;
    // If no row is left: the same button, the undo button, or any other.
    const elsewhere = () =>
      document.querySelector(`#mailbox [formaction="${action}"]`) ??
      document.querySelector("#messages button, #mailbox button") ??
      find("mailbox");
    try {
      const body = new FormData(form, submitter);
      const response = await fetch(action, { method: "POST", body });
      const page = new DOMParser().parseFromString(await response.text(), "text/html");
      if (!response.ok) throw new Error(response.status);
      if (!page.getElementById("mailbox")) return location.assign(response.url);
      keepFocus(rows, () => takeOver(page), elsewhere);
      if (document.activeElement === document.body) elsewhere().focus();
      dispatchEvent(new Event("themis:changed"));
    } catch {
      toast("failed");
    }
  });

  function takeOver(page) {
    for (const id of PARTS) find(id).replaceChildren(...page.getElementById(id).childNodes);
    startTickAll(find("mailbox"));
    announceKeys();
    news.clear();
    if (find("news")) find("news").hidden = true;
  }
}
