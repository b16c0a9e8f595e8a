/*! Themis */
import { startBell } from "./bell.js";
import { sendOnce } from "./busy.js";
import { keepDrafts } from "./drafts.js";
import { startKeys } from "./keys.js";
import { actInPlace } from "./list.js";
import { startTickAll } from "./tick_all.js";
import { offerBrowserZone } from "./time_zone.js";
import { showRelativeTimes } from "./times.js";

const bell = document.getElementById("bell");
if (bell) startBell(bell);
keepDrafts(bell?.dataset.user);
offerBrowserZone();
actInPlace();
startKeys();
sendOnce();
showRelativeTimes();
startTickAll();
