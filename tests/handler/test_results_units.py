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
    assert "33\u00a0%" in text


FAULTS: dict[str, dict[str, Any]] = {
    "from after to": {"from": "2026-10", "to": "2026-09"},
    "no month": {"from": "lokakuu"},
    "bytes that are no text": {"to": b"\xff"},
    "an unknown survey": {"survey": "cats"},
}


@pytest.mark.parametrize("query", FAULTS.values(), ids=FAULTS)
def test_a_fault_is_told_and_the_usual_months_are_shown(client: FlaskClient, query: dict[str, str]) -> None:
    answer = client.get("/results/units", query_string=query)
    assert answer.status_code == 400
    assert 'role="alert"' in answer.text
    assert "Marraskuu 2025 – lokakuu 2026" in answer.text


TOLD = {
    "no first month": ({"from": "lokakuu"}, {"from": "Ensimmäinen kuukausi ei ole kuukausi."}),
    "no last month": ({"from": "2026-08", "to": "2026-13"}, {"to": "Viimeinen kuukausi ei ole kuukausi."}),
    "neither month": ({"from": "x", "to": "y"}, {"from": "Ensimmäinen kuukausi ei", "to": "Viimeinen kuukausi ei"}),
    "from after to": ({"from": "2026-10", "to": "2026-09"}, {"from": "Ensimmäinen kuukausi on viimeisen jälkeen."}),
    "an unknown survey": ({"survey": "cats"}, {"survey": "Tätä kyselyä ei ole. Valitse kysely luettelosta."}),
}


@pytest.mark.parametrize(("query", "told"), TOLD.values(), ids=TOLD)
def test_a_fault_is_told_at_its_field_too(client: FlaskClient, query: dict[str, str], told: dict[str, str]) -> None:
    page = client.get("/results/units", query_string=query).text
    assert page.count('aria-invalid="true"') == len(told)
    for field, sentence in told.items():
        assert f'<li><a href="#{field}">{sentence}' in page
        assert f'<p class="fault" id="{field}-fault">{sentence}' in page
        assert f'aria-invalid="true" aria-describedby="{field}-fault"' in page


def test_a_month_at_fault_stays_in_its_field_to_be_mended(client: FlaskClient) -> None:
    page = client.get("/results/units?from=2026-10&to=2026-09").text
    assert 'name="from" type="month" value="2026-10"' in page
    assert 'name="to" type="month" value="2026-09"' in page


def test_the_same_months_are_shown_in_another_language(client: FlaskClient) -> None:
    page = client.get(f"/results/units?survey={SURVEY}&from=2026-08&to=2026-09").text
    assert f'href="/results/units?lang=sv&amp;survey={SURVEY}&amp;from=2026-08&amp;to=2026-09"' in page


def test_where_more_answered_than_were_asked_in_these_months_the_rate_is_not_known(
    client: FlaskClient, world: World
) -> None:
    counts.add_alone(Place("kotka", SURVEY, "youth", "2026-10"), {"finished": 30, "nps_9": 30, "invited": 29})
    assert 'data-column="Vastausprosentti">ei tiedossa</td>' in client.get(f"/results/units?survey={SURVEY}").text
