"""Hundreds of conversations through every door; then no number and no identifier stands in any table, queue, log line,
metric, mail, export, page or error: not as it was written, not in base64, not hashed without the pepper.

What the phone is sent and what the carrier is told are not looked at: there the number is the address. Nor is what a
member of staff is shown of what they have just typed or chosen themselves.
"""

from collections import Counter
from collections.abc import Callable
from dataclasses import replace
from datetime import datetime
from typing import Any

import pytest

from handler.tables.comments import CommentRow
from handler.tables.conversations import ConversationRow, State
from handler.tables.deletions import DeletionRow
from handler.tables.invitations import InvitationRow
from handler.tables.opt_outs import OptOutRow
from handler.tables.responses import ResponseRow
from survey_flow.helsinki import HELSINKI
from survey_flow.library import Library
from survey_flow.phone import PhoneNumber
from tests.machine import Machine
from tests.polling import until
from tests.privacy import mistakes
from tests.privacy.finding import Finder
from tests.privacy.playing import PREFIX, Play, Told
from tests.privacy.speakers import KEPT, VANISHING, Door, Speaker, speakers

ASKED = 200
# How many of the places in which something was found are told.
MOST_TOLD = 30
FALLBACK_EVERY = 7
PAGES_OF_COMMENTS = "pages"
MORNING = datetime(2026, 12, 8, 7, tzinfo=HELSINKI)


def finder_of(spoken: list[Speaker], *words: str) -> Finder:
    numbers = [number for speaker in spoken for number in (speaker.number, speaker.friend)]
    return Finder(numbers, sorted({each for speaker in spoken for each in speaker.identifiers}), words)


def found_in(told: Told, finder: Finder) -> list[str]:
    return [f"{place}: {found}" for place, texts in told.items() for found in finder.found_in("\n".join(texts))]


def assert_nothing_in(told: Told, finder: Finder, why: str = "") -> None:
    found = found_in(told, finder)
    assert not found, "\n".join([f"{len(found)} places. {why}", *found[:MOST_TOLD]])


def converse(play: Play, spoken: list[Speaker], turn: int) -> None:
    """Everybody's next message; every seventh by the fallback, for the webhook does not answer."""
    for place, speaker in enumerate(spoken):
        if turn < len(speaker.says):
            path = "/sms/fallback" if place % FALLBACK_EVERY == 0 else "/sms/inbound"
            play.text(speaker.number, speaker.says[turn], path=path)
    play.clock.forward(minutes=10)
    play.round()


def look_at_pages(play: Play) -> None:
    """Every page and every file that there is without more than a unit in its address."""
    for rule in play.app.url_map.iter_rules():
        if "GET" in (rule.methods or ()) and set(rule.arguments) <= {"unit_id"}:
            path = rule.rule.replace("<unit_id>", "kotka")
            place = "exports" if "." in path else "pages"
            for unit in ("", "?unit=kotka", "?unit=kouvola"):
                play.ask(place, "GET", path + unit)
    for unit in ("kotka", "kouvola"):
        play.api("answers of the API", "GET", f"/api/results?unit={unit}")


def staff_records(play: Play, spoken: list[Speaker]) -> None:
    """Opt-outs told to the staff, and taken back."""
    for speaker in spoken:
        for path in ("/opt-outs", "/opt-outs/withdraw"):
            play.ask("pages", "POST", path, data={"phone": speaker.number, "confirmed": "on"})
            play.api("answers of the API", "POST", f"/api{path}", {"phone": speaker.number})


def run_commands(play: Play, spoken: list[Speaker]) -> None:
    for speaker in spoken:
        play.command("privacy", "holds", typed=f"{speaker.number}\n")
        play.command("privacy", "erase", "--yes", typed=f"{speaker.number}\n")
        play.command("privacy", "holds", typed=f"{speaker.number}9999\n")
    for words in (("keys", "list"), ("recount",), ("results", "--unit", "kotka"), ("report", "--unit", "kotka")):
        play.command(*words)


def break_the_delivery(play: Play, speaker: Speaker) -> None:
    """Its opening cannot be unsealed, again and again, until it is with the dead letters."""
    sealing = play.delivery.sealing

    class Broken:
        def seal(self, number: PhoneNumber, *, conversation_id: str) -> bytes:
            return sealing.seal(number, conversation_id=conversation_id)

        def unseal(self, sealed: bytes, *, conversation_id: str) -> PhoneNumber:
            number = sealing.unseal(sealed, conversation_id=conversation_id)
            raise RuntimeError(f"no way to {number}")

    play.delivery = replace(play.delivery, sealing=Broken())
    play.invite([speaker])
    play.fail_at_once()
    play.round()
    play.delivery = replace(play.delivery, sealing=sealing)


