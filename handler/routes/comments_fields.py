"""What a page of comments was asked for and what is to be marked on it; every field at fault is named."""

from collections.abc import Collection, Mapping
from dataclasses import asdict, dataclass
from enum import StrEnum

from handler.tables.comments import Comment
from handler.work.comments_marking import Marking
from survey_flow.comment_marks import Change, CommentKind, CommentStatus
from survey_flow.organisation import Organisation
from survey_flow.survey import Respondent

# A page of comments, and so the most that are marked at once.
A_PAGE = 50
LONGEST_NAME = 60
# Without a kind or a theme, and to take it away.
NONE = "none"


class Fault(StrEnum):
    """Why a field was not accepted; the sentence for it is in templates/pages/."""

    MISSING = "missing"
    UNKNOWN = "unknown"
    TOO_MANY = "too_many"
    TOO_LONG = "too_long"
    NOT_A_DATE = "not_a_date"


class Waiting(StrEnum):
    """Stages of handling that are no status of their own."""

    WAITING = "waiting"
    OVERDUE = "overdue"


class ForMeeting(StrEnum):
    CHOOSE = "choose"
    LEAVE_OUT = "leave_out"


@dataclass(frozen=True, slots=True)
class Filter:
    """Which comments to show; what is left open is ""."""

    status: str = ""
    kind: str = ""
    theme: str = ""
    group: str = ""

    def lets(self, comment: Comment, *, overdue: bool) -> bool:
        marks = comment.marks
        return (
            self._lets_status(marks.status, overdue=overdue)
            and self.kind in ("", marks.kind or NONE)
            and self.theme in ("", marks.theme or NONE)
            and self.group in ("", comment.respondent)
        )

    def _lets_status(self, status: CommentStatus, *, overdue: bool) -> bool:
        if self.status == Waiting.WAITING:
            return status is not CommentStatus.HANDLED
        return overdue if self.status == Waiting.OVERDUE else self.status in ("", status)

    def query(self) -> dict[str, str]:
        """As the page's address has it."""
        return {name: value for name, value in asdict(self).items() if value}


def read_filter(given: Mapping[str, str], organisation: Organisation) -> tuple[Filter, dict[str, Fault]]:
    """The filter, and the faults by field; a field at fault is left open."""
    known: dict[str, Collection[str]] = {
        "status": {*CommentStatus, *Waiting},
        "kind": {*CommentKind, NONE},
        "theme": {*organisation.themes, NONE},
        "group": set(Respondent),
    }
    chosen = {name: given.get(name, "") for name in known}
    faults = {f"comments_filter_{name}": Fault.UNKNOWN for name in known if chosen[name] not in {*known[name], ""}}
    return Filter(**{name: value for name, value in chosen.items() if value in known[name]}), faults


def read_ticks(ticks: Collection[str]) -> tuple[dict[str, int], dict[str, Fault]]:
    """The comments ticked, id -> the version that was shown."""
    if not ticks:
        return {}, {"comments_ticks": Fault.MISSING}
    if len(ticks) > A_PAGE:
        return {}, {"comments_ticks": Fault.TOO_MANY}
    pairs = [tick.rpartition(".") for tick in ticks]
    if any(not comment_id or not _is_whole(version) for comment_id, _, version in pairs):
        return {}, {"comments_ticks": Fault.UNKNOWN}
    return {comment_id: int(version) for comment_id, _, version in pairs}, {}


def read_marking(typed: Mapping[str, str], organisation: Organisation) -> tuple[Marking, dict[str, Fault]]:
    """What to mark, and the faults by field."""
    known: dict[str, Collection[str]] = {
        "status": set(CommentStatus),
        "kind": {*CommentKind, NONE},
        "theme": {*organisation.themes, NONE},
        "meeting": set(ForMeeting),
    }
    chosen = {name: typed.get(name, "") for name in known}
    faults = {f"comments_{name}": Fault.UNKNOWN for name in known if chosen[name] not in {*known[name], ""}}
    if not any(chosen.values()):
        faults["comments_status"] = Fault.MISSING
    who = " ".join(typed.get("who", "").split())
    if chosen["status"] == CommentStatus.HANDLED and not who:
        faults["comments_who"] = Fault.MISSING
    elif len(who) > LONGEST_NAME:
        faults["comments_who"] = Fault.TOO_LONG
    return Marking() if faults else _marking(chosen, who), faults


def _marking(chosen: Mapping[str, str], who: str) -> Marking:
    change = Change(
        status=CommentStatus(chosen["status"]) if chosen["status"] else None,
        kind=_kept_or_taken(chosen["kind"]),
        theme=_kept_or_taken(chosen["theme"]),
        by=who,
    )
    return Marking(change, chosen["meeting"] == ForMeeting.CHOOSE if chosen["meeting"] else None)


def _kept_or_taken(chosen: str) -> str | None:
    return None if not chosen else "" if chosen == NONE else chosen


def _is_whole(text: str) -> bool:
    # int() takes "1_0", and isdigit() takes "²".
    return text.isascii() and text.isdigit() and len(text) < 10
