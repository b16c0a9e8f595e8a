// The setting of desktop notifications: ticking its box asks the browser for permission.
// Beside it, of several <p data-permission="…" hidden>, the one that says what it allows.

export function showPermission() {
  const box = document.querySelector("input[name=browser_notifications]");
  if (!box) return;
  const show = () => {
    const permission = window.Notification?.permission ?? "none";
    for (const state of document.querySelectorAll("[data-permission]")) {
      state.hidden = state.dataset.permission !== permission;
    }
  };
  box.addEventListener("change", async () => {
    if (box.checked) await window.Notification?.requestPermission();
    show();
  });
  // It can be changed beside the address, too.
  navigator.permissions?.query({ name: "notifications" }).then((status) => (status.onchange = show), show);
  show();
}
