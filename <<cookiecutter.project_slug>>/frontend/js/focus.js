// Who works by keyboard stays where they were while rows are replaced: at the same button
// of the same row, or of the row that is in its place now.

const controls = (row) => [...row.querySelectorAll("button")];
const isVisible = (control) => control.checkVisibility();

/** `rows()`: the rows as they are now, with `data-id`. `elsewhere()`: without any row. */
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
