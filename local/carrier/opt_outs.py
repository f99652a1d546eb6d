"""How Twilio itself reads STOP, START and HELP.

Only a message that is exactly one of the words counts; case and surrounding space do not matter. Twilio's default words
and answers are English. Advanced Opt-Out, a setting of a Messaging Service, replaces both, and only then does the
webhook say OptOutType. A number that is blocked is not answered, whether it says HELP or STOP again.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Self


class OptOut(StrEnum):
    STOP = "STOP"
    START = "START"
    HELP = "HELP"


@dataclass(frozen=True)
class OptOutWords:
    words: Mapping[OptOut, frozenset[str]]
    answers: Mapping[OptOut, str]

    def read(self, body: str) -> OptOut | None:
        word = body.strip().upper()
        return next((kind for kind, words in self.words.items() if word in words), None)

    @classmethod
    def from_json(cls, data: Mapping[str, Mapping[str, object]]) -> Self:
        """Reads {"STOP": {"words": [...], "answer": "..."}, "START": ..., "HELP": ...}."""
        words: dict[OptOut, frozenset[str]] = {}
        answers: dict[OptOut, str] = {}
        for name, entry in data.items():
            listed = entry.get("words", [])
            if not isinstance(listed, list):
                raise ValueError(f"The words of {name} are not a list.")
            words[OptOut(name)] = frozenset(str(word).strip().upper() for word in listed)
            answers[OptOut(name)] = str(entry.get("answer", ""))
        return cls(words, answers)


ENGLISH = OptOutWords(
    {
        OptOut.STOP: frozenset({"STOP", "STOPALL", "UNSUBSCRIBE", "CANCEL", "END", "QUIT", "REVOKE", "OPTOUT"}),
        OptOut.START: frozenset({"START", "YES", "UNSTOP"}),
        OptOut.HELP: frozenset({"HELP", "INFO"}),
    },
    {
        OptOut.STOP: "You have successfully been unsubscribed. "
        "You will not receive any more messages from this number. Reply START to resubscribe.",
        OptOut.START: "You have successfully been re-subscribed to messages from this number. Reply HELP for help. "
        "Reply STOP to unsubscribe. Msg&Data Rates May Apply.",
        OptOut.HELP: "Reply STOP to unsubscribe. Msg&Data Rates May Apply.",
    },
)

FINNISH = OptOutWords(
    {
        OptOut.STOP: ENGLISH.words[OptOut.STOP] | {"LOPETA", "PERU", "SLUTA", "STOPP", "AVSLUTA"},
        OptOut.START: frozenset({"START", "UNSTOP", "ALOITA", "BÖRJA", "STARTA"}),
        # Twilio keeps HELP to itself. INFO and OHJE are left to the survey, which can say who asks; APUA and HJÄLP are
        # calls for help and must never be answered by a keyword.
        OptOut.HELP: frozenset({"HELP"}),
    },
    {
        OptOut.STOP: "Emme lähetä sinulle enää viestejä. Jos muutat mielesi, vastaa START.",
        OptOut.START: "Voimme taas lähettää sinulle viestejä. Ne voi lopettaa vastaamalla STOP.",
        OptOut.HELP: "Tämä on sosiaali- ja terveyspalvelujen kysely. Kuka kysyy? Vastaa INFO. Ei kyselyjä: STOP. "
        "Hädässä soita 112.",
    },
)
