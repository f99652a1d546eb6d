"""Results by the API: the page's figures under the page's rules, and only with the right key."""

from copy import deepcopy
from dataclasses import replace
from typing import Any

import pytest
from flask.testing import FlaskClient

from handler.tables import counts
from handler.tables.responses import Place
from handler.work.staff_key import make_key
from survey_flow.access import Right
from tests.handler.described import faults
from tests.world import World

YOUTH = Place("kotka", "nuorten-matala-nuori", "youth", "2026-11")


def asked(
    client: FlaskClient, world: World, *, unit: str = "kotka", right: Right = Right.RESULTS, **query: str
) -> tuple[int, Any]:
    made = make_key(units=frozenset({"kotka"}), rights=frozenset({right}), today=world.parts.today())
    headers = {"Authorization": f"Bearer {made.key}"}
    answer = client.get("/api/results", query_string={"unit": unit, **query}, headers=headers)
    return answer.status_code, answer.get_json(force=True)


def in_month(month: str) -> Place:
    return replace(YOUTH, month=month)


def test_a_group_of_twenty_is_shown_with_its_index_and_its_interval(client: FlaskClient, world: World) -> None:
    counts.add_alone(YOUTH, {"finished": 20, "nps_9": 14, "nps_8": 4, "nps_3": 2, "apu_5": 3})
    status, results = asked(client, world)
    youth = results["groups"][0]
    nps, apu = youth["questions"][:2]
    assert (status, youth["responses"], youth["indicative"]) == (200, 20, False)
    assert nps["nps"] == {"index": 60.0, "low": 23.6, "high": 80.7}
    assert apu == {"id": "apu", "kind": "scale", "hidden": True}


def test_a_group_under_five_tells_nothing_but_that_it_is_hidden(client: FlaskClient, world: World) -> None:
    counts.add_alone(YOUTH, {"finished": 4, "nps_9": 4})
    youth = asked(client, world)[1]["groups"][0]
    shown = {name: value for name, value in youth.items() if value}
    assert shown == {
        "respondent": "youth",
        "survey": "nuorten-matala-nuori",
        "survey_version": 1,
        "hidden": True,
        "more_from": "2026-12-08",
    }


def test_the_latest_months_are_compared_with_those_before(client: FlaskClient, world: World) -> None:
    counts.add_alone(in_month("2026-09"), {"finished": 9, "nps_9": 5, "nps_3": 4})
    counts.add_alone(in_month("2026-10"), {"finished": 8, "nps_9": 8})
    youth = asked(client, world)[1]["groups"][0]
    assert (youth["months"], youth["nps_change"]["value"]) == (["2026-10"], 88.9)
    assert (youth["before"]["months"], youth["before"]["responses"]) == (["2026-09"], 9)
    assert [(point["months"], point["responses"]) for point in youth["trend"]] == [(["2026-09"], 9), (["2026-10"], 8)]


def test_whole_months_may_be_asked_for_and_small_ones_come_with_those_after_them(
    client: FlaskClient, world: World
) -> None:
    for month, finished in (("2026-08", 6), ("2026-09", 3), ("2026-10", 4)):
        counts.add_alone(in_month(month), {"finished": finished})
    shown = {
        query: asked(client, world, group="youth", **dict(zip(("from", "to"), query, strict=True)))[1]["groups"][0]
        for query in (("2026-08", "2026-09"), ("2026-09", "2026-09"), ("2026-08", "2026-10"))
    }
    assert [(group["hidden"], group.get("responses"), group["months"]) for group in shown.values()] == [
        (False, 6, ["2026-08"]),
        (True, None, []),
        (False, 13, ["2026-08", "2026-09", "2026-10"]),
    ]


FAULTS = {
    "from after to": ({"from": "2026-10", "to": "2026-09"}, {"from": "The first month comes after the last."}),
    "no month": ({"from": "2026-13"}, {"from": 'Write a month as "2026-09".', "to": 'Write a month as "2026-09".'}),
    "a day": ({"from": "2026-09", "to": "2026-10-31"}, {"to": 'Write a month as "2026-09".'}),
    "an unknown group": ({"group": "cats"}, {"group": "This is not known here."}),
    "an unknown survey": ({"survey": "cats"}, {"survey": "This is not known here."}),
    "an unknown comparison": ({"compare": "cats"}, {"compare": "This is not known here."}),
}


