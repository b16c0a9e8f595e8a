/*! Themis */
import { answerInPlace } from "./answer.js";
import { startBell } from "./bell.js";
import { sendOnce } from "./busy.js";
import { startCopying } from "./copy.js";
import { showPermission } from "./desktop.js";
import { keepDrafts } from "./drafts.js";
import { startKeys } from "./keys.js";
import { actInPlace } from "./list.js";
import { startTickAll } from "./tick_all.js";
import { offerBrowserZone } from "./time_zone.js";
import { showRelativeTimes } from "./times.js";
import { askBeforeLeaving } from "./unsaved.js";

const bell = document.getElementById("bell");
if (bell) startBell(bell);
askBeforeLeaving(); // before restoring a draft, which is an unsaved change
keepDrafts(bell?.dataset.user);
offerBrowserZone();
actInPlace();
answerInPlace();
startKeys();
sendOnce();
showPermission();
showRelativeTimes();
startCopying();
startTickAll();
