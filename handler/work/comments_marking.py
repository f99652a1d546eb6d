"""Marking comments, blacking words out of them, deleting them: each write only on what was shown.

What cannot be taken back is noted first, and not done when it cannot be noted.
"""

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from hashlib import sha256

from handler.tables import audit, base, comments, meetings
from handler.tables.audit import Did
from handler.tables.base import LostRace
from handler.tables.comments import Comment
from handler.work.comments import MOST_FOR_MEETING, find, for_meeting, readable
from handler.work.parts import Parts
from survey_flow.comment_marks import Change, Marks, marked
from survey_flow.comment_words import blacked_out
from survey_flow.organisation import Unit

# How often a choice for the meeting is tried while others choose, too.
_TRIES = 8


class Outcome(StrEnum):
    """What became of one comment that was to be marked."""

    DONE = "done"
    CHANGED = "changed"
    GONE = "gone"
    NO_ROOM = "no_room"


@dataclass(frozen=True, slots=True)
class Marking:
    """What to mark on every ticked comment; None for the meeting leaves the choice as it is."""

    change: Change = field(default_factory=Change)
    for_meeting: bool | None = None


class TooManyForMeeting(Exception):
    """More than five would be chosen; nothing was marked."""


class NotAsShown(Exception):
    """The comment says something else than was shown, or is gone; nothing was changed."""


def mark(parts: Parts, unit: Unit, ticked: Mapping[str, int], marking: Marking, *, who: str) -> dict[str, Outcome]:
    """Marks the comments ticked (id -> the version that was shown), one after another, each alone.

    Raises TooManyForMeeting with nothing marked.
    """
    found = {comment.id: comment for comment in readable(parts, unit)}
    if marking.for_meeting:
        chosen = {comment.id for comment in found.values() if comment.chosen_for_meeting}
        if len(chosen | (ticked.keys() & found.keys())) > MOST_FOR_MEETING:
            raise TooManyForMeeting
    outcomes = {
        comment_id: _mark_one(parts, unit, found.get(comment_id), version, marking)
        for comment_id, version in ticked.items()
    }
    if Outcome.DONE in outcomes.values():
        audit.note(parts.clock(), who=who, did=Did.COMMENTS_MARKED, unit=unit.id)
    return outcomes


def _mark_one(parts: Parts, unit: Unit, comment: Comment | None, version: int, marking: Marking) -> Outcome:
    if comment is None:
        return Outcome.GONE
    if comment.version != version:
        return Outcome.CHANGED
    marks = marked(comment.marks, marking.change, today=parts.today())
    if marking.for_meeting and not comment.chosen_for_meeting:
        return _choose(parts, unit, comment, marks)
    chosen = comment.chosen_for_meeting if marking.for_meeting is None else marking.for_meeting
    try:
        comments.mark(comment, marks, chosen_for_meeting=chosen)
    except LostRace:
        return _what_became(parts, unit, comment)
    return Outcome.DONE


def _choose(parts: Parts, unit: Unit, comment: Comment, marks: Marks) -> Outcome:
    """The choices of a unit come one after another, so that two at once do not make six."""
    for _ in range(_TRIES):
        turn = meetings.turn(unit.id)
        if len(for_meeting(parts, unit)) >= MOST_FOR_MEETING:
            return Outcome.NO_ROOM
        try:
            with base.transaction(parts.region) as together:
                meetings.take(together, turn, now=parts.clock())
                comments.mark_within(together, comment, marks, chosen_for_meeting=True)
            return Outcome.DONE
        except LostRace:
            now = find(parts, unit, comment.id)
            if now is None or now.version != comment.version:
                return _what_became(parts, unit, comment)
    return Outcome.CHANGED


def _what_became(parts: Parts, unit: Unit, comment: Comment) -> Outcome:
    return Outcome.GONE if find(parts, unit, comment.id) is None else Outcome.CHANGED


def shown_as(comment: Comment) -> str:
    """What a page says of the text that it shows, to be told again with what is done to it."""
    return sha256(comment.text.encode()).hexdigest()[:16]


def black_out(parts: Parts, unit: Unit, comment: Comment, words: Collection[int], *, shown: str, who: str) -> None:
    """Overwrites these words (by their places) for good. Raises NotAsShown, and ValueError for a word it has not."""
    if shown_as(comment) != shown:
        raise NotAsShown
    text = blacked_out(comment.text, words)
    audit.note(parts.clock(), who=who, did=Did.COMMENT_BLACKED_OUT, unit=unit.id, about=comment.id)
    try:
        comments.overwrite(comment, text)
    except LostRace as lost:
        raise NotAsShown from lost


def delete(parts: Parts, unit: Unit, comment: Comment, *, shown: str, who: str) -> None:
    """Deletes the comment as it was shown. Raises NotAsShown."""
    if shown_as(comment) != shown:
        raise NotAsShown
    audit.note(parts.clock(), who=who, did=Did.COMMENT_DELETED, unit=unit.id, about=comment.id)
    try:
        comments.delete(comment)
    except LostRace as lost:
        raise NotAsShown from lost
