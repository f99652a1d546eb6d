"""What those are promised whose messages meet.

Of two answers to a question one is taken and stored, and its sender alone hears what follows. Whoever lost has answered
nothing, and hears nothing, or that the survey is over.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from handler.tables.conversations import State
from handler.tables.responses import ResponseRow
from handler.work.opt_out import refuses
from handler.work.parts import Parts
from survey_flow.conversation import Answer, Conversation, Turn
from survey_flow.dialogue import advance
from survey_flow.language import Language
from tests.races.deeds import Message, Rescued
from tests.races.interleaving import Merge
from tests.races.meetings import Meeting
from tests.world import PHONE, World

_TABLE = "conversations"


@dataclass(frozen=True, slots=True)
class Said:
    """A message of a merge and the reply to it; `alone` is the turn that it would have made with nobody else there."""

    who: int
    message_id: str
    reply: str
    alone: Turn

    def answers(self, asking: Sequence[str]) -> dict[str, Answer]:
        """What it answers of what was asked."""
        return of_those_asked(self.alone.conversation.answers, asking)

    def was_taken(self, asking: Sequence[str]) -> bool:
        """Whether its sender heard what follows their answer."""
        return bool(self.answers(asking)) and self.reply == self.alone.reply


def said(parts: Parts, before: Conversation, meeting: Meeting, merge: Merge) -> list[Said]:
    """The messages among what met."""
    both = enumerate(zip((meeting.one, meeting.other), merge.results, strict=True))
    return [
        Said(who, deed.message_id, reply, advance(parts.script(before), before, deed.body))
        for who, (deed, reply) in both
        if isinstance(deed, Message | Rescued)
    ]


def assert_one_is_the_answer(world: World, before: Conversation, meeting: Meeting, merge: Merge) -> None:
    """`before` is the conversation that they met in; nothing is done since."""
    asking, messages = before.asking, said(world.parts, before, meeting, merge)
    taken = [each for each in messages if each.was_taken(asking)]
    winners = {each.message_id for each in taken}
    assert len(winners) <= 1, f"{winners} have both heard the next question\n{merge}"
    due = taken[0].answers(asking) if taken else {}
    stored = of_those_asked(stored_answers(world), asking)
    assert stored == due, f"{stored} stored, {due} by who heard the next question: {winners or 'nobody'}\n{merge}"
    for each in messages:
        if each.answers(asking) and each.message_id not in winners and lost(merge, each.who):
            assert each.reply in told_to_losers(world, before), f"who lost heard {each.reply!r}\n{merge}"


def assert_stop_stands(world: World, meeting: Meeting) -> None:
    """Whatever else was done meanwhile, unless they said START."""
    said_here = {deed.body for deed in (meeting.one, meeting.other) if isinstance(deed, Message)}
    if "STOP" in said_here and "START" not in said_here:
        assert refuses(world.parts, PHONE), "said STOP, and does not count as refusing"


def stored_answers(world: World) -> Mapping[str, Answer]:
    """Those of the open conversation, and of a closed one those of its response."""
    found = world.held()
    if found is not None and found.state is not State.CLOSED and found.dialogue is not None:
        return found.dialogue.answers
    return {question: answer for row in ResponseRow.scan() for question, answer in row.answers.items()}


def of_those_asked(answers: Mapping[str, Answer], asking: Sequence[str]) -> dict[str, Answer]:
    return {question: answers[question] for question in asking if question in answers}


def lost(merge: Merge, who: int) -> bool:
    """Whether it had looked at the conversation before the other wrote it for the last time."""
    looks = [at for at, (whose, call) in enumerate(merge.moves) if whose == who and _has(call.reads)]
    writes = [at for at, (whose, call) in enumerate(merge.moves) if whose != who and _has(call.writes)]
    return bool(looks and writes) and looks[0] < writes[-1]


def _has(rows: frozenset[tuple[str, str]]) -> bool:
    return any(table == _TABLE for table, _ in rows)


def told_to_losers(world: World, before: Conversation) -> tuple[str, ...]:
    """Nothing; once the survey is over that it is, as anybody hears who writes late."""
    found = world.held()
    if found is None or found.state is not State.CLOSED:
        return ("",)
    contact = world.parts.library.organisation.units[before.unit].contact
    return "", world.parts.library.messages.say("expired", Language.FI, contact=contact)
