// The result file: lines, results and sentences, no numbers. As Finnish Excel opens it: semicolons, UTF-8 with a mark.
import { say } from "./bulk_page.js";

// `left` are the lines that the check left out; a row without a result yet is said to wait.
export function resultFile(sending, left) {
  const found = [
    ...left.map(({ line, sentence }) => [line, say("result_left_out"), sentence]),
    ...sending.rows.map(({ line }) => resultOf(line, sending.results.get(line))),
  ].sort((one, other) => one[0] - other[0]);
  const rows = [[say("file_line"), say("file_result"), say("file_sentence")], ...found];
  const text = rows.map((cells) => `${cells.map(cell).join(";")}\r\n`).join("");
  return new Blob(["\ufeff", text], { type: "text/csv;charset=utf-8" });
}

function resultOf(line, told) {
  if (!told) return [line, say("result_not_yet"), ""];
  return [line, say(`result_${told.result}`), told.sentence];
}

// A cell that begins like a formula would be reckoned by the spreadsheet.
function cell(value) {
  const text = String(value);
  const safe = /^[=+\-@\t\r]/.test(text) ? `'${text}` : text;
  return /[;"\r\n]/.test(safe) ? `"${safe.replaceAll('"', '""')}"` : safe;
}
