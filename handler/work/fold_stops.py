"""Where people stopped, beside what the responses tell of it: that they stopped at a question, not whether they fell
silent or refused (docs/decisions/0032). The split is known to the counts alone.
"""

from collections import Counter
from collections.abc import Mapping

from survey_flow.closing import BROKEN_OFF, OPTED_OUT, OPTED_OUT_AT, OPTED_OUT_AT_ONCE
from survey_flow.conversation import Answer


class Stops:
    """The stops of one row of counts, question by question, taken up response by response."""

    def __init__(self) -> None:
        self._stopped: Counter[str] = Counter()
        self._refused: Counter[str] = Counter()
        self._at_once = 0

    def take(self, answers: Mapping[str, Answer], outcome: str) -> bool:
        """Whether the response stopped at a question. One without any answer can only be a refusal; so are those that
        were written when a response still told it."""
        told = outcome.startswith(OPTED_OUT_AT)
        if not told and not outcome.startswith(BROKEN_OFF):
            return False
        question = outcome.removeprefix(OPTED_OUT_AT).removeprefix(BROKEN_OFF)
        self._stopped[question] += 1
        self._refused[question] += told or not answers
        self._at_once += not answers
        return True

    def columns(self, kept: Mapping[str, int]) -> dict[str, int]:
        """What the columns should be, by the split as the counts have it: what the two do not make up together, or make
        up too much, is of those who fell silent. Refusals change only where responses leave no other way."""
        refused = {question: self._split(question, kept) for question in self._questions(kept)}
        stops = {f"{BROKEN_OFF}{question}": self._stopped[question] - number for question, number in refused.items()}
        stops |= {f"{OPTED_OUT_AT}{question}": number for question, number in refused.items()}
        return stops | {OPTED_OUT: sum(refused.values()), OPTED_OUT_AT_ONCE: self._at_once}

    def _split(self, question: str, kept: Mapping[str, int]) -> int:
        as_kept = kept.get(f"{OPTED_OUT_AT}{question}", 0)
        return min(max(as_kept, self._refused[question]), self._stopped[question])

    def _questions(self, kept: Mapping[str, int]) -> set[str]:
        names = {name for name in kept if name != OPTED_OUT_AT_ONCE}
        found = {
            name.removeprefix(start) for start in (BROKEN_OFF, OPTED_OUT_AT) for name in names if name.startswith(start)
        }
        return found | self._stopped.keys()
