import json
from collections.abc import Mapping
from typing import Any

import pytest
from click.testing import Result
from flask import Flask

from handler.app import create_app
from handler.tables import counts, staff_keys
from handler.tables.audit import AuditRow
from handler.tables.responses import Place
from survey_flow.access import Right
from tests.world import REGION, World

NPS = ("surveys", "read", "--survey", "nuorten-matala-nuori", "--question", "nps")
STATEMENT = ("surveys", "read", "--survey", "nuorten-matala-nuori", "--question", "apu")
COMMENT = ("surveys", "read", "--survey", "nuorten-matala-nuori", "--question", "avoin")


@pytest.fixture(scope="module")
def app() -> Flask:
    return create_app()


def run(app: Flask, *words: str, typed: str = "", environment: Mapping[str, str] | None = None) -> Result:
    return app.test_cli_runner().invoke(args=words, input=typed, env=environment)


def readings(app: Flask, command: tuple[str, ...], *texts: str) -> list[dict[str, Any]]:
    result = run(app, *command, typed="".join(f"{json.dumps(text)}\n" for text in texts))
    assert result.exit_code == 0, result.output
    return [json.loads(line) for line in result.output.splitlines()]


def test_check_prints_sizes_and_the_cost_of_a_completed_survey(app: Flask) -> None:
    result = run(app, "surveys", "check")
    assert result.exit_code == 0
    lines = result.output.splitlines()
    assert lines[-1] == "6 surveys, 4 units: all is well."
    assert "nuorten-matala-nuori (version 1)" in lines
    assert "  completed: 5 segments out, 3 replies in" in lines
    assert "  opening                            fi 1 (155)   sv 1 (153)   en 1 (155)" in lines


def test_play_says_what_the_phone_gets_and_prints_the_conversation_as_a_file(app: Flask) -> None:
    result = run(app, "surveys", "play", "--neutral", typed="9 koska kuunneltiin\n3524\nOHITA\n")
    assert result.exit_code == 0
    said, _, file = result.output.partition("\n# shows: \n")
    assert said.startswith("  | Hei! Kymenlaakson hyvinvointialue kysyy:")
    header, _, transcript = file.partition("\n\n")
    assert header.splitlines() == [
        "# unit: kotka",
        "# respondent: youth",
        "# language: fi",
        "# occasion: end",
        "# neutral: yes",
    ]
    assert transcript.startswith("< Hei! Kymenlaakson hyvinvointialue kysyy:")
    assert transcript.splitlines()[-2:] == [
        "= finished: nps=9, apu=3, tosissaan=5, vaikutus=2, hyoty=4, avoin=skipped",
        "+ nps: koska kuunneltiin",
    ]


def test_play_that_is_ended_half_way_prints_the_open_conversation(app: Flask) -> None:
    result = run(app, "surveys", "play", "--unit", "nemova", "--respondent", "professional", typed="3\n")
    assert result.exit_code == 0
    assert result.output.endswith("= open: tyytyvainen=3\n")


def test_play_asks_one_by_one_when_told_so(app: Flask) -> None:
    result = run(app, "surveys", "play", "--one-by-one", "--language", "en", typed="9\n4\n")
    assert "# one_by_one: yes" in result.output
    assert "> 4\n< I was taken seriously. Reply 1-5" in result.output


def test_play_listens_to_nothing_after_the_end(app: Flask) -> None:
    result = run(app, "surveys", "play", typed="STOP\n9\n")
    assert result.output.rstrip().endswith("= opted_out:")
    assert "> 9" not in result.output


UNKNOWN = {
    "a unit": ("--unit", "turku"),
    "a group that the unit does not ask": ("--respondent", "professional"),
    "a survey": ("--survey", "turku"),
}


@pytest.mark.parametrize("words", UNKNOWN.values(), ids=UNKNOWN.keys())
def test_play_says_what_there_is_not(app: Flask, words: tuple[str, str]) -> None:
    result = run(app, "surveys", "play", *words)
    assert result.exit_code == 1
    assert result.output == f"Error: There is no such unit, group or survey: {words[1]}\n"


