// The bell. Only one of all open tabs polls: it holds a lock, and shares the results with
// the others. A hidden tab polls only if desktop notifications are on. Text from the server
// is always set as text, never as HTML.
//
// A page is rendered with only the count. The rows arrive with the first poll, or when the
// user opens the bell.
import { showCount } from "./count.js";
import { keepFocus } from "./focus.js";
import { showRelativeTimes } from "./times.js";
import { toast } from "./toast.js";

const LONGEST_WAIT = 15 * 60; // seconds, however often polling fails
const JUST_NOW = 5000; // milliseconds: returning to a tab this soon does not poll

export function startBell(bell) {
  const find = (id) => document.getElementById(id);
  const form = bell.querySelector("form");
  const channel = new BroadcastChannel("themis-bell");
  let interval = Number(bell.dataset.interval);
  let etag = "";
  let failures = 0;
  let due = Date.now() + wait();
  let release; // ends this tab's turn to poll
  let hasRows = false; // without rows, "not modified" would be useless
  let newest = Number(bell.dataset.newest);
  let shown; // the last state shown
  let polled = Date.now();
  let isSignedOut = false;
  let running = 0; // requests without a response
  let isMixed = false; // they overlap: the last response is not always the newest state

  function wait() {
    const seconds = interval * 2 ** failures;
    const most = failures ? Math.max(LONGEST_WAIT, interval) : interval;
    return Math.min(seconds, most) * (failures ? 500 + 500 * Math.random() : 1000);
  }

  /** Return whether the poll succeeded. `body`: a form to send first. */
  async function poll({ url = bell.dataset.url, body } = {}) {
    let response, state;
    polled = Date.now();
    isMixed ||= running > 0;
    running++;
    try {
      response = await fetch(url, {
        method: body ? "POST" : "GET",
        body,
        headers: etag && hasRows && !body ? { "If-None-Match": etag } : {},
        signal: AbortSignal.timeout(20000),
      });
      const isElsewhere = response.redirected && !response.url.endsWith(bell.dataset.url);
      if (response.status === 401 || isElsewhere) return signOut();
      if (response.status !== 304 && !response.ok) throw new Error(response.status);
      state = response.status === 304 ? null : await response.json();
      failures = 0;
    } catch {
      failures++;
    } finally {
      running--;
    }
    if (isOfAnother(state)) return loadAnew();
    const isUnclear = isMixed;
    isMixed &&= running > 0;
    if (isUnclear) state = null;
    else if (state) etag = response.headers.get("ETag") ?? etag;
    if (!failures && isSignedOut) signInAgain();
    if (state) {
      const news = state.notifications.filter(({ id, read }) => id > newest && !read);
      show(state);
      news.reverse().forEach(popUp);
    }
    due = Date.now() + wait();
    channel.postMessage({ state, etag, failures, due });
    const isDone = !failures;
    if (isUnclear && !running) poll(); // once all have a response
    return isDone;
  }

  // Another user has signed in from another tab: this page is not theirs.
  const isOfAnother = (state) => state && state.user !== bell.dataset.user;
  // Not reload(): that would resend the form if the page is a response to one.
  const loadAnew = () => location.replace(location.pathname + location.search);

  function show(state) {
    shown = state;
    const news = state.notifications.filter(({ id, read }) => id > newest && !read);
    hasRows = true;
    newest = Math.max(newest, ...state.notifications.map(({ id }) => id));
    interval = state.interval;
    bell.dataset.unread = state.unread;
    find("bell-badge").hidden = find("bell-read-all").hidden = !state.badge;
    find("bell-badge").firstElementChild.textContent = state.badge;
    showCount(state.badge);
    find("bell-read-all").value = newest;
    find("bell-empty").hidden = state.notifications.length > 0;
    keepFocus(
      () => [...find("bell-rows").children],
      () => find("bell-rows").replaceChildren(...state.notifications.map(row)),
      () => bell.querySelector("a"),
    );
    showRelativeTimes(bell);
    if (news.length) ring(news);
  }

  function ring(news) {
    const status = find("bell-news");
    status.textContent = [status.dataset.label, ...news.map(({ title }) => title)].join(" ");
    dispatchEvent(new CustomEvent("themis:news", { detail: news.map(({ id }) => id) }));
    const sign = document.querySelector("[popovertarget=bell] svg");
    sign.classList.remove("ringing");
    sign.getBoundingClientRect(); // restarts the animation
    sign.classList.add("ringing");
    if (document.hidden || bell.matches(":popover-open")) return;
    find("toast").querySelector("[data-toast=arrived] span").textContent = status.textContent;
    toast("arrived", null, { givesWay: true });
  }

  function row({ id, title, message, level, created_at, created, read }) {
    const item = find("bell-row").content.firstElementChild.cloneNode(true);
    const part = (selector) => item.querySelector(selector);
    item.dataset.id = id;
    for (const button of item.querySelectorAll("button")) {
      button.setAttribute("formaction", button.getAttribute("formaction").replace("/0/", `/${id}/`));
    }
    part("svg").classList.replace("text-info", `text-${level}`);
    part("svg").setAttribute("aria-labelledby", `level-${level}`);
    part("use").setAttribute("href", `#level-${level}`);
    part("[data-title]").textContent = title;
    part("[data-title]").classList.toggle("font-semibold", !read);
    part("[data-message]").textContent = message;
    part("[data-act=read]").hidden = read;
    part("[data-act=unread]").hidden = !read;
    part("time").dateTime = created_at;
    part("time").title = created;
    return item;
  }

  const wantsPopUps = () =>
    "desktop" in bell.dataset && window.Notification?.permission === "granted";
  const isAsleep = () => document.hidden && !wantsPopUps();

  function popUp({ id, title, message, url }) {
    if (!wantsPopUps()) return;
    const notification = new Notification(title, { body: message, tag: `themis-${id}` });
    notification.onclick = () => {
      window.focus();
      form.action = url;
      form.submit();
    };
  }

  // A tab waits for its turn to poll, and gives it up when it goes to sleep.
  function takeTurn() {
    if (isAsleep() || release || !interval) return;
    const turn = new AbortController();
    release = () => turn.abort();
    const run = () =>
      new Promise((done) => {
        let timer;
        const next = () => {
          timer = setTimeout(async () => {
            if (Date.now() >= due) await poll();
            if (interval && !turn.signal.aborted) next();
          }, Math.max(0, due - Date.now()));
        };
        turn.signal.addEventListener("abort", () => done(clearTimeout(timer)));
        next();
      });
    if (!navigator.locks) run(); // plain HTTP has no locks
    else navigator.locks.request("themis-bell", { signal: turn.signal }, run).catch(() => {});
  }

  function giveTurn() {
    release?.();
    release = undefined;
  }

  function stop() {
    interval = 0;
    giveTurn();
    channel.postMessage({ stop: true });
  }

  function signOut() {
    isSignedOut = true;
    toast("signed-out");
    stop();
  }

  function signInAgain() {
    isSignedOut = false;
    find("toast").hidePopover();
    interval = Number(bell.dataset.interval);
    takeTurn();
  }

  channel.onmessage = ({ data }) => {
    if (data.stop) {
      isSignedOut = true;
      interval = 0;
      toast("signed-out");
      return giveTurn();
    }
    if (isOfAnother(data.state)) return loadAnew();
    polled = Date.now();
    ({ etag, failures, due } = data);
    if (data.state) show(data.state);
  };

  bell.addEventListener("beforetoggle", ({ newState }) => {
    if (newState === "open" && !hasRows) poll().then(complain);
  });
  addEventListener("themis:changed", () => poll());
  addEventListener("online", pollNow);
  addEventListener("focus", () => {
    if (failures || Date.now() - polled > JUST_NOW) pollNow();
  });

  function pollNow() {
    if (interval || isSignedOut) poll();
  }

  document.addEventListener("visibilitychange", () => (isAsleep() ? giveTurn() : takeTurn()));
  document.querySelector("[data-log-out]")?.addEventListener("submit", stop);

  // Read and dismiss in place: the response to the form is that of a poll.
  form.addEventListener("submit", (event) => {
    const { submitter } = event;
    if (!submitter?.matches("[data-act]")) return;
    event.preventDefault();
    const id = Number(submitter.closest("[data-id]").dataset.id);
    act(submitter.getAttribute("formaction"), submitter.dataset.act, id);
  });

  async function act(url, name, id) {
    const before = shown;
    const body = new FormData(form);
    body.set("next", bell.dataset.url);
    if (name === "dismiss") {
      // Update at once, and revert on failure.
      const notifications = before.notifications.filter((row) => row.id !== id);
      const wasUnread = before.notifications.some((row) => row.id === id && !row.read);
      const unread = before.unread - wasUnread;
      const badge = Number(before.badge) ? String(unread || "") : before.badge; // or 99+
      show({ ...before, notifications, unread, badge });
    }
    const isDone = await poll({ url, body });
    if (isDone && name === "dismiss") {
      toast("dismissed", () => act(url.replace("/dismiss/", "/restore/"), "restore", id));
    } else if (!isDone) {
      etag = "";
      show(before);
      complain();
    }
  }

  function complain(isDone) {
    if (!isDone && !isSignedOut) toast("failed");
  }

  const desktop = find("bell-desktop");
  desktop.hidden = !("desktop" in bell.dataset) || window.Notification?.permission !== "default";
  desktop.addEventListener("click", async () => {
    await Notification.requestPermission();
    desktop.hidden = Notification.permission !== "default";
  });

  showCount(find("bell-badge").hidden ? "" : find("bell-badge").firstElementChild.textContent);
  takeTurn();
}
