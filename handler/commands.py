"""The commands: `surveys`, `keys`, `privacy`, `recount`, `report`, `results`, `sessions` and `setup`."""

import json
import sys
import time
from collections.abc import Callable

import click
from flask import Flask
from flask.cli import AppGroup

from handler.commands_keys import keys
from handler.commands_parts import PARTS, WAIT
from handler.commands_privacy import privacy
from handler.commands_recount import recount
from handler.commands_report import report
from handler.commands_results import results
from handler.commands_sessions import sessions
from handler.commands_setup import setup
from handler.templates import checked_library
from handler.work.parts import Parts
from survey_flow.faults import FaultyDefinitions
from survey_flow.language import Language
from survey_flow.library import Library
from survey_flow.play import Player, cost_table
from survey_flow.replies import Meaning, Reading, read
from survey_flow.survey import Respondent, expectation

LANGUAGES = click.Choice([language.value for language in Language])


def add_commands(app: Flask, make_parts: Callable[[], Parts]) -> None:
    """`make_parts` reads the settings; only the commands that touch the tables call it."""
    app.extensions[PARTS] = make_parts
    app.extensions[WAIT] = time.sleep
    app.cli.add_command(surveys)
    app.cli.add_command(keys)
    app.cli.add_command(privacy)
    app.cli.add_command(recount)
    app.cli.add_command(report)
    app.cli.add_command(results)
    app.cli.add_command(sessions)
    app.cli.add_command(setup)


surveys = AppGroup("surveys", help="Check, play and try the surveys in templates/.")


def _library() -> Library:
    try:
        return checked_library()
    except FaultyDefinitions as failure:
        raise click.ClickException(str(failure)) from failure


@surveys.command("check")
def check_surveys() -> None:
    """Check every definition file; print each message's segments and the cost of a completed survey in segments."""
    library = _library()
    for survey in library.surveys.values():
        click.echo(f"\n{survey.id} (version {survey.version})")
        for line in cost_table(library, survey):
            click.echo(f"  {line}")
    click.echo(f"\n{len(library.surveys)} surveys, {len(library.organisation.units)} units: all is well.")


@surveys.command("play")
@click.option("--unit", default="kotka", show_default=True)
@click.option(
    "--respondent", type=click.Choice([group.value for group in Respondent]), default="youth", show_default=True
)
@click.option("--language", type=LANGUAGES, default="fi", show_default=True)
@click.option("--survey", "survey_id", help="Another survey than the unit's own for this group.")
@click.option("--occasion", type=click.Choice(["end", "midway"]), default="end", show_default=True)
@click.option("--neutral", is_flag=True, help="Name the county, not the service.")
@click.option("--one-by-one", is_flag=True, help="Ask every statement in a message of its own.")
def play_survey(  # noqa: PLR0917 click gives them by name
    unit: str, respondent: str, language: str, survey_id: str | None, occasion: str, neutral: bool, one_by_one: bool
) -> None:
    """Play a survey here: write what a respondent would text. An empty line is an empty message, Ctrl-D ends.

    At the end the conversation is printed as a file for tests/conversations/.
    """
    library = _library()
    try:
        player = Player.begin(
            library,
            unit=unit,
            respondent=respondent,
            language=Language(language),
            survey_id=survey_id,
            occasion=occasion,
            neutral=neutral,
            one_by_one=one_by_one,
        )
    except LookupError as error:
        raise click.ClickException(f"There is no such unit, group or survey: {error.args[0]}") from error
    _say(player.said[-1])
    for line in sys.stdin:
        _say(player.hear(line.rstrip("\n")))
        if player.closed:
            break
    given = {"unit": unit, "respondent": respondent, "language": language, "survey": survey_id, "occasion": occasion}
    switched = {"neutral": neutral, "one_by_one": one_by_one}
    click.echo("\n# shows: ")
    for key, value in given.items():
        if value:
            click.echo(f"# {key}: {value}")
    for key, on in switched.items():
        if on:
            click.echo(f"# {key}: yes")
    click.echo("\n" + player.transcript())


def _say(text: str) -> None:
    click.echo("\n".join(f"  | {line}" for line in text.split("\n")) if text else "  | (silence)")


@surveys.command("read")
@click.option("--survey", "survey_id", required=True)
@click.option("--question", "question_id", required=True)
@click.option("--language", type=LANGUAGES, default="fi", show_default=True)
def read_replies(survey_id: str, question_id: str, language: str) -> None:
    """Read JSON strings, one a line, from standard input; print how each would be read, one JSON object a line."""
    library = _library()
    survey = library.surveys.get(survey_id)
    if survey is None or not survey.has(question_id):
        raise click.ClickException("There is no such survey or question.")
    expected = expectation(survey, survey.question(question_id))
    for number, line in enumerate(sys.stdin, 1):
        try:
            text = json.loads(line)
        except ValueError as error:
            raise click.ClickException(f"Line {number} is not a JSON string.") from error
        if not isinstance(text, str):
            raise click.ClickException(f"Line {number} is not a JSON string.")
        shown = json.dumps(_shown(read(text, expected, Language(language), library.lexicon)), ensure_ascii=False)
        # Half a character, cut by a phone, is no UTF-8: it leaves as the escape that JSON knows.
        click.echo(shown.encode("utf-8", "backslashreplace").decode("utf-8"))


def _shown(reading: Reading) -> dict[str, object]:
    shown: dict[str, object] = {"reading": reading.meaning.value}
    if reading.value is not None:
        shown["value"] = reading.value
    if reading.comment:
        shown["comment"] = reading.comment
    if reading.also:
        shown["also"] = [meaning.value for meaning in reading.also]
    if reading.meaning is Meaning.LANGUAGE and reading.language:
        shown["language"] = reading.language.value
    return shown
