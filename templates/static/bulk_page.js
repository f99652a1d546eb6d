// What the scripts of the bulk page share: its words, numbers as people write them, and one way to post.
export const { words, units } = JSON.parse(document.getElementById("bulk-data").textContent);

const live = document.getElementById("live");

export function shown(number) {
  return number.toLocaleString(document.documentElement.lang);
}

// The words by this name, with what stands in braces filled in.
export function say(name, values = {}) {
  return words[name].replace(/\{(\w+)\}/g, (_, key) => (typeof values[key] === "number" ? shown(values[key]) : values[key]));
}

// Heard by screen readers, seen by nobody.
export function speak(text) {
  live.textContent = text;
}

// The status and the JSON of one answer; status 0 when none came. Never throws.
export async function post(address, body, { seconds, headers = {}, stop = new AbortController() }) {
  const timer = setTimeout(() => stop.abort(), seconds * 1000);
  try {
    const answer = await fetch(address, {
      method: "POST",
      body,
      headers: { "X-CSRFToken": document.querySelector('meta[name="csrf"]').content, ...headers },
      credentials: "same-origin",
      signal: stop.signal,
    });
    return { status: answer.status, said: await answer.json().catch(() => null) };
  } catch {
    return { status: 0, said: null };
  } finally {
    clearTimeout(timer);
  }
}
