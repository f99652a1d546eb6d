"""What holds for every conversation, whatever is written: checked over texts in any order, and a few turns alone."""

from collections import Counter
from dataclasses import replace
from functools import cache

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from handler.templates import checked_library
from survey_flow.closing import record
from survey_flow.conversation import (
    MOST_REPLIES,
    Close,
    Conversation,
    LiftOptOut,
    Mark,
    OptOut,
    OptOutHow,
    Outcome,
    Turn,
    from_plain,
    to_plain,
)
from survey_flow.dialogue import MOST_GROUP_RE_ASKS, MOST_RE_ASKS, advance, start
from survey_flow.language import Language
from survey_flow.library import Library
from survey_flow.prompts import Script

NUMBERS = ["0", "3", "5", "9", "10", "11", "2, koska jonotin", "3524", "4 5 3 2", "0000", "A4 C2", "99"]
WORDS = ["", "hmm", "ok", "Kiva paikka", "en osaa sanoa", "OHITA", "SKIP", "t. Matti 040 123 4567", "\x00", "😊"]
COMMANDS = ["HELP", "?", "START", "TAKAISIN", "ENGLISH", "SUOMEKSI"]
URGENT = [
    "haluan kuolla",
    "2, haluan kuolla",
    "A4 haluan kuolla",
    "STOP",
    "9 STOP",
    "STOP haluan kuolla",
    "väärä numero",
]
ORDINARY = st.sampled_from(NUMBERS + WORDS) | st.text(max_size=40)
ANYTHING = st.sampled_from(NUMBERS + WORDS + COMMANDS + URGENT) | st.text(max_size=40)
MESSAGES = st.lists(st.tuples(ANYTHING, st.sampled_from([False, False, False, True])), max_size=60)

PLACES = {
    "youth": ("kotka", "youth", None),
    "guardian": ("kouvola", "guardian", None),
    "meter": ("varkaus", "client", None),
    "recommendation block": ("varkaus", "client", "thl-yhteensopiva"),
    "effectiveness": ("nemova", "guardian", None),
    "social workers": ("nemova", "professional", None),
}
SETTINGS = st.tuples(
    st.sampled_from(sorted(PLACES)),
    st.sampled_from(Language),
    st.booleans(),
    st.booleans(),
    st.sampled_from([None, "end"]),
)
Setting = tuple[str, Language, bool, bool, str | None]


@cache
def shipped() -> Library:
    """The library for hypothesis, which would print a fixture's 1,358 kB beside a falsifying example."""
    return checked_library()


def begun(
    library: Library, setting: Setting = ("youth", Language.FI, False, True, "end")
) -> tuple[Script, Conversation]:
    """A script, and a conversation whose opening has been said."""
    place, language, neutral, grouped, occasion = setting
    unit_id, respondent, survey_id = PLACES[place]
    unit = library.organisation.units[unit_id]
    survey = replace(library.surveys[survey_id or unit.surveys[respondent]], grouped=grouped)
    script = Script(survey, unit, library.messages, library.lexicon)
    conversation = Conversation(
        survey=survey.id,
        survey_version=survey.version,
        unit=unit.id,
        respondent=respondent,
        language=language,
        neutral=neutral,
        facts=survey.fixed_facts(occasion=occasion, respondent=respondent, facts={}),
    )
    return script, start(script, conversation).conversation


def read_back(conversation: Conversation) -> Conversation:
    return from_plain(to_plain(conversation))


def is_valid(script: Script, question_id: str, answer: int | Mark) -> bool:
    return isinstance(answer, Mark) or answer in script.survey.question(question_id).values


@settings(deadline=None, max_examples=300)
@given(setting=SETTINGS, messages=MESSAGES)
def test_no_sequence_of_messages_breaks_a_conversation(setting: Setting, messages: list[tuple[str, bool]]) -> None:
    script, conversation = begun(shipped(), setting)
    for text, unseen in messages:
        turn = advance(script, conversation, text, unseen_question=unseen)
        assert read_back(turn.conversation) == turn.conversation
        assert all(is_valid(script, name, answer) for name, answer in turn.conversation.answers.items())
        silence_is_due = unseen or conversation.replies >= MOST_REPLIES
        assert turn.reply or silence_is_due
        assert turn.conversation.asking == turn.conversation.asked[-1]
        conversation = turn.conversation
        if turn.outcome is not None:
            break
        assert conversation.replies <= MOST_REPLIES + sum(text in URGENT or text == "START" for text, _ in messages)


@settings(deadline=None)
@given(setting=SETTINGS, texts=st.lists(ORDINARY, min_size=40, max_size=40))
def test_a_survey_ends_within_its_questions_and_their_re_asks(setting: Setting, texts: list[str]) -> None:
    script, conversation = begun(shipped(), setting)
    asked: Counter[tuple[str, ...]] = Counter()
    for text in texts:
        turn = advance(script, conversation, text)
        if turn.conversation.helps == conversation.helps:  # a made-up text may happen to ask for help
            asked[conversation.asking] += 1
        if turn.outcome is not None or turn.conversation.safety_texts:
            break
        conversation = turn.conversation
    else:
        pytest.fail("40 messages without a command have not ended it")
    for step, times in asked.items():
        assert times <= 1 + (MOST_GROUP_RE_ASKS if len(step) > 1 else MOST_RE_ASKS)


