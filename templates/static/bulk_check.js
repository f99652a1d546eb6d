// What the check found: how the file was read, totals, cost, the lines left out, and the step that sends.
import { say } from "./bulk_page.js";

const FIRST_SHOWN = 50;
// So few reasons are read without opening anything.
const FEW = 10;

const part = document.getElementById("checked");
const leftOut = document.getElementById("left-out");
const lines = leftOut.querySelector("tbody");
const showAll = document.getElementById("show-all");
const send = document.getElementById("send");

export function isCheckShown() {
  return !part.hidden;
}

export function hideCheck() {
  part.hidden = true;
  send.onclick = null;
  showAll.onclick = null;
  lines.replaceChildren();
}

// `start` is called by the send button alone.
export function showCheck(answer, start) {
  document.getElementById("read-as").textContent = answer.read_as;
  document.getElementById("totals").replaceChildren(...answer.totals.map((total) => element("li", total.sentence)));
  document.getElementById("cost").textContent = answer.cost ?? "";
  showLeftOut(answer.faults ?? []);
  const count = answer.rows.length;
  document.getElementById("may-send").hidden = !count;
  document.getElementById("none").hidden = count > 0;
  send.textContent = count === 1 ? say("send_one") : say("send_many", { n: count });
  send.onclick = start;
  part.hidden = false;
  document.getElementById("checked-title").focus();
}

function showLeftOut(faults) {
  leftOut.hidden = !faults.length;
  leftOut.open = faults.length <= FEW;
  leftOut.querySelector("summary").textContent = say("left_out", { n: faults.length });
  lines.replaceChildren(...faults.slice(0, FIRST_SHOWN).map(row));
  showAll.hidden = faults.length <= FIRST_SHOWN;
  showAll.textContent = say("show_all", { n: faults.length });
  showAll.onclick = () => {
    const rest = faults.slice(FIRST_SHOWN).map(row);
    lines.append(...rest);
    showAll.hidden = true;
    // The button is gone: reading goes on at the first line that came.
    rest[0].tabIndex = -1;
    rest[0].focus();
  };
}

function row(fault) {
  const made = document.createElement("tr");
  const line = element("th", String(fault.line));
  line.scope = "row";
  made.append(line, element("td", fault.sentence));
  return made;
}

function element(name, text) {
  const made = document.createElement(name);
  made.textContent = text;
  return made;
}
