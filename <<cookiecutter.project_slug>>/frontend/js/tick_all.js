// <label data-tick-all hidden><input type="checkbox">…: ticks all checkboxes of its form.

export function startTickAll(root = document) {
  for (const label of root.querySelectorAll("[data-tick-all]")) {
    const all = label.querySelector("input");
    label.hidden = false;
    label.closest("form").addEventListener("change", ({ target }) => {
      const boxes = [...target.form.querySelectorAll("input[type=checkbox]")].filter((box) => box !== all);
      if (target === all) boxes.forEach((box) => (box.checked = all.checked));
      all.checked = boxes.every((box) => box.checked);
      all.indeterminate = !all.checked && boxes.some((box) => box.checked);
    });
  }
}
