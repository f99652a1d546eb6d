"""Results by the API: the page's figures under the page's rules, and only with the right key."""

from typing import Any

from flask.testing import FlaskClient

from handler.tables import counts
from handler.tables.responses import Place
from handler.work.staff_key import Right, make_key
from tests.world import World

YOUTH = Place("kotka", "nuorten-matala-nuori", "youth", "2026-11")


def asked(client: FlaskClient, world: World, *, unit: str = "kotka", right: Right = Right.RESULTS) -> tuple[int, Any]:
    made = make_key(units=frozenset({"kotka"}), rights=frozenset({right}), today=world.parts.today())
    answer = client.get(f"/api/results?unit={unit}", headers={"Authorization": f"Bearer {made.key}"})
    return answer.status_code, answer.get_json(force=True)


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
    assert youth.keys() == {"respondent", "survey", "months", "hidden"}
    assert youth["hidden"] is True


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