def test_read_prints_one_object_a_line_with_what_there_is_to_say(app: Flask) -> None:
    assert readings(app, NPS, "9, koska kuunneltiin", "9", "OHITA", "en osaa sanoa", "ehkä", "STOP", "SVENSKA") == [
        {"reading": "answer", "value": 9, "comment": "koska kuunneltiin"},
        {"reading": "answer", "value": 9},
        {"reading": "skip"},
        {"reading": "dont_know"},
        {"reading": "unclear"},
        {"reading": "stop"},
        {"reading": "language", "language": "sv"},
    ]


def test_read_names_what_else_must_be_acted_on(app: Flask) -> None:
    both, kept = readings(app, NPS, "STOP haluan kuolla", "2, haluan kuolla")
    assert both == {"reading": "crisis", "also": ["stop"]}
    assert (kept["reading"], kept["value"]) == ("crisis", 2)


def test_a_grouped_statement_is_read_as_if_it_were_asked_alone(app: Flask) -> None:
    assert readings(app, STATEMENT, "4", "0", "3524") == [
        {"reading": "answer", "value": 4},
        {"reading": "dont_know"},
        {"reading": "unclear"},
    ]


def test_read_of_a_free_comment_keeps_the_text(app: Flask) -> None:
    assert readings(app, COMMENT, "Kiva paikka 😊") == [{"reading": "text", "comment": "Kiva paikka 😊"}]


def test_half_a_character_does_not_stop_the_reading(app: Flask) -> None:
    broken, next_one = readings(app, COMMENT, "kiva \ud83d", "OHITA")
    assert broken == {"reading": "text", "comment": "kiva \ud83d"}
    assert next_one == {"reading": "skip"}


def test_read_of_nothing_prints_nothing(app: Flask) -> None:
    assert readings(app, NPS) == []


LINES = {"no JSON": "9 koska", "a number": "9", "a list": '["9"]', "an empty line": ""}


@pytest.mark.parametrize("line", LINES.values(), ids=LINES.keys())
def test_read_says_which_line_is_not_a_json_string(app: Flask, line: str) -> None:
    result = run(app, *NPS, typed=f'"9"\n{line}\n')
    assert result.exit_code == 1
    assert result.output.splitlines()[-1] == "Error: Line 2 is not a JSON string."


@pytest.mark.parametrize(("survey", "question"), [("turku", "nps"), ("nuorten-matala-nuori", "turku")])
def test_read_says_when_there_is_no_such_question(app: Flask, survey: str, question: str) -> None:
    result = run(app, "surveys", "read", "--survey", survey, "--question", question)
    assert result.exit_code == 1
    assert result.output == "Error: There is no such survey or question.\n"


# Keys: over the tables of the world, which are named with this prefix.
SETTINGS = {
    "KUULOLLA_STAGE": "local",
    "KUULOLLA_PUBLIC_URL": "http://127.0.0.1:8000",
    "KUULOLLA_SENDER": "+358401112222",
    "KUULOLLA_PEPPER": "secret",
    "KUULOLLA_TWILIO_URL": "http://127.0.0.1:8001",
    "KUULOLLA_TABLE_PREFIX": "test-",
    "TWILIO_ACCOUNT_SID": "AC00000000000000000000000000000000",
    "TWILIO_AUTH_TOKEN": "token",
    "AWS_REGION": REGION,
}


def made(app: Flask, *words: str) -> tuple[str, str]:
    """The id and the key of a new key."""
    result = run(app, "keys", "create", *words, environment=SETTINGS)
    assert result.exit_code == 0, result.output
    sentence, key = result.output.splitlines()[-2:]
    return sentence.removeprefix("Key ").split(",")[0], key


def test_a_new_key_stands_alone_on_the_last_line_and_is_kept_nowhere(app: Flask, world: World) -> None:
    key_id, key = made(app, "--unit", "kotka", "--right", "send")
    (kept,) = staff_keys.every()
    assert kept.id == key_id
    assert (kept.units, kept.rights) == (frozenset({"kotka"}), frozenset({Right.SEND}))
    assert key not in repr(kept)
    assert key not in run(app, "keys", "list", environment=SETTINGS).output


