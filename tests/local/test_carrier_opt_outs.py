"""STOP, START and HELP, as Twilio handles them by default and with Advanced Opt-Out."""

import json

import pytest

from local.carrier.config import OptOutMode
from local.carrier.opt_outs import ENGLISH, FINNISH, OptOut, OptOutWords
from local.carrier.testing import World, twiml, world

MOBILE = "+358401234567"
REPLY = "<Response><Message>vastaus</Message></Response>"


def blocked(net: World) -> bool:
    return net.carrier.network.phone(MOBILE).opted_out


def bodies(messages: list[dict[str, str]]) -> list[str]:
    return [message["body"] for message in messages]


@pytest.mark.parametrize("word", [*sorted(ENGLISH.words[OptOut.STOP]), "stop", " Stop \n"])
def test_a_stop_word_alone_blocks_and_is_answered_in_english(net: World, word: str) -> None:
    result = net.text(MOBILE, word)

    assert blocked(net)
    assert bodies(result["carrier_replies"]) == [ENGLISH.answers[OptOut.STOP]]
    assert "OptOutType" not in net.app.posts[0].form
    assert net.app.posts[0].form["Body"] == word


@pytest.mark.parametrize("text", ["STOP kiitos", "please stop", "STOP.", "LOPETA", "SLUTA", "9", ""])
def test_anything_else_is_no_opt_out(net: World, text: str) -> None:
    assert net.text(MOBILE, text)["carrier_replies"] == []
    assert not blocked(net)


def test_the_applications_reply_to_stop_fails_with_21610(net: World) -> None:
    net.app.answers = [twiml(REPLY)]

    (reply,) = net.text(MOBILE, "STOP")["replies"]

    assert (reply["status"], reply["error_code"]) == ("failed", 21610)
    assert net.log_codes(MOBILE) == [21610]


@pytest.mark.parametrize("word", ["START", "yes", "Unstop"])
def test_a_start_word_lifts_the_block_and_is_answered(net: World, word: str) -> None:
    net.app.answers = [twiml(REPLY)]
    net.text(MOBILE, "STOP")

    result = net.text(MOBILE, word)

    assert not blocked(net)
    assert bodies(result["carrier_replies"]) == [ENGLISH.answers[OptOut.START]]
    assert [reply["status"] for reply in result["replies"]] == ["delivered"]


def test_help_is_answered_by_twilio_and_by_the_application_too(net: World) -> None:
    net.app.answers = [twiml(REPLY)]

    result = net.text(MOBILE, "HELP")

    assert bodies(result["carrier_replies"]) == [ENGLISH.answers[OptOut.HELP]]
    assert bodies(result["replies"]) == ["vastaus"]


@pytest.mark.parametrize("word", ["STOP", "HELP", "INFO"])
def test_a_blocked_phone_gets_no_more_answers(net: World, word: str) -> None:
    net.text(MOBILE, "STOP")
    assert net.text(MOBILE, word)["carrier_replies"] == []


def test_twilio_keeps_no_record_of_its_own_answer(net: World) -> None:
    (own,) = net.text(MOBILE, "STOP")["carrier_replies"]
    assert own["carrier_own"]
    assert own["record"] == {"kept": False, "body": None}


@pytest.mark.parametrize(
    ("word", "kind"),
    [
        ("LOPETA", OptOut.STOP),
        ("sluta", OptOut.STOP),
        ("STOP", OptOut.STOP),
        ("ALOITA", OptOut.START),
        ("START", OptOut.START),
        ("help", OptOut.HELP),
    ],
)
def test_advanced_opt_out_knows_our_words_and_says_so(word: str, kind: OptOut) -> None:
    with world(opt_out=OptOutMode.ADVANCED) as net:
        result = net.text(MOBILE, word)

        assert net.app.posts[0].form["OptOutType"] == kind
        assert net.app.posts[0].signed
        assert bodies(result["carrier_replies"]) == [FINNISH.answers[kind]]
        assert blocked(net) == (kind is OptOut.STOP)


def test_advanced_opt_out_says_nothing_of_other_texts() -> None:
    with world(opt_out=OptOutMode.ADVANCED) as net:
        net.text(MOBILE, "yes")
        assert "OptOutType" not in net.app.posts[0].form


def test_the_words_of_advanced_opt_out_can_be_given() -> None:
    given = json.loads('{"STOP": {"words": ["seis"], "answer": "Selvä."}, "HELP": {"words": []}}')
    with world(opt_out=OptOutMode.ADVANCED, advanced_words=OptOutWords.from_json(given)) as net:
        assert bodies(net.text(MOBILE, "Seis")["carrier_replies"]) == ["Selvä."]


def test_with_opt_out_off_only_the_application_reads_stop() -> None:
    with world(opt_out=OptOutMode.OFF) as net:
        net.app.answers = [twiml(REPLY)]
        result = net.text(MOBILE, "STOP")

        assert not blocked(net)
        assert (result["carrier_replies"], bodies(result["replies"])) == ([], ["vastaus"])


@pytest.mark.parametrize("word", ["APUA", "hjälp", "INFO", "OHJE"])
def test_calls_for_help_and_questions_are_left_to_the_survey(word: str) -> None:
    assert FINNISH.read(word) is None
