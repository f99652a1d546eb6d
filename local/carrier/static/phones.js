// Draws the phones from the carrier's state, asked for about once a second.

import { build, fill } from "./phone.js";

const place = document.querySelector("[data-phones]");
const shelf = place.querySelector(".shelf");
const chosen = place.querySelector(".chosen");
const only = place.dataset.phones.split(",").filter(Boolean);
const drawn = new Map();
const hidden = new Set(JSON.parse(sessionStorage.getItem("hidden") || "[]"));
let revision = "";
let timer = 0;

async function ask(method, path, data) {
  const answer = await fetch(`/_control${path}`, {
    method,
    headers: data ? { "Content-Type": "application/json" } : {},
    body: data ? JSON.stringify(data) : undefined,
  });
  if (!answer.ok) throw new Error(String(answer.status));
  return answer.status === 204 ? null : answer.json();
}

async function change(method, path, data) {
  try {
    return await ask(method, path, data);
  } finally {
    await refresh();
  }
}

export async function openPhone(number) {
  const phone = await change("POST", "/phones", { number });
  await show(phone.number, true);
  const element = drawn.get(phone.number);
  if (element && element !== shelf.firstElementChild) shelf.prepend(element);
  element?.scrollIntoView({ block: "nearest", behavior: "smooth" });
  return element;
}

function hide(number, away) {
  if (away) hidden.add(number); else hidden.delete(number);
  sessionStorage.setItem("hidden", JSON.stringify([...hidden]));
}

function show(number, visible) {
  hide(number, !visible);
  revision = "";
  return refresh();
}

export async function refresh() {
  clearTimeout(timer);
  try {
    const state = await ask("GET", `/state?since=${revision}`);
    place.querySelector(".offline").textContent = "";
    if (state.phones) {
      draw(state.phones.filter((phone) => !only.length || only.includes(phone.number)));
      revision = state.revision;
    }
  } catch {
    place.querySelector(".offline").textContent = "Puhelinverkko ei vastaa. Yritetään uudelleen.";
  }
  clearTimeout(timer);
  timer = setTimeout(refresh, 1000);
}

function draw(phones) {
  for (const [number, element] of drawn) {
    if (!phones.some((phone) => phone.number === number)) {
      element.remove();
      drawn.delete(number);
    }
  }
  const lately = (phone) => phone.messages.at(-1)?.at || "";
  for (const phone of phones.toSorted((one, other) => lately(one).localeCompare(lately(other)))) {
    if (!drawn.has(phone.number)) {
      drawn.set(phone.number, build(phone, { change, refresh, show }));
      shelf.prepend(drawn.get(phone.number));
    }
    if (fill(drawn.get(phone.number), phone)) hide(phone.number, false);
    drawn.get(phone.number).hidden = hidden.has(phone.number);
  }
  place.querySelector(".empty").hidden = phones.length > 0;
  drawChosen(phones);
}

function drawChosen(phones) {
  chosen.hidden = phones.length < 2;
  for (const button of [...chosen.children]) {
    if (!drawn.has(button.dataset.number)) button.remove();
  }
  for (const phone of phones) {
    let button = chosen.querySelector(`[data-number="${phone.number}"]`);
    if (!button) {
      button = document.createElement("button");
      button.type = "button";
      button.dataset.number = phone.number;
      button.textContent = phone.name;
      button.onclick = () => show(phone.number, hidden.has(phone.number));
      chosen.append(button);
    }
    button.setAttribute("aria-pressed", String(!hidden.has(phone.number)));
  }
}

place.querySelector(".add").onsubmit = async (event) => {
  event.preventDefault();
  const input = event.target.elements.number;
  const problem = place.querySelector(".add .problem");
  problem.textContent = "";
  const numbers = input.value.split(/[,;\n]/).map((number) => number.trim()).filter(Boolean);
  const wrong = [];
  let last = null;
  for (const number of numbers) {
    try {
      last = await openPhone(number);
    } catch {
      wrong.push(number);
    }
  }
  input.value = wrong.join(", ");
  if (wrong.length) problem.textContent = `Tämä ei ole puhelinnumero: ${wrong.join(", ")}`;
  else last?.querySelector("textarea").focus();
};

document.addEventListener("visibilitychange", () => { if (!document.hidden) refresh(); });
refresh();
