// <button data-browser-zone-for="…">: selects the browser's time zone.

export function offerBrowserZone() {
  const zone = Intl.DateTimeFormat().resolvedOptions().timeZone;
  for (const button of document.querySelectorAll("[data-browser-zone-for]")) {
    const select = document.getElementById(button.dataset.browserZoneFor);
    button.hidden = ![...select.options].some((option) => option.value === zone);
    button.addEventListener("click", () => {
      select.value = zone;
      select.dispatchEvent(new Event("change", { bubbles: true }));
      select.focus();
    });
  }
}
