// The desk: the application's clock, the frame's links, and opening the phone that the form has just invited.

import { openPhone, refresh } from "./phones.js";

const bar = document.querySelector(".clock");
const now = bar.querySelector(".now");
const field = bar.querySelector("#to");
const problem = bar.querySelector(".problem");
const frame = document.querySelector("iframe");
let busy = false;

async function clock(data) {
  const answer = await fetch("/desk/clock", data && {
    method: "POST", headers: { "Content-Type": "application/json" }, body: JSON.stringify(data),
  });
  const told = await answer.json().catch(() => ({}));
  if (!answer.ok) throw new Error(told.problem || "Kelloa ei voitu siirtää.");
  now.textContent = told.shown.text;
  if (data || !field.value) field.value = told.shown.field;
  if (data) bar.querySelector(".moved").textContent = `Kello on nyt ${told.shown.text}`;
  problem.textContent = "";
}

async function move(data) {
  if (busy) return;
  busy = true;
  bar.setAttribute("aria-busy", "true");
  try {
    await clock(data);
  } catch (error) {
    problem.textContent = error.message;
  } finally {
    busy = false;
    bar.removeAttribute("aria-busy");
    refresh();
    showAnew();
  }
}

// Results are of the clock's day; the form is left alone, for a number may be half typed.
function showAnew() {
  const shown = document.querySelector("nav a[aria-current]:not(:first-of-type)");
  if (shown) frame.src = shown.href;
}

async function tick() {
  if (!busy && !document.hidden) {
    await clock().catch((error) => { problem.textContent = error.message; });
  }
  setTimeout(tick, 5000);
}

for (const button of bar.querySelectorAll("[data-forward]")) {
  button.onclick = () => move({ forward: button.dataset.forward });
}
bar.querySelector(".to").onsubmit = (event) => {
  event.preventDefault();
  move({ local: field.value });
};

for (const link of document.querySelectorAll("nav a")) {
  link.onclick = () => {
    for (const other of document.querySelectorAll("nav a")) other.removeAttribute("aria-current");
    link.setAttribute("aria-current", "page");
  };
}

addEventListener("message", (event) => {
  if (event.source !== frame.contentWindow || event.origin !== frame.dataset.origin) return;
  if (event.data?.kuulolla === "invited" && typeof event.data.phone === "string") {
    openPhone(event.data.phone).catch(() => {});
  }
});

tick();
