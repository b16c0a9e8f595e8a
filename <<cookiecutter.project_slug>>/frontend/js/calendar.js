/*! Themis */

// The date and time inputs of themis/widgets.py: the calendar beside them, and what they
// hold said in the user's own format, which the browser's inputs do not show.

const pad = (number) => String(number).padStart(2, "0");

// Django's format characters that themis/models/profile.py uses.
const PARTS = {
  Y: ({ year }) => year,
  m: ({ month }) => pad(month),
  n: ({ month }) => month,
  M: ({ month, names }) => names[month - 1],
  d: ({ day }) => pad(day),
  j: ({ day }) => day,
  H: ({ hour }) => pad(hour),
  G: ({ hour }) => hour,
  h: ({ hour }) => pad(hour % 12 || 12),
  g: ({ hour }) => hour % 12 || 12,
  i: ({ minute }) => pad(minute),
  A: ({ hour, names }) => names.at(hour < 12 ? -2 : -1),
};

function write(iso, { format, names }) {
  const [, year, month, day, hour, minute] =
    iso.match(/^(?:(\d{4,})-(\d\d)-(\d\d))?T?(?:(\d\d):(\d\d))?/) ?? [];
  if (!(format.includes("Y") ? year : hour)) return "";
  const parts = { year, month: +month, day: +day, hour: +hour, minute: +minute };
  return format.replace(/[YmnMdjHGhgiA]/g, (character) =>
    PARTS[character]({ ...parts, names: names.split("|") }),
  );
}

for (const hint of document.querySelectorAll("[data-written-for]")) {
  const input = document.getElementById(hint.dataset.writtenFor);
  input?.addEventListener("input", () => {
    hint.textContent = write(input.value, hint.dataset);
  });
}

const buttons = document.querySelectorAll("[data-calendar-for]");
if (buttons.length) await import("./cally.js"); // most of the bytes, and seldom needed
for (const button of buttons) {
  const input = document.getElementById(button.dataset.calendarFor);
  const popover = document.getElementById(button.getAttribute("popovertarget"));
  const calendar = popover.querySelector("calendar-date");
  const typed = input.type === "text";
  button.hidden = false;
  popover.addEventListener("toggle", async ({ newState }) => {
    if (newState !== "open") return;
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
