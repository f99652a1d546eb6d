// Rows posted in chunks, one after another, each again and again until its answer has come: posting twice is safe.
import { post } from "./bulk_page.js";

const CHUNK = 25;
const LONGEST_PAUSE = 30;
const LONGEST_WAIT = 60;

export const RESULTS = ["sending", "queued", "not_sent", "already", "faulty", "try_again"];

export class Sending {
  results = new Map();
  isPaused = false;
  // How many rows are tried once more, 0 in the first round.
  again = 0;
  // From a chunk's first failure to its answer: {status, tries, until}, milliseconds since 1970; status 0 without one.
  trouble = null;
  changed = () => {};
  #stopWaiting = () => {};
  #goOn = () => {};

  // `order` goes with every chunk; `firstPause` in seconds; `untold` is the sentence of a line that got no answer.
  constructor({ address, order, rows, firstPause, untold }) {
    Object.assign(this, { address, order, rows, firstPause, untold });
  }

  // Every row once, and what is to be tried again once more.
  async run() {
    await this.#postAll(this.rows);
    await this.runAgain();
  }

  async runAgain() {
    const unsettled = this.unsettled();
    this.again = unsettled.length;
    await this.#postAll(unsettled);
    this.again = 0;
    this.isPaused = false;
    this.changed();
  }

  unsettled() {
    return this.rows.filter((row) => this.results.get(row.line)?.result === "try_again");
  }

  counts() {
    const counts = Object.fromEntries(RESULTS.map((result) => [result, 0]));
    for (const { result } of this.results.values()) counts[result] += 1;
    return counts;
  }

  pause() {
    this.isPaused = true;
    this.#stopWaiting();
    this.changed();
  }

  goOn() {
    this.isPaused = false;
    this.#goOn();
    this.changed();
  }

  tryNow() {
    if (this.trouble) this.trouble.until = Date.now();
    this.#stopWaiting();
  }

  async #postAll(rows) {
    for (let at = 0; at < rows.length; at += CHUNK) await this.#postUntilKnown(rows.slice(at, at + CHUNK));
  }

  async #postUntilKnown(chunk) {
    const body = JSON.stringify({ ...this.order, rows: chunk });
    const asked = { seconds: LONGEST_WAIT, headers: { "Content-Type": "application/json" } };
    for (let tries = 1; ; tries += 1) {
      while (this.isPaused) await new Promise((done) => (this.#goOn = done));
      this.changed();
      const { status, said } = await post(this.address, body, asked);
      // A sign-in page of the network answers 200 too: only results are an answer.
      if (status === 200 && Array.isArray(said?.results)) return this.#keep(chunk, said.results);
      if (!this.isPaused) await this.#wait(status === 200 ? 0 : status, tries);
    }
  }

  #keep(chunk, results) {
    this.trouble = null;
    const told = new Map(results.map((one) => [one.line, one]));
    for (const { line } of chunk) {
      const { result, sentence = "" } = told.get(line) ?? { result: "try_again", sentence: this.untold };
      this.results.set(line, { result: RESULTS.includes(result) ? result : "try_again", sentence });
    }
    this.changed();
  }

  async #wait(status, tries) {
    const seconds = Math.min(this.firstPause * 2 ** (tries - 1), LONGEST_PAUSE);
    this.trouble = { status, tries, until: Date.now() + seconds * 1000 };
    this.changed();
    await new Promise((done) => {
      const timer = setTimeout(done, seconds * 1000);
      this.#stopWaiting = () => {
        clearTimeout(timer);
        done();
      };
    });
  }
}
