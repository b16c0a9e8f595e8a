// The setting of desktop notifications: checking its box asks the browser for permission.
// Of several <p data-permission="…" hidden> beside it, show the one for the current state.

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
  // Users can also change it in the address bar.
  navigator.permissions?.query({ name: "notifications" }).then((status) => (status.onchange = show), show);
  show();
}
