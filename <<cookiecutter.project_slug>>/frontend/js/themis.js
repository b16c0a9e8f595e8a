/*! Themis */
import { startBell } from "./bell.js";
import { startTickAll } from "./tick_all.js";
import { showRelativeTimes } from "./times.js";

const bell = document.getElementById("bell");
if (bell) startBell(bell);
showRelativeTimes();
startTickAll();
