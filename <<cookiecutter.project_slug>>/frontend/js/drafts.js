// What somebody typed outlives the end of their session: sent in vain, it is back in its
// form once they have signed in again. It stays in this tab, and is for them alone.

const KEY = "themis-draft";
const KEPT = "textarea, select, input:not([type=password], [type=file], [type=hidden], [type=checkbox], [type=radio], [autocomplete=one-time-code])";

const fieldsOf = (form) => [...form.querySelectorAll(KEPT)].filter(({ name }) => name);
const addressOf = (form) => form.method === "post" && form.action.split("#")[0];

/** `user`: who is signed in, if anybody is. */
export function keepDrafts(user) {
  const draft = JSON.parse(sessionStorage.getItem(KEY));
  if (!user) {
    // On the way to sign in: the form was not accepted.
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
