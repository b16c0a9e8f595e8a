/*! Themis */

// The date and time inputs of themis/forms/widgets.py: the calendar beside them, and what they
// hold said in the user's own format, which the browser's inputs do not show.
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
  button.hidden = false;
  popover.addEventListener("toggle", async ({ newState }) => {
    if (newState !== "open") return;
    await import("./cally.js"); // most of the bytes, and seldom needed
    if (!typed) calendar.value = input.value.slice(0, 10);
    calendar.focusedDate = calendar.value || undefined;
    await calendar.updated; // it would focus the day that it showed before
    calendar.focus();
  });
  calendar.addEventListener("change", () => {
    const clock = input.type === "date" ? "" : input.value.slice(10) || "T00:00";
    input.value = typed ? write(calendar.value, button.dataset) : calendar.value + clock;
    input.dispatchEvent(new Event("input", { bubbles: true }));
    input.dispatchEvent(new Event("change", { bubbles: true }));
    popover.hidePopover();
    input.focus();
  });
}