@pytest.mark.parametrize(("query", "errors"), FAULTS.values(), ids=FAULTS)
def test_what_cannot_be_asked_for_is_said_by_field(
    client: FlaskClient, world: World, query: dict[str, str], errors: dict[str, str]
) -> None:
    status, problem = asked(client, world, **query)
    assert (status, problem["errors"]) == (422, errors)


def test_a_period_without_data_is_hidden_and_says_from_when(client: FlaskClient, world: World) -> None:
    status, results = asked(client, world, **{"from": "2030-01"})
    assert status == 200
    assert all(group["hidden"] and group["more_from"] == "2026-12-08" for group in results["groups"])


def test_a_unit_with_windows_is_asked_by_them(client: FlaskClient, world: World) -> None:
    made = make_key(units=frozenset({"varkaus"}), rights=frozenset({Right.RESULTS}), today=world.parts.today())
    for month in ("2026-04", "2026-05", "2026-10"):
        counts.add_alone(Place("varkaus", "palvelumittari", "client", month), {"finished": 6})
    answer = client.get("/api/results?unit=varkaus&group=client", headers={"Authorization": f"Bearer {made.key}"})
    (group,) = answer.json["groups"]
    assert (group["months"], group["responses"], group["more_from"]) == (["2026-04", "2026-05"], 12, "2026-12-08")


def test_figures_are_described_as_they_are_given(client: FlaskClient, world: World) -> None:
    schemas = client.get("/openapi.json").json["components"]["schemas"]
    for month in ("2026-09", "2026-10"):
        counts.add_alone(in_month(month), {"finished": 8, "nps_9": 8, "apu_4": 6, "apu_1-7_4": 2, "broken_off_apu": 1})
    results = asked(client, world)[1]
    assert list(faults(results, schemas["Results"], schemas)) == []
    youth = results["groups"][0]
    assert {"before", "nps_change", "trend", "questions"} <= youth.keys(), "what is described is there to be compared"
    assert [len(youth["trend"]), youth["trend"][0]["nps"]["n"], youth["trend"][0]["means"]] == [2, 8, {"apu": 4.0}]
    assert next(question for question in youth["questions"] if question["id"] == "apu")["rescaled"] is True


def _with(results: Any, *path: str | int, value: Any) -> Any:
    """The results with one value in them changed."""
    changed = deepcopy(results)
    inner = changed
    for step in path[:-1]:
        inner = inner[step]
    inner[path[-1]] = value
    return changed


WRONG: dict[str, tuple[tuple[str | int, ...], Any, str]] = {
    "a number as text": (("before", "responses"), "9", ".before.responses: str is no integer"),
    "true as a number": (("trend", 0, "responses"), True, ".trend[0].responses: bool is no integer"),
    "an unknown kind": (("questions", 0, "kind"), "open", ".questions[0].kind: 'open' is none of"),
    "a name too many": (("trend", 0, "extra"), 1, ".trend[0].extra is not described"),
    "a mean as text": (("trend", 0, "means"), {"apu": "4"}, ".trend[0].means.apu: str is no number"),
    "names missing": (("before",), {"hidden": True}, ".before.months is missing"),
}


@pytest.mark.parametrize(("path", "value", "fault"), WRONG.values(), ids=WRONG)
def test_the_comparison_with_the_description_sees_what_differs(
    client: FlaskClient, world: World, path: tuple[str | int, ...], value: Any, fault: str
) -> None:
    schemas = client.get("/openapi.json").json["components"]["schemas"]
    for month in ("2026-09", "2026-10"):
        counts.add_alone(in_month(month), {"finished": 8, "nps_9": 8, "apu_4": 6})
    results = _with(asked(client, world)[1], "groups", 0, *path, value=value)
    (found,) = faults(results, schemas["Results"], schemas)
    assert found.startswith(f".groups[0]{fault}")


def test_another_right_another_unit_and_an_unknown_one_are_refused(client: FlaskClient, world: World) -> None:
    assert asked(client, world, right=Right.SEND)[0] == 403
    assert asked(client, world, unit="kouvola")[0] == 403
    assert asked(client, world, unit="nowhere")[0] == 422


def test_the_description_names_every_route_of_the_api_and_no_other(client: FlaskClient) -> None:
    described = {
        (method.upper(), path.replace("{id}", "<invitation_id>"))
        for path, methods in client.get("/openapi.json").get_json()["paths"].items()
        for method in methods
    }
    served = {
        (method, rule.rule)
        for rule in client.application.url_map.iter_rules()
        for method in rule.methods - {"HEAD", "OPTIONS"}
        if rule.rule.startswith("/api/")
    }
    assert described == served