@settings(deadline=None)
@given(text=st.text(max_size=60) | st.sampled_from(NUMBERS + WORDS))
def test_a_message_that_was_written_before_the_question_came_answers_nothing(text: str) -> None:
    script, conversation = begun(shipped())
    conversation = advance(script, conversation, "9").conversation
    turn = advance(script, conversation, text, unseen_question=True)
    assert turn.conversation.answers == {"nps": 9}


@settings(deadline=None)
@given(text=st.text(max_size=200))
def test_nothing_of_a_message_with_a_call_for_help_is_stored(text: str) -> None:
    script, conversation = begun(shipped(), ("social workers", Language.FI, False, True, "end"))
    last = replace(conversation, asking=("avoin",), asked=(*conversation.asked, ("avoin",)))
    turn = advance(script, last, f"haluan kuolla {text}")
    assert turn.conversation.safety_texts == 1
    assert dict(turn.conversation.texts) == {}


def heard(script: Script, conversation: Conversation, *texts: str) -> Turn:
    """The turn of the last text."""
    turn = Turn(conversation)
    for text in texts:
        turn = advance(script, turn.conversation, text)
    return turn


@pytest.mark.parametrize("text", ["STOP", "STOP haluan kuolla"])
def test_a_refusal_opts_out_before_it_closes(library: Library, text: str) -> None:
    turn = heard(*begun(library), text)
    assert turn.effects[:2] == (OptOut(OptOutHow.SMS), Close(Outcome.OPTED_OUT))


BESIDE = {
    "the first answer": (["9"], "9 STOP", Outcome.OPTED_OUT),
    "a part of a group": (["9", "A4"], "A4 STOP", Outcome.OPTED_OUT),
    "a whole group": (["9", "3524"], "3524 STOP", Outcome.OPTED_OUT),
    "a call for help and an answer": (["9"], "9 STOP haluan kuolla", Outcome.OPTED_OUT),
    "the last answer": (["9", "3524", "2"], "2 STOP", Outcome.FINISHED),
    "no answer": (["9"], "", Outcome.OPTED_OUT),
}


@pytest.mark.parametrize(("said", "refusing", "outcome"), BESIDE.values(), ids=BESIDE)
def test_a_refusal_beside_an_answer_leaves_the_response_of_somebody_who_fell_silent_after_it(
    library: Library, said: list[str], refusing: str, outcome: Outcome
) -> None:
    """In a survey that ends with a choice."""
    script, opened = begun(library, ("youth", Language.FI, False, True, None))
    asked = tuple(replace(each, asked=each.asked and each.id != "avoin") for each in script.survey.questions)
    script = replace(script, survey=replace(script.survey, questions=asked))
    silent = heard(script, opened, *said)
    refused = heard(script, opened, *(said[:-1] if refusing else said), refusing or "STOP")
    assert refused.effects[:2] == (OptOut(OptOutHow.SMS), Close(outcome))
    survey = library.surveys[silent.conversation.survey]
    left = [
        record(survey, silent.conversation, silent.outcome or Outcome.BROKEN_OFF),
        record(survey, refused.conversation, outcome),
    ]
    assert left[0].answers
    assert len({repr((kept.answers, kept.outcome, kept.comment)) for kept in left}) == 1


@pytest.mark.parametrize("text", ["väärä numero", "STOP, väärä numero", "väärä numero, haluan kuolla"])
def test_a_wrong_number_opts_out_and_drops_what_was_answered_and_written(library: Library, text: str) -> None:
    turn = heard(*begun(library), "9 koska kuunneltiin", text)
    assert turn.effects[:2] == (OptOut(OptOutHow.WRONG_NUMBER), Close(Outcome.WRONG_NUMBER))
    assert (turn.conversation.answers, turn.conversation.texts) == ({}, {})


def test_start_lifts_an_opt_out_in_an_open_conversation(library: Library) -> None:
    turn = heard(*begun(library), "START")
    assert turn.effects[0] == LiftOptOut()
    assert turn.outcome is None


def test_a_dont_know_beside_a_call_for_help_is_kept(library: Library) -> None:
    turn = heard(*begun(library, ("effectiveness", Language.FI, False, True, "end")), "0, haluan kuolla")
    assert turn.conversation.answers == {"hyoty": Mark.DONT_KNOW}
    assert turn.conversation.unseen


def test_letters_beside_a_call_for_help_are_kept_and_the_rest_comes_one_by_one(library: Library) -> None:
    turn = heard(*begun(library), "9", "A4 haluan kuolla")
    assert turn.conversation.answers == {"nps": 9, "apu": 4}
    assert turn.conversation.asking == ("tosissaan",)


def test_a_comment_written_in_two_messages_is_kept_in_two_lines(library: Library) -> None:
    script, conversation = begun(library)
    conversation = heard(script, conversation, "9 koska kuunneltiin").conversation
    turn = advance(script, conversation, "ja oli kivaa", unseen_question=True)
    assert turn.conversation.texts == {"nps": "koska kuunneltiin\nja oli kivaa"}
    assert not turn.reply


def test_state_with_its_default_values_is_saved_without_them(library: Library) -> None:
    _, conversation = begun(library)
    plain = to_plain(replace(conversation, facts={}))
    assert set(plain) == {"survey", "survey_version", "unit", "respondent", "language", "asking", "asked", "segments"}
