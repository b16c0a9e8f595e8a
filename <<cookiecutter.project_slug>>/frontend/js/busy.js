// Send each form once: further clicks do nothing until the response arrives. The server
// also accepts each form once (themis/http/once.py), with or without JavaScript.

const LONGEST = 10_000; // milliseconds, for responses that do not replace the page

export function sendOnce() {
  const buttons = new Map(); // by form

  function free(form) {
    buttons.get(form)?.removeAttribute("aria-disabled");
    buttons.delete(form);
  }

  // On the window, so that it runs last: scripts that send in place have prevented it.
  addEventListener("submit", (event) => {
    const { target: form, submitter } = event;
    if (event.defaultPrevented || form.method !== "post") return;
    if (buttons.has(form)) return event.preventDefault();
    buttons.set(form, submitter);
    submitter?.setAttribute("aria-disabled", "true");
    setTimeout(() => free(form), LONGEST);
  });

  // The browser restores a page in its previous state.
  addEventListener("pageshow", () => [...buttons.keys()].forEach(free));
}
