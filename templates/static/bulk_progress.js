// The sending as it goes: seen at once, spoken now and then, and not left by accident.
import { say, shown, speak } from "./bulk_page.js";
import { resultFile } from "./bulk_file.js";

const SPOKEN_EVERY = 20_000;
// After so many tries it is said that one may come back later.
const LONG_TROUBLE = 5;

const part = document.getElementById("sending");
const title = document.getElementById("sending-title");
const note = document.getElementById("note");
const bar = document.getElementById("progress");
const barText = document.getElementById("progress-text");
const trouble = document.getElementById("trouble");
const tryNow = document.getElementById("try-now");
const pause = document.getElementById("pause");
const again = document.getElementById("again");
const download = document.getElementById("download");
const pageTitle = document.title;

export function showSending(sending, left) {
  const spoken = { at: Date.now(), tries: 0, isPaused: false };
  sending.changed = () => show(sending, left, spoken);
  pause.onclick = () => (sending.isPaused ? sending.goOn() : sending.pause());
  again.onclick = () => begin(sending, () => sending.runAgain());
  tryNow.onclick = () => sending.tryNow();
  window.addEventListener("online", () => sending.tryNow());
  setInterval(() => showTrouble(sending), 1000);
  part.hidden = false;
  begin(sending, () => sending.run());
}

async function begin(sending, run) {
  window.addEventListener("beforeunload", askBeforeLeaving);
  title.textContent = say("sending_title");
  setRunning(true);
  title.focus();
  await run();
  window.removeEventListener("beforeunload", askBeforeLeaving);
  showEnd(sending);
}

function askBeforeLeaving(event) {
  event.preventDefault();
  // Older browsers ask only for this.
  event.returnValue = true;
}

function setRunning(isRunning) {
  pause.hidden = !isRunning;
  document.getElementById("if-closed").hidden = !isRunning;
  document.getElementById("another").hidden = isRunning;
  again.hidden = true;
}

function show(sending, left, spoken) {
  const done = sending.results.size;
  const total = sending.rows.length;
  bar.max = total;
  bar.value = done;
  barText.textContent = say("progress", { done, total });
  document.title = `${barText.textContent} – ${pageTitle}`;
  for (const [result, count] of Object.entries(sending.counts())) {
    part.querySelector(`[data-count="${result}"]`).textContent = shown(count);
  }
  pause.textContent = say(sending.isPaused ? "go_on" : "pause");
  note.textContent = noteOf(sending);
  showTrouble(sending);
  speakNowAndThen(sending, spoken);
  URL.revokeObjectURL(download.href);
  download.href = URL.createObjectURL(resultFile(sending, left));
}

function noteOf(sending) {
  if (sending.isPaused) return say("note_paused");
  return sending.again ? say("note_again", { n: sending.again }) : say("note_sending");
}

function showTrouble({ trouble: found, isPaused }) {
  const isTrying = !found || Date.now() >= found.until;
  if (isTrying && trouble.contains(document.activeElement)) title.focus();
  trouble.hidden = !found || isPaused;
  tryNow.hidden = isTrying;
  if (found) trouble.querySelector("p").textContent = troubleOf(found);
}

function troubleOf({ status, tries, until }) {
  const seconds = Math.ceil((until - Date.now()) / 1000);
  const what = status ? say("refused", { status: String(status) }) : say("broken");
  const next = seconds > 0 ? say("retry", { n: seconds }) : say("retry_now");
  const later = tries >= LONG_TROUBLE ? [say("long_trouble")] : [];
  return [what, next, ...later].join(" ");
}

function speakNowAndThen(sending, spoken) {
  const { trouble: found, isPaused, results, rows } = sending;
  const tries = found ? found.tries : 0;
  if (tries !== spoken.tries && (tries === 1 || tries === LONG_TROUBLE)) {
    speak(troubleOf(found));
  } else if (isPaused !== spoken.isPaused) {
    speak(noteOf(sending));
  } else if (!found && Date.now() - spoken.at >= SPOKEN_EVERY) {
    spoken.at = Date.now();
    speak(say("progress_spoken", { done: results.size, total: rows.length }));
  }
  Object.assign(spoken, { tries, isPaused });
}

function showEnd(sending) {
  const left = sending.unsettled().length;
  const total = sending.rows.length;
  title.textContent = say(left ? "done_again_title" : "done_title");
  document.title = `${title.textContent} – ${pageTitle}`;
  note.textContent = total === 1 ? say("done_one") : say("done_many", { n: total });
  if (left) note.textContent = say("done_again", { n: left });
  setRunning(false);
  again.hidden = !left;
  again.textContent = say("again", { n: left });
  speak("");
  title.focus();
}
