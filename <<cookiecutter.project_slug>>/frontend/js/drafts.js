// Keep what a user typed when their session ends: if sending the form fails, its content is
// restored after they sign in again. It stays in this tab, and only this user gets it.

const KEY = "themis-draft";
const KEPT = "textarea, select, input:not([type=password], [type=file], [type=hidden], [type=checkbox], [type=radio], [autocomplete=one-time-code])";

const fieldsOf = (form) => [...form.querySelectorAll(KEPT)].filter(({ name }) => name);
const addressOf = (form) => form.method === "post" && form.action.split("#")[0];

/** `user`: the signed-in user, if any. */
export function keepDrafts(user) {
  const draft = JSON.parse(sessionStorage.getItem(KEY));
  if (!user) {
    // Redirected to sign-in: the form was not accepted.
    if (draft) sessionStorage.setItem(KEY, JSON.stringify({ ...draft, isRefused: true }));
    return;
  }
  if (draft?.isRefused && draft.user === user) {
    const [[first]] = draft.values;
    const isIts = (form) =>
      addressOf(form) === draft.address && fieldsOf(form).some(({ name }) => name === first);
    const form = [...document.forms].find(isIts);
    if (form) restore(form, draft.values);
  } else {
    sessionStorage.removeItem(KEY);
  }

  document.addEventListener("submit", ({ target: form }) => {
    const address = addressOf(form);
    const values = fieldsOf(form).map(({ name, value }) => [name, value]);
    if (!address || !values.some(([, value]) => value)) return;
    sessionStorage.setItem(KEY, JSON.stringify({ user, address, values }));
  });
}

function restore(form, values) {
  sessionStorage.removeItem(KEY);
  const fields = fieldsOf(form);
  for (const [name, value] of values) {
    const field = fields.find((field) => field.name === name);
    if (!field) continue;
    field.value = value;
    field.dispatchEvent(new Event("change", { bubbles: true }));
  }
  fields.find(({ value }) => value)?.focus();
}
