// Looks again while the state may still change, ever more seldom: after one second first, in the end not at all.
const MOST_LOOKS = 14;
const SLOWER = 1.5;

async function look(looks, seconds) {
  const shown = document.getElementById("state");
  if (looks === 0 || !("changes" in shown.dataset)) return;
  await new Promise((done) => setTimeout(done, seconds * 1000));
  try {
    const answer = await fetch(shown.dataset.address, { credentials: "same-origin" });
    if (answer.ok) swap(shown, new DOMParser().parseFromString(await answer.text(), "text/html"));
  } catch {
    // No connection now: the next look may have one.
  }
  await look(looks - 1, seconds * SLOWER);
}

function swap(shown, page) {
  const found = page.getElementById("state");
  if (!found || found.dataset.state === shown.dataset.state) return;
  shown.replaceChildren(...found.childNodes);
  shown.dataset.state = found.dataset.state;
  if (!("changes" in found.dataset)) delete shown.dataset.changes;
  document.title = page.title;
  if (!page.getElementById("cancel")) removeCancel();
}

function removeCancel() {
  const cancel = document.getElementById("cancel");
  const hadFocus = cancel?.contains(document.activeElement);
  cancel?.remove();
  if (hadFocus) document.getElementById("content").focus();
}

look(MOST_LOOKS, 1);
