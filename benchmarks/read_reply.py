"""How long one reply takes to read, and the lexicon to build: python -m benchmarks.read_reply"""

import time
from collections.abc import Callable

from survey_flow.replies import Lexicon
from tests.replies.reading import NPS, OPEN, reading, shipped

TEXTS = {
    "a digit": "9",
    "a digit and its reason": "9, koska kuunneltiin ja sain apua",
    "1,600 characters of prose": ("Ohjaaja oli mukava ja kuunteli mua, mutta jonot olivat pitkiä. " * 26)[:1600],
    "1,600 of one word": "en " * 533,
    "1,600 of a phrase": "en jaksa enää " * 114,
    "1,600 of digits and marks": "9," * 800,
    "1,600 of letters and smileys": "😀a" * 800,
}


def milliseconds(run: Callable[[], object], times: int = 20) -> float:
    run()
    start = time.process_time()
    for _ in range(times):
        run()
    return (time.process_time() - start) / times * 1000


def main() -> None:
    words, safety = shipped("words"), shipped("safety")
    print(f"{'building the lexicon':32} {milliseconds(lambda: Lexicon.from_files(words, safety)):8.2f} ms of CPU")
    for name, text in TEXTS.items():
        closed = milliseconds(lambda text=text: reading(text, NPS))
        free = milliseconds(lambda text=text: reading(text, OPEN))
        print(f"{name:32} {closed:8.2f} ms at 0-10, {free:6.2f} ms at the open question")


if __name__ == "__main__":
    main()
