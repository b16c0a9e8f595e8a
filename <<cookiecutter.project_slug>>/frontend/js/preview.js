// <output data-preview>: the current time in the formats that are selected in its form.
import { write } from "./format.js";

for (const output of document.querySelectorAll("[data-preview]")) {
  const { timezone, date_format, time_format, number_format } = output.form.elements;
  const show = () => {
    let now;
    try {
      now = new Date().toLocaleString("sv", { timeZone: timezone.value }); // as ISO 8601
    } catch {
      return; // the browser does not know this zone
    }
    const format = `${date_format.value} ${time_format.value}`;
    const written = write(now.replace(" ", "T"), { ...output.dataset, format });
    const text = `${written} · ${number_format.value}`;
    if (text !== output.value) output.value = text;
  };
  output.form.addEventListener("change", show);
  setInterval(show, 1000);
}
