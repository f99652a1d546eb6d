"""What every use case is given: the templates, the phone keys, the clock, the tables' region, and where to count."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime

from handler.outside.sealing import CannotSeal
from handler.phone_keys import PhoneKeys
from handler.tables import conversations
from handler.tables.conversations import Held
from survey_flow.conversation import Conversation
from survey_flow.helsinki import day_of
from survey_flow.library import Library
from survey_flow.phone import PhoneNumber
from survey_flow.prompts import Script

Clock = Callable[[], datetime]
Count = Callable[[str, int], None]
# Seals a number for a row of this id. Raises CannotSeal.
Seal = Callable[[PhoneNumber, str], bytes]


def count_nothing(_: str, __: int) -> None:
    """Where nobody looks at metrics."""


def seal_nothing(_: PhoneNumber, __: str) -> bytes:
    """Where nobody writes to us."""
    raise CannotSeal


@dataclass(frozen=True, slots=True)
class Parts:
    library: Library
    phone_keys: PhoneKeys
    clock: Clock
    region: str
    count: Count = count_nothing
    seal: Seal = seal_nothing

    def today(self) -> date:
        return day_of(self.clock())

    def script(self, conversation: Conversation) -> Script:
        return Script(
            survey=self.library.surveys[conversation.survey],
            unit=self.library.organisation.units[conversation.unit],
            messages=self.library.messages,
            lexicon=self.library.lexicon,
        )

    def can_play(self, conversation: Conversation) -> bool:
        """Whether its survey, unit and pending question still exist: a file may change under an open conversation."""
        survey = self.library.surveys.get(conversation.survey)
        if survey is None or conversation.unit not in self.library.organisation.units:
            return False
        return bool(conversation.asking) and all(survey.has(question) for question in conversation.asking)

    def held(self, number: PhoneNumber) -> Held | None:
        """The number's conversation: under the writing key, or an open one under an older key."""
        found = None
        for key in self.phone_keys.all(number):
            held = conversations.read(key)
            if held is not None and held.state is not conversations.State.CLOSED:
                return held
            found = found or held
        return found