def test_a_key_may_be_for_several_units_and_rights(app: Flask, world: World) -> None:
    made(app, "--unit", "kotka", "--unit", "kouvola", "--right", "send", "--right", "results")
    listed = run(app, "keys", "list", environment=SETTINGS).output
    assert "kotka, kouvola: results, send  until " in listed


def test_a_revoked_key_is_listed_as_such(app: Flask, world: World) -> None:
    key_id, _ = made(app, "--unit", "kotka", "--right", "send")
    result = run(app, "keys", "revoke", key_id, environment=SETTINGS)
    assert result.output == f"Key {key_id} is revoked.\n"
    assert run(app, "keys", "list", environment=SETTINGS).output.rstrip().endswith("revoked")


def test_making_and_revoking_are_noted(app: Flask, world: World) -> None:
    key_id, _ = made(app, "--unit", "kotka", "--right", "send")
    run(app, "keys", "revoke", key_id, environment=SETTINGS)
    assert sorted((row.did, row.about) for row in AuditRow.scan()) == [
        ("key_created", key_id),
        ("key_revoked", key_id),
    ]


def test_a_key_that_is_not_there_cannot_be_revoked(app: Flask, world: World) -> None:
    result = run(app, "keys", "revoke", "nobody", environment=SETTINGS)
    assert (result.exit_code, result.output) == (1, "Error: There is no such key.\n")


def test_no_key_is_made_for_a_unit_that_is_not_there(app: Flask, world: World) -> None:
    result = run(app, "keys", "create", "--unit", "turku", "--right", "send", environment=SETTINGS)
    assert (result.exit_code, result.output) == (1, "Error: There is no unit turku.\n")
    assert list(staff_keys.every()) == []


@pytest.mark.parametrize("days", ["0", "732", "soon"])
def test_a_key_holds_two_years_at_most(app: Flask, days: str) -> None:
    result = run(app, "keys", "create", "--unit", "kotka", "--right", "send", "--days", days)
    assert result.exit_code == 2


def test_missing_settings_are_named(app: Flask, world: World) -> None:
    without = dict.fromkeys(SETTINGS, "") | {"AWS_REGION": REGION}
    result = run(app, "keys", "list", environment=without)
    assert result.exit_code == 1
    assert "KUULOLLA_PEPPER" in result.output
    assert "Traceback" not in result.output


def test_results_prints_what_is_published_of_whole_months(app: Flask, world: World) -> None:
    counts.add_alone(Place("kotka", "nuorten-matala-nuori", "youth", "2026-03"), {"finished": 6, "nps_9": 6})
    counts.add_alone(Place("kotka", "nuorten-matala-huoltaja", "guardian", "2026-03"), {"finished": 4, "nps_9": 4})
    asked = ("results", "--unit", "kotka", "--to", "2026-03")
    printed = json.loads(run(app, *asked, environment=SETTINGS).output)
    assert [(group["respondent"], group.get("responses")) for group in printed["groups"]] == [
        ("youth", 6),
        ("guardian", None),
    ]


WRONG_RESULTS = {
    "an unknown unit": (("--unit", "turku"), "There is no unit turku."),
    "no month": (("--unit", "kotka", "--from", "maaliskuu"), "a month is written \"2026-01\", not 'maaliskuu'."),
    "from after to": (
        ("--unit", "kotka", "--from", "2026-04", "--to", "2026-03"),
        "The first month comes after the last.",
    ),
}


@pytest.mark.parametrize(("words", "sentence"), WRONG_RESULTS.values(), ids=WRONG_RESULTS)
def test_results_says_what_cannot_be_asked_for(app: Flask, world: World, words: tuple[str, ...], sentence: str) -> None:
    result = run(app, "results", *words, environment=SETTINGS)
    assert (result.exit_code, result.output) == (1, f"Error: {sentence}\n")
