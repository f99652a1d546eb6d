"""What the model keeps of each phone: whether it refuses, who asked it what, and what came of that."""

from collections import Counter
from dataclasses import dataclass, field
from datetime import datetime

from survey_flow.contact_policy import allowed_from
from survey_flow.conversation import LIFETIME
from survey_flow.helsinki import day_of
from survey_flow.phone import PhoneNumber
from tests.model.places import Place
from tests.model.texts import Text

# What inviting is answered with.
OPTED_OUT, THROTTLED, ACCEPTED = "opted-out", "throttled", "accepted"
# Who said that a number wants no surveys.
NOBODY, STAFF, RESPONDENT = "", "staff", "respondent"


@dataclass(slots=True)
class Opening:
    """An opening that the carrier took in, or that we cannot know it did not, and what came after it.

    `digits` were written after it, each once. `must`: a response is left of it; `never`: none is. `gave_back`: whether
    its contact was given back. `tried`: it was, so it is not tried again. `doubtful`: it may
    have expired, so long was nothing said.
    """

    invitation: str
    at: datetime
    place: Place
    digest: str
    taken: bool = True
    tried: bool = True
    digits: Counter[int] = field(default_factory=Counter)
    texts: list[Text] = field(default_factory=list)
    reminders: int = 0
    safety: bool = False
    ended: bool = False
    must: bool = False
    never: bool = False
    gave_back: bool | None = False
    doubtful: bool = False

    @property
    def allows_from(self) -> datetime:
        return datetime.combine(allowed_from(day_of(self.at)), datetime.min.time(), self.at.tzinfo)


@dataclass(slots=True)
class Asked:
    """An invitation that was accepted. `barred`: its opening must not leave any more."""

    id: str
    place: Place
    at: datetime
    barred: bool = False
    tried: bool = False


@dataclass(slots=True)
class Person:
    """`refuses`: who said it, or None when nobody can know."""

    number: PhoneNumber
    refuses: str | None = NOBODY
    asked: list[Asked] = field(default_factory=list)
    openings: list[Opening] = field(default_factory=list)
    last_word: datetime | None = None

    @property
    def latest(self) -> Opening | None:
        """The latest opening."""
        return self.openings[-1] if self.openings else None

    def going_on(self) -> Opening | None:
        """The opening whose conversation goes on, for all that was heard and said."""
        found = self.latest
        return found if found is not None and not found.ended else None

    def surely_goes_on(self, now: datetime) -> bool:
        """It went on, and cannot have expired since."""
        opening = self.going_on()
        return opening is not None and opening.taken and not opening.doubtful and self.is_quick(now)

    def is_quick(self, now: datetime) -> bool:
        return self.last_word is not None and now - self.last_word < LIFETIME


@dataclass(slots=True)
class Attempt:
    """A message that we asked the carrier to send; `invitation` is "" for a reminder."""

    number: PhoneNumber
    invitation: str
    text: str
    digest: str
    at: datetime
    valid_until: datetime
