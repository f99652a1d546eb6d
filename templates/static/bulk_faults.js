// What keeps a file from being checked: told above the form, and beside each field that it concerns.
import { say } from "./bulk_page.js";

const box = document.getElementById("faults");
const sentenceLine = box.querySelector("p");
const list = box.querySelector("ul");
const title = document.title;

// The sentence for the file as a whole, or ""; the faults by field.
export function showFaults(sentence, faults) {
  clearFaults();
  sentenceLine.textContent = sentence;
  sentenceLine.hidden = !sentence;
  list.replaceChildren(...Object.entries(faults).map(([name, fault]) => inSummary(name, fault)));
  list.hidden = !list.children.length;
  for (const [name, fault] of Object.entries(faults)) besideField(name, fault);
  document.title = `${say("error")}: ${title}`;
  box.hidden = false;
  box.focus();
}

export function clearFaults() {
  box.hidden = true;
  document.title = title;
  for (const told of document.querySelectorAll("#bulk .fault")) {
    for (const field of document.querySelectorAll(`#bulk [aria-describedby~="${told.id}"]`)) {
      field.removeAttribute("aria-invalid");
      const others = field.getAttribute("aria-describedby").split(" ").filter((id) => id !== told.id);
      if (others.length) field.setAttribute("aria-describedby", others.join(" "));
      else field.removeAttribute("aria-describedby");
    }
    told.remove();
  }
}

function inSummary(name, fault) {
  const item = document.createElement("li");
  const field = document.getElementById(name);
  if (!field || field.type === "hidden") {
    item.textContent = fault;
    return item;
  }
  const link = document.createElement("a");
  link.href = `#${name}`;
  link.textContent = fault;
  // Followed by hand: the address stays as it is, and a radio that is not offered passes the focus on.
  link.addEventListener("click", (event) => {
    event.preventDefault();
    const open = field.disabled ? field.closest(".field").querySelector("input:not(:disabled)") : field;
    open.focus();
  });
  item.append(link);
  return item;
}

function besideField(name, fault) {
  const input = document.getElementById(name);
  const place = input?.closest(".field");
  if (!place) return;
  const told = document.createElement("p");
  told.className = "fault";
  told.id = `${name}-fault`;
  told.textContent = fault;
  const label = place.querySelector("legend, label");
  if (place.classList.contains("tick")) label.before(told);
  else label.after(told);
  const field = place.matches("fieldset") ? place : input;
  field.setAttribute("aria-invalid", "true");
  field.setAttribute("aria-describedby", [field.getAttribute("aria-describedby"), told.id].filter(Boolean).join(" "));
}
