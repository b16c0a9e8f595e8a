// <form data-unsaved>: the browser asks before it leaves a page with unsaved changes.

export function askBeforeLeaving() {
  const form = document.querySelector("[data-unsaved]");
  if (!form) return;
  const content = () =>
    JSON.stringify([...new FormData(form)].map(([name, value]) => [name, value.name ?? value]));
  // A refused form is not saved either.
  const saved = form.querySelector("[aria-invalid]") ? "" : content();
  let isSent = false;
  form.addEventListener("submit", () => (isSent = true));
  addEventListener("pageshow", () => (isSent = false));
  addEventListener("beforeunload", (event) => {
    if (!isSent && content() !== saved) event.preventDefault();
  });
}
