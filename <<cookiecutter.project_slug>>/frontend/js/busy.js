// A form is sent once: whoever clicks again while its answer is under way sends nothing.
// The server also takes a form once (themis/http/once.py), with or without scripts.

const LONGEST = 10_000; // milliseconds, for an answer that leaves the page as it is

export function sendOnce() {
  const buttons = new Map(); // by the forms that they sent

  function free(form) {
    buttons.get(form)?.removeAttribute("aria-disabled");
    buttons.delete(form);
  }

  // At the window, the last one to hear of it: who sends a form in place has said so.
  addEventListener("submit", (event) => {
    const { target: form, submitter } = event;
    if (event.defaultPrevented || form.method !== "post") return;
    if (buttons.has(form)) return event.preventDefault();
    buttons.set(form, submitter);
    submitter?.setAttribute("aria-disabled", "true");
    setTimeout(() => free(form), LONGEST);
  });

  // The browser brings a page back as it was left.
  addEventListener("pageshow", () => [...buttons.keys()].forEach(free));
}
