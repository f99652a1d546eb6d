"""`flask --app handler.app report`: a report as it would be mailed today, on the terminal."""

import pytest
from flask import Flask

from handler.commands import add_commands
from handler.tables import limits
from tests.environment import ENVIRONMENT
from tests.handler.reporting import answered
from tests.world import World


@pytest.fixture
def app(world: World, monkeypatch: pytest.MonkeyPatch) -> Flask:
    for name, value in ENVIRONMENT.items():
        monkeypatch.setenv(name, value)
    made = Flask("commands")
    add_commands(made, lambda: world.parts)
    return made


def test_a_unit_s_report_is_printed_and_claims_nothing(app: Flask, world: World) -> None:
    answered("2026-10", 21)
    told = app.test_cli_runner().invoke(args=["report", "--unit", "kotka"])
    assert told.exit_code == 0, told.output
    assert told.output.startswith("Nuorten Matala, Kotka\nAsiakaspalaute, lokakuu 2026\n")
    assert "- Vastasi: 21" in told.output
    assert limits.stands("report#kotka#2026-10", now=world.clock.now) is None


def test_without_a_unit_it_is_the_organisation_s(app: Flask) -> None:
    told = app.test_cli_runner().invoke(args=["report"])
    assert told.output.startswith("Asiakaspalaute yksiköittäin, heinä–syyskuu 2026\n")


def test_a_unit_that_is_not_there_is_one_sentence(app: Flask) -> None:
    told = app.test_cli_runner().invoke(args=["report", "--unit", "porvoo"])
    assert told.exit_code == 1
    assert told.output == "Error: There is no unit porvoo.\n"