def whole_play(play: Play, spoken: list[Speaker]) -> list[str]:
    """Gives what was found half-way, while conversations are open."""
    finder = finder_of(spoken, VANISHING)
    asked = [speaker for speaker in spoken if speaker.door is not Door.NONE]
    poisoned, asked = asked[0], asked[1:]
    break_the_delivery(play, poisoned)
    play.invite(asked)
    play.round()
    play.tell_what_became_of_them("delivered")
    for turn in range(3):
        converse(play, asked, turn)
    half_way = found_in(play.tables(), finder)
    assert any(row.state == State.OPEN for row in ConversationRow.scan())
    for turn in range(3, 6):
        converse(play, asked, turn)
    play.lapse(hours=24 * 5)
    for place, speaker in enumerate(spoken):
        for text in speaker.late:
            play.text(speaker.number, text, path="/sms/fallback" if place % FALLBACK_EVERY == 1 else "/sms/inbound")
    staff_records(play, spoken[-5:])
    play.lapse(hours=24 * 2)
    for speaker in (asked[0], spoken[-1]):
        mistakes.of(play, speaker)
    run_commands(play, asked[1:6])
    play.morning(MORNING)
    look_at_pages(play)
    play.lapse(hours=24)
    return half_way


def assert_there_was_a_play() -> None:
    """Or the search proves nothing."""
    outcomes = Counter(row.outcome for row in ResponseRow.scan())
    assert outcomes["finished"] > ASKED / 4
    assert outcomes["broken_off_apu"] > ASKED / 40
    assert len(list(OptOutRow.scan())) > ASKED / 40
    comments = [row.text for row in CommentRow.scan()]
    assert sum(KEPT in text.casefold() for text in comments) > ASKED / 4
    assert sum("***" in text for text in comments) > ASKED / 4
    assert {row.state for row in InvitationRow.scan()} >= {"delivered"}


def test_no_number_and_no_identifier_is_told_anywhere(
    library: Library, empty_aws: None, all_told: Callable[[], str]
) -> None:
    play, spoken = Play(library), speakers(ASKED)
    half_way = whole_play(play, spoken)

    mails = [repr(mail) for mail in play.post.sent]
    assert mails
    told: Told = {**play.told, **play.tables(), **play.waiting(), "mails": mails, "logs and metrics": [all_told()]}
    assert told["the queue test-sending-dead"], "dead letters are looked at"
    assert "RuntimeError at POST /" in told["logs and metrics"][0]
    assert '"Invited"' in told["logs and metrics"][0]
    assert not half_way, half_way[:MOST_TOLD]
    assert_nothing_in(told, finder_of(spoken, VANISHING))
    readable = {"the table comments", PAGES_OF_COMMENTS}
    elsewhere = {place: texts for place, texts in told.items() if place not in readable}
    assert_nothing_in(elsewhere, Finder([], words=[KEPT]), "What was written stands with the comments alone.")
    assert_there_was_a_play()


def test_numbers_are_sealed_while_something_is_owed_and_never_longer(library: Library, empty_aws: None) -> None:
    play, spoken = Play(library), speakers(30)
    asked = [speaker for speaker in spoken if speaker.door is not Door.NONE]
    play.invite(asked)
    play.round()
    for turn in range(3):
        converse(play, asked, turn)
    for row in ConversationRow.scan():
        assert row.sealed_number is None or row.state != State.CLOSED
    play.lapse(hours=24 * 6)
    assert [row.phone_key for row in ConversationRow.scan() if row.sealed_number is not None] == []
    assert list(DeletionRow.scan()) == []


# --- as processes of their own


@pytest.mark.engine
def test_no_process_tells_a_number_or_an_identifier(running: Machine) -> None:
    """The app with its jobs, the commands and the carrier, each with its own log, over a MiniStack."""
    spoken = [speaker for speaker in speakers(24) if speaker.door is not Door.NONE]
    key = running.key("kotka", "send")
    for speaker in spoken:
        assert running.invite(key, phone=speaker.number)[0] == 201
        assert running.invite(key, phone=f"{speaker.number}{speaker.number}")[0] == 422
    for speaker in spoken:
        running.wait_for_messages(speaker.number, 1)
        for text in (*speaker.says, *speaker.late):
            running.text(speaker.number, text)
    running.forward("P9D")
    until(lambda: not running.rows()["deletions"], what="nothing owed at the carrier")
    told: Told = {f"the table {name}": [_plain_row(row) for row in rows] for name, rows in running.rows().items()}
    assert told["the table responses"]
    assert told["the table comments"]
    app_log, _ = running.logs  # the carrier's own log is no log of ours: there the number is the address
    told["the app's log"] = [app_log.read_text()]
    assert "Invited" in told["the app's log"][0]
    assert_nothing_in(told, finder_of(spoken, VANISHING))


def _plain_row(row: dict[str, Any]) -> str:
    return "\n".join(f"{name}: {value}" for name, value in row.items())


def test_the_play_is_of_the_tables_that_are_searched(library: Library, empty_aws: None) -> None:
    """A table that the play does not know would be searched in vain."""
    assert {place.removeprefix("the table ") for place in Play(library).tables()} >= {
        "conversations",
        "comments",
        "limits",
    }
    assert PREFIX == "test-"
