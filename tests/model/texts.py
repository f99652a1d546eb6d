"""What people write, and all that the model needs to know of it."""

from dataclasses import dataclass
from enum import StrEnum


class Kind(StrEnum):
    ANSWER = "answer"  # an answer to some question, not to every one
    PASS = "pass"  # OHITA and "don't know": taken at any question that was seen
    WORDS = "words"  # a comment at the open question, unclear at any other
    COMMAND = "command"
    START = "start"
    STOP = "stop"
    WRONG_NUMBER = "wrong number"
    CRISIS = "crisis"


@dataclass(frozen=True, slots=True)
class Text:
    """`values` are the digits that its writer could mean, each once. `stops` beside a call for help."""

    body: str
    kind: Kind
    values: tuple[int, ...] = ()
    stops: bool = False

    def __repr__(self) -> str:
        return repr(self.body)

    @property
    def refuses(self) -> bool:
        return self.stops or self.kind in (Kind.STOP, Kind.WRONG_NUMBER)


ANSWERS = (
    Text("9", Kind.ANSWER, (9,)),
    Text("3", Kind.ANSWER, (3,)),
    Text("1", Kind.ANSWER, (1,)),
    Text("0", Kind.ANSWER, (0,)),
    Text("ysi", Kind.ANSWER, (9,)),
    Text("ehkä joku 2, koska kuunneltiin", Kind.ANSWER, (2,)),
    Text("4534", Kind.ANSWER, (4, 5, 3, 4)),
    Text("3 2 1", Kind.ANSWER, (3, 2, 1)),
    Text("A4 B5 C3 D1", Kind.ANSWER, (4, 5, 3, 1)),
    Text("345", Kind.ANSWER, (3, 4, 5)),
)
PASSES = (Text("OHITA", Kind.PASS), Text("en osaa sanoa", Kind.PASS))
WORDS = (
    Text("kiitos kaikesta", Kind.WORDS),
    Text("soita +358 40 123 4560", Kind.WORDS),
    Text("9 tai 5", Kind.WORDS),
    Text("", Kind.WORDS),
    Text("\u200b👍🏽\ufe0f", Kind.WORDS),
)
COMMANDS = tuple(Text(body, Kind.COMMAND) for body in ("TAKAISIN", "HELP", "SVENSKA", "ENGLISH", "SUOMEKSI"))
STARTS = (Text("START", Kind.START),)
REFUSALS = (
    Text("STOP", Kind.STOP),
    Text("stop pls", Kind.STOP),
    Text("älkää lähettäkö enää", Kind.STOP),
    Text("väärä numero", Kind.WRONG_NUMBER),
)
CRIES = (
    Text("haluan kuolla", Kind.CRISIS),
    Text("2, haluan kuolla", Kind.CRISIS, (2,)),
    Text("STOP haluan kuolla", Kind.CRISIS, stops=True),
)
EVERYTHING = (*ANSWERS, *PASSES, *WORDS, *COMMANDS, *STARTS, *REFUSALS, *CRIES)
