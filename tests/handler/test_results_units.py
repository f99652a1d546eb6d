"""Units side by side: nobody under twenty answers, and a total that is made of nothing but what is shown."""

from typing import Any

import pytest
from flask.testing import FlaskClient

from handler.tables import counts
from handler.tables.responses import Place
from handler.work.unit_comparison import Comparison, compared
from survey_flow.publication import Period
from tests.world import World

SURVEY = "nuorten-matala-nuori"


def answered(unit: str, month: str, number: int, score: int = 9) -> None:
    counts.add_alone(
        Place(unit, SURVEY, "youth", month), {"finished": number, f"nps_{score}": number, "invited": 3 * number}
    )


def comparison(world: World, period: Period | None = None) -> Comparison:
    return compared(world.parts, world.parts.library.surveys[SURVEY], period)


def shown(found: Comparison) -> dict[str, int]:
    return {each.unit.id: each.figures.responses for each in found.units}


def test_a_unit_under_twenty_is_not_compared_and_not_in_the_total(world: World) -> None:
    answered("kotka", "2026-10", 20)
    answered("kouvola", "2026-10", 19, score=3)
    found = comparison(world)
    assert shown(found) == {"kotka": 20, "kouvola": 0}
    assert found.responses == 20
    assert found.together is not None
    assert (found.together.n, found.together.index) == (20, 100)


def test_small_months_are_compared_once_there_are_twenty_together(world: World) -> None:
    for month, number in (("2026-07", 9), ("2026-08", 8), ("2026-09", 4), ("2026-10", 6)):
        answered("kotka", month, number)
    assert shown(comparison(world)) == {"kotka": 27, "kouvola": 0}


def test_the_running_month_is_not_compared(world: World) -> None:
    answered("kotka", "2026-11", 40)
    assert shown(comparison(world)) == {"kotka": 0, "kouvola": 0}


def test_whole_months_may_be_chosen(world: World) -> None:
    answered("kotka", "2026-08", 30)
    answered("kotka", "2026-10", 20)
    assert shown(comparison(world, Period("2026-08", "2026-09")))["kotka"] == 30


def test_the_page_names_the_units_in_the_files_order(client: FlaskClient, world: World) -> None:
    answered("kouvola", "2026-10", 24)
    text = client.get(f"/results/units?survey={SURVEY}").text
    assert text.index("Nuorten Matala, Kotka, nuoret") < text.index("Nuorten Matala, Kouvola, nuoret")
    assert "Alle 20 vastausta, ei verrata." in text
    assert "33 %" in text


FAULTS: dict[str, dict[str, Any]] = {
    "from after to": {"from": "2026-10", "to": "2026-09"},
    "no month": {"from": "lokakuu"},
    "an unknown survey": {"survey": "cats"},
}


@pytest.mark.parametrize("query", FAULTS.values(), ids=FAULTS)
def test_a_fault_is_told_and_the_usual_months_are_shown(client: FlaskClient, query: dict[str, str]) -> None:
    answer = client.get("/results/units", query_string=query)
    assert answer.status_code == 400
    assert 'role="alert"' in answer.text
    assert "joulukuu 2025" in answer.text.lower() or "marraskuu 2025" in answer.text.lower()
