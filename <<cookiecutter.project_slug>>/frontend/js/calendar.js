/*! Themis */

// The date and time inputs of themis/forms/widgets.py: their calendar, and their value in the
// user's own format, which the browser's inputs do not show.
import { write } from "./format.js";
import "./preview.js";

for (const hint of document.querySelectorAll("[data-written-for]")) {
  const input = document.getElementById(hint.dataset.writtenFor);
  input?.addEventListener("input", () => {
    hint.textContent = write(input.value, hint.dataset);
  });
}

for (const button of document.querySelectorAll("[data-calendar-for]")) {
  const input = document.getElementById(button.dataset.calendarFor);
  const popover = document.getElementById(button.getAttribute("popovertarget"));
  const calendar = popover.querySelector("calendar-date");
  const typed = input.type === "text";
  const heading = popover.querySelector("[slot=heading]");
  const month = new Intl.DateTimeFormat(calendar.getAttribute("locale"), {
    month: "long",
    timeZone: "UTC",
    year: "numeric",
  });
  calendar.addEventListener("focusday", ({ detail }) => {
    heading.textContent = month.format(detail);
  });
  button.hidden = false;
  popover.addEventListener("toggle", async ({ newState }) => {
    if (newState !== "open") return;
    await import("./cally.js"); // large, and rarely needed
    if (!typed) calendar.value = input.value.slice(0, 10);
    calendar.focusedDate = calendar.value || undefined;
    heading.textContent = month.format(calendar.value ? new Date(calendar.value) : new Date());
    await calendar.updated; // otherwise, it would focus the previous day
    calendar.focus();
  });
  calendar.addEventListener("change", () => {
    const { midnight } = button.dataset; // for inputs that include a time
    if (typed) {
      // The time after the date: 14:30, 2:30 PM, 2.30 p.m.
      const clock = input.value.match(/\s\d{1,2}[.:]\d\d(?!\d|[.:]\d{4}).*$/s)?.[0];
      const day = write(calendar.value, button.dataset);
      input.value = day + (midnight ? clock ?? ` ${midnight}` : "");
    } else {
      const clock = input.type === "date" ? "" : input.value.slice(10) || "T00:00";
      input.value = calendar.value + clock;
    }
    input.dispatchEvent(new Event("input", { bubbles: true }));
    input.dispatchEvent(new Event("change", { bubbles: true }));
    popover.hidePopover();
    input.focus();
  });
}
