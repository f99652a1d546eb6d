// Without this script the form works: it shows every group, and the server says what a unit does not offer.
import { fitToUnit, unitChosen } from "./unit_choices.js";

const { previews, units } = JSON.parse(document.getElementById("form-data").textContent);
const form = document.getElementById("invitation");
const send = document.getElementById("send");
const preview = document.getElementById("preview");
const previewText = document.getElementById("preview-text");
const previewSegments = document.getElementById("preview-segments");
const sendWords = send.textContent;

function showPreview() {
  const { unit, respondent, language, neutral } = form.elements;
  const found = previews[[unit.value, respondent.value, language.value, neutral.checked ? "on" : ""].join("|")];
  preview.hidden = !found;
  if (!found) return;
  previewText.textContent = found.text;
  previewText.lang = language.value;
  previewSegments.hidden = found.segments < 2;
  previewSegments.textContent = previewSegments.dataset.words.replace("{n}", found.segments);
}

form.addEventListener("change", (event) => {
  if (event.target.name === "unit") unitChosen(form, units);
  showPreview();
});

form.addEventListener("submit", () => {
  send.disabled = true;
  send.textContent = send.dataset.sending;
});

// Back from the next page, the browser may show this one as it was left.
window.addEventListener("pageshow", () => {
  send.disabled = false;
  send.textContent = sendWords;
  fitToUnit(form, units);
  showPreview();
});

// A page inside a frame of another origin gets no autofocus from the browser.
document.querySelector("[data-focus]")?.focus();
