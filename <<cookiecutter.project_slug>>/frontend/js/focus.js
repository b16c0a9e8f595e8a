// Keep the keyboard focus while rows are replaced: at the same button of the same row, or of
// the row that takes its place.

const controls = (row) => [...row.querySelectorAll("button")];
const isVisible = (control) => control.checkVisibility();

/** `rows()`: the current rows, with `data-id`. `elsewhere()`: the focus if none is left. */
export function keepFocus(rows, replace, elsewhere) {
  const focused = document.activeElement;
  const place = rows().findIndex((row) => row.contains(focused));
  const old = rows()[place];
  const column = old && controls(old).indexOf(focused);
  replace();
  if (!old) return;
  const same = rows().find((row) => row.dataset.id === old.dataset.id);
  const row = same ?? rows()[Math.min(place, rows().length - 1)];
  const next =
    row &&
    (controls(row).find((button, index) => index >= column && isVisible(button)) ??
      controls(row).findLast(isVisible));
  (next ?? elsewhere()).focus();
}
