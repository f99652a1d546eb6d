// One phone: built once, then filled with its state again and again.

const template = document.getElementById("phone");

const STATES = {
  accepted: "matkalla", queued: "matkalla", sending: "matkalla", sent: "lähetetty", delivered: "perillä",
  undelivered: "ei perillä", failed: "ei lähtenyt", canceled: "peruttu", received: "lähetetty", held: "pidätetty",
};

function phonePath(number, rest = "") {
  return `/phones/${encodeURIComponent(number)}${rest}`;
}

export function build(phone, { change, refresh, show }) {
  const element = template.content.firstElementChild.cloneNode(true);
  const number = phone.number;
  const title = element.querySelector("h2");
  const id = number.replace("+", "p");
  title.id = `${id}-title`;
  title.textContent = phone.name;
  element.setAttribute("aria-labelledby", title.id);
  element.dataset.number = number;
  element.querySelector(".messages").setAttribute("aria-label", `Viestit, ${phone.name}`);
  element.querySelector(".close").onclick = () => show(number, false);
  wireWriting(element, number, id, change, refresh);
  wireSettings(element, number, change);
  element.addEventListener("repeat", (event) => change("POST", `/messages/${event.detail}/repeat`).catch(() => {}));
  return element;
}

function wireWriting(element, number, id, change, refresh) {
  const form = element.querySelector(".write");
  const text = form.elements.body;
  text.id = `${id}-body`;
  form.querySelector("label").htmlFor = text.id;
  text.oninput = () => {
    text.style.height = "auto";
    text.style.height = `${text.scrollHeight}px`;
  };
  text.onkeydown = (event) => {
    if (event.key === "Enter" && !event.shiftKey && !event.isComposing) {
      event.preventDefault();
      form.requestSubmit();
    }
  };
  form.onsubmit = (event) => {
    event.preventDefault();
    const body = text.value;
    if (!body.trim()) return;
    text.value = "";
    text.oninput();
    text.focus();
    change("POST", phonePath(number, "/messages"), { body }).catch(() => { text.value = body; });
    setTimeout(refresh, 60);
  };
}

function wireSettings(element, number, change) {
  const set = (data) => change("POST", phonePath(number), data).catch(() => {});
  const inputs = named(element);
  inputs.landline.onchange = () => set({ kind: inputs.landline.checked ? "landline" : null });
  inputs.unreachable.onchange = () => set({ reachable: !inputs.unreachable.checked });
  inputs.unreachable_code.onchange = () => set({ unreachable_code: Number(inputs.unreachable_code.value) });
  inputs.opted_out.onchange = () => set({ opted_out: inputs.opted_out.checked });
  for (const button of element.querySelectorAll("[data-hold]")) {
    button.onclick = () => {
      const what = button.dataset.hold;
      const path = button.getAttribute("aria-pressed") === "true" ? "/release" : "/hold";
      change("POST", path, { what, number }).catch(() => {});
    };
  }
  element.querySelector(".release").onclick = () => change("POST", "/release", { number }).catch(() => {});
}

function named(element) {
  return Object.fromEntries([...element.querySelectorAll(".settings [name]")].map((input) => [input.name, input]));
}

// True if the phone has got something since the last time.
export function fill(element, phone) {
  const got = phone.messages.filter((message) => message.direction !== "inbound").length;
  const more = got > Number(element.dataset.got ?? got);
  element.dataset.got = got;
  const inputs = named(element);
  inputs.landline.checked = phone.kind === "landline";
  inputs.unreachable.checked = !phone.reachable;
  inputs.opted_out.checked = phone.opted_out;
  inputs.unreachable_code.value = String(phone.unreachable_code);
  element.querySelector(".why").hidden = phone.reachable;
  element.querySelector(".state").textContent = [
    phone.kind === "landline" && "lankapuhelin", !phone.reachable && "ei tavoitettavissa",
    phone.opted_out && "viestit kielletty", phone.held.length && "pidätettyjä",
  ].filter(Boolean).join(" · ");
  for (const button of element.querySelectorAll("[data-hold]")) {
    button.setAttribute("aria-pressed", String(phone.holding.includes(button.dataset.hold)));
  }
  element.querySelector(".release").hidden = !phone.held.length;
  fillLog(element, phone);
  fillMessages(element.querySelector(".messages"), element.querySelector(".messages ol"), phone);
  return more;
}

function fillLog(element, phone) {
  element.querySelector(".log").hidden = !phone.log.length;
  element.querySelector(".log summary").textContent = `Loki (${phone.log.length})`;
  element.querySelector(".log ol").replaceChildren(...phone.log.map((line) => {
    const item = document.createElement("li");
    item.textContent = `${clock(line.at)} ${line.text}${line.code ? ` (${line.code})` : ""}`;
    return item;
  }));
}

function fillMessages(view, list, phone) {
  const atEnd = view.scrollHeight - view.scrollTop - view.clientHeight < 40;
  const kept = new Set();
  let added = false;
  for (const message of phone.messages) {
    kept.add(message.sid);
    let item = list.querySelector(`[data-sid="${message.sid}"]`);
    if (!item) {
      item = bubble(message);
      list.append(item);
      added = true;
    }
    mark(item, message);
  }
  for (const item of [...list.children]) if (!kept.has(item.dataset.sid)) item.remove();
  if (added && (atEnd || phone.messages.at(-1)?.direction === "inbound")) view.scrollTop = view.scrollHeight;
}

function bubble(message) {
  const item = document.createElement("li");
  item.dataset.sid = message.sid;
  item.className = message.direction === "inbound" ? "own" : "theirs";
  const text = document.createElement("p");
  text.className = "text";
  text.textContent = message.num_media ? `📎 ${message.num_media} kuva(a) ${message.body}` : message.body;
  const foot = document.createElement("p");
  foot.className = "foot";
  foot.append(document.createElement("span"));
  if (message.direction === "inbound") foot.append(repeatButton(message.sid));
  item.append(text, foot);
  return item;
}

function repeatButton(sid) {
  const button = document.createElement("button");
  button.type = "button";
  button.className = "quiet";
  button.textContent = "toista";
  button.title = "Toimita sama viesti sovellukselle uudelleen";
  button.onclick = () => button.dispatchEvent(new CustomEvent("repeat", { bubbles: true, detail: sid }));
  return button;
}

function mark(item, message) {
  item.dataset.status = message.status;
  const parts = [clock(message.at)];
  if (message.segments > 1) parts.push(`${message.segments} osaa`);
  parts.push(STATES[message.status] || message.status);
  if (message.error_code) parts[parts.length - 1] += ` (${message.error_code})`;
  if (message.carrier_own) parts.push("operaattorin vastaus");
  const foot = item.querySelector(".foot span");
  const text = parts.join(" · ");
  if (foot.textContent !== text) foot.textContent = text;
}

function clock(at) {
  return new Intl.DateTimeFormat("fi-FI", {
    day: "numeric", month: "numeric", hour: "numeric", minute: "2-digit", timeZone: "Europe/Helsinki",
  }).format(new Date(at));
}
