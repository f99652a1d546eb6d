// The form of the bulk page. Numbers stay in this script's memory: never on the page, in storage or in an address.
import { post, say, speak, units } from "./bulk_page.js";
import { hideCheck, isCheckShown, showCheck } from "./bulk_check.js";
import { clearFaults, showFaults } from "./bulk_faults.js";
import { showSending } from "./bulk_progress.js";
import { Sending } from "./bulk_send.js";
import { fitToUnit, unitChosen } from "./unit_choices.js";

const LARGEST_FILE = 2 * 1024 * 1024;
// A large file on a slow line takes its time.
const LONGEST_CHECK = 180;

const form = document.getElementById("bulk");
const choosing = document.getElementById("choosing");
const button = document.getElementById("check");
const changed = document.getElementById("changed");
const buttonWords = button.textContent;
let underWay = null;

function missing() {
  const faults = {};
  const file = form.elements.file.files[0];
  if (!file) faults.file = say("fault_file");
  else if (file.size > LARGEST_FILE) faults.file = say("fault_file_size");
  if (!form.elements.confirmed.checked) faults.confirmed = say("fault_confirmed");
  return faults;
}

function setBusy(isBusy) {
  button.disabled = isBusy;
  button.textContent = isBusy ? say("checking") : buttonWords;
  if (isBusy) speak(say("checking"));
}

// What was checked is what is sent: after a change nothing of the answer is kept.
function takeAway() {
  underWay?.abort();
  underWay = null;
  setBusy(false);
  hideCheck();
}

async function check() {
  takeAway();
  clearFaults();
  changed.hidden = true;
  const faults = missing();
  if (Object.keys(faults).length) return showFaults("", faults);
  const mine = new AbortController();
  underWay = mine;
  setBusy(true);
  const { when, neutral } = form.elements;
  const order = { when: when.value, neutral: neutral.checked || null, confirmed: true };
  const answer = await post(form.dataset.check, new FormData(form), { seconds: LONGEST_CHECK, stop: mine });
  if (underWay !== mine) return;
  underWay = null;
  setBusy(false);
  speak("");
  if (answer.status === 200 && Array.isArray(answer.said?.rows)) {
    showCheck(answer.said, () => start({ file_key: answer.said.file_key, ...order }, answer.said));
  } else {
    showFaults(sentenceOf(answer), answer.said?.errors ?? {});
  }
}

function sentenceOf({ status, said }) {
  if (typeof said?.sentence === "string") return said.sentence;
  if (status === 413) return say("fault_file_size");
  return status === 0 || status === 200 ? say("fault_broken") : say("fault_service", { status: String(status) });
}

function start(order, { rows, faults }) {
  choosing.hidden = true;
  hideCheck();
  const sending = new Sending({
    address: form.dataset.send,
    order,
    rows,
    firstPause: Number(form.dataset.firstPause),
    untold: say("untold"),
  });
  showSending(sending, faults);
}

form.addEventListener("submit", (event) => {
  event.preventDefault();
  check();
});

form.addEventListener("change", (event) => {
  if (event.target.name === "unit") unitChosen(form, units);
  const hadCheck = isCheckShown() || underWay;
  takeAway();
  if (!hadCheck) return;
  changed.hidden = false;
  speak(say("changed"));
});

choosing.hidden = false;
fitToUnit(form, units);
