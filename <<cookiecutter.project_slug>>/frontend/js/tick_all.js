// <label data-tick-all hidden><input type="checkbox">…: checks all checkboxes of its form. If
// more are checked than in <button data-few="10">, <button data-many> replaces that button.

export function startTickAll(root = document) {
  for (const label of root.querySelectorAll("[data-tick-all]")) {
    const all = label.querySelector("input");
    label.hidden = false;
    label.closest("form").addEventListener("change", ({ target }) => {
      const boxes = [...target.form.querySelectorAll("input[type=checkbox]")].filter((box) => box !== all);
      if (target === all) boxes.forEach((box) => (box.checked = all.checked));
      all.checked = boxes.every((box) => box.checked);
      const ticked = boxes.filter((box) => box.checked).length;
      all.indeterminate = !all.checked && ticked > 0;
      const few = target.form.querySelector("[data-few]");
      if (!few) return;
      few.hidden = ticked > few.dataset.few;
      target.form.querySelector("[data-many]").hidden = !few.hidden;
    });
  }
}
