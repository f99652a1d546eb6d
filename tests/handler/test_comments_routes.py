"""The pages of comments over HTTP: what they say, what they refuse with a sentence, and that nothing is half-done."""

import re
from html import unescape
from string import Formatter

import pytest
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from handler.tables.comments import CommentRow
from handler.templates import page_texts
from survey_flow.comment_marks import CommentKind, CommentStatus
from survey_flow.comment_words import BLACK
from survey_flow.language import Language
from tests.handler.commenting import GUARDIAN, answered, seen, written
from tests.handler.page_words import words
from tests.world import World

SAYS = page_texts()[Language.FI]


def said(client: FlaskClient, **query: str) -> list[str]:
    """The comments on the page."""
    found = re.findall(r'<label for="tick-[^"]+" class="words">(.*?)</label>', shown(client, **query).text, re.DOTALL)
    return [unescape(text) for text in found]


def shown(client: FlaskClient, **query: str) -> TestResponse:
    return client.get("/comments", query_string={"unit": "kotka", **query})


def tick(world: World, *ids: str) -> list[str]:
    return [f"{comment_id}.{seen(world, comment_id).version}" for comment_id in ids]


def mark(client: FlaskClient, ticks: list[str], **fields: str) -> TestResponse:
    return client.post("/comments?unit=kotka", data={"tick": ticks, **fields})


def statuses() -> list[str]:
    return sorted(row.status for row in CommentRow.scan())


# --- the list


def test_an_unknown_unit_is_not_found_and_none_is_the_first(client: FlaskClient) -> None:
    for path in ("/comments?unit=x", "/comments/shared?unit=x", "/comments/x/1", "/comments/x/1/delete"):
        assert client.get(path).status_code == 404, path
    assert client.post("/comments?unit=x").status_code == 404
    assert "Nuorten Matala, Kotka" in words(client.get("/comments"))


def test_without_comments_the_page_says_why(client: FlaskClient) -> None:
    written("vielä piilossa")
    page = shown(client)
    assert "vielä piilossa" not in page.text
    assert SAYS["comments_none_why"] in words(page)


def test_a_comment_is_shown_with_its_group_its_period_and_its_marks(client: FlaskClient, world: World) -> None:
    answered(n=20, nps_9=20)
    one = written("Kiva paikka")
    CommentRow("kotka", seen(world, one).month_id).update([CommentRow.segment.set("promoter")])
    mark(client, tick(world, one), status="handled", kind="thanks", theme="tilat", who="Maija Mäki")
    page = words(shown(client))
    assert "Nuori · lokakuu 2026 · suosittelija" in page
    assert "Käsitelty Kiitos Tilat" in page
    assert "Käsitteli Maija Mäki 24.11.2026." in page


def test_what_a_respondent_wrote_is_text_and_nothing_else(client: FlaskClient, world: World) -> None:
    answered()
    one = written("<script>alert(1)</script> \"'>&amp; =1+1")
    for path in ("/comments", f"/comments/kotka/{one}", f"/comments/kotka/{one}/delete"):
        assert "<script>alert" not in client.get(path).text, path
    assert said(client) == ["<script>alert(1)</script> \"'>&amp; =1+1"]
    mark(client, tick(world, one), status="shared")
    assert "<script>alert" not in client.get("/comments/shared?unit=kotka").text


FILTERS = {
    "a status": ({"status": "read"}, ["luettu"]),
    "what waits": ({"status": "waiting"}, ["huoltaja", "idea", "luettu"]),
    "what is overdue": ({"status": "overdue"}, ["huoltaja", "idea", "luettu"]),
    "a kind": ({"kind": "idea"}, ["idea"]),
    "no kind": ({"kind": "none"}, ["huoltaja", "käsitelty", "luettu"]),
    "a theme": ({"theme": "tilat"}, ["idea"]),
    "no theme": ({"theme": "none"}, ["huoltaja", "käsitelty", "luettu"]),
    "a group": ({"group": "guardian"}, ["huoltaja"]),
    "two at once": ({"group": "guardian", "status": "read"}, []),
}


@pytest.mark.parametrize(("query", "found"), FILTERS.values(), ids=FILTERS)
def test_comments_are_filtered(client: FlaskClient, world: World, query: dict[str, str], found: list[str]) -> None:
    answered()
    answered(group=GUARDIAN)
    written("huoltaja", group=GUARDIAN)
    mark(client, tick(world, written("luettu")), status="read")
    mark(client, tick(world, written("idea")), kind="idea", theme="tilat")
    mark(client, tick(world, written("käsitelty")), status="handled", who="Maija")
    assert sorted(said(client, **query)) == found


@pytest.mark.parametrize("field", ["status", "kind", "theme", "group"])
def test_an_unknown_filter_is_said_and_filters_nothing(client: FlaskClient, field: str) -> None:
    answered()
    written("Kiva paikka")
    page = shown(client, **{field: "x"})
    assert page.status_code == 422
    assert SAYS[f"fault_comments_filter_{field}_unknown"] in words(page)
    assert "Kiva paikka" in words(page)


def test_many_comments_are_paged_each_once(client: FlaskClient) -> None:
    answered()
    for number in range(120):
        written(f"kommentti {number}")
    pages = [said(client, page=str(number)) for number in (1, 2, 3)]
    assert [len(page) for page in pages] == [50, 50, 20]
    assert len({text for page in pages for text in page}) == 120
    assert "Sivu 2 / 3" in words(shown(client, page="2"))


@pytest.mark.parametrize("number", ["0", "-1", "99", "x", "²", "9" * 5000])
def test_a_page_that_is_not_there_is_the_nearest(client: FlaskClient, number: str) -> None:
    answered()
    written("ainoa")
    assert said(client, page=number) == ["ainoa"]


# --- marking


def test_all_on_a_page_are_ticked_by_a_link_and_marked_at_once(client: FlaskClient) -> None:
    answered()
    for _ in range(50):
        written()
    ticks = re.findall(r'name="tick" [^>]*value="([^"]+)" checked', shown(client, ticked="all").text)
    page = mark(client, ticks, status="read")
    assert "Merkittyjä kommentteja: 50." in words(page)
    assert statuses() == ["read"] * 50


def test_the_handlers_name_is_remembered_on_this_device(client: FlaskClient, world: World) -> None:
    answered()
    mark(client, tick(world, written()), status="handled", who="  Maija   Mäki ")
    assert 'name="who" maxlength="60" autocomplete="name" value="Maija Mäki"' in shown(client).text


MANY = [f"{number}.0" for number in range(51)]
FAULTS = {
    "nothing ticked": ([], {"status": "read"}, "ticks_missing"),
    "too many ticks": (MANY, {"status": "read"}, "ticks_too_many"),
    "a tick that is none": (["x"], {"status": "read"}, "ticks_unknown"),
    "a tick of no version": (["x."], {"status": "read"}, "ticks_unknown"),
    "a tick of a strange version": (["x.²"], {"status": "read"}, "ticks_unknown"),
    "nothing to mark": (None, {}, "status_missing"),
    "an unknown status": (None, {"status": "gone"}, "status_unknown"),
    "an unknown kind": (None, {"status": "read", "kind": "x"}, "kind_unknown"),
    "an unknown theme": (None, {"status": "read", "theme": "x"}, "theme_unknown"),
    "an unknown choice for the meeting": (None, {"status": "read", "meeting": "x"}, "meeting_unknown"),
    "handled by nobody": (None, {"status": "handled", "who": "  "}, "who_missing"),
    "handled by a very long name": (None, {"status": "handled", "who": "x" * 61}, "who_too_long"),
}


@pytest.mark.parametrize(("ticks", "fields", "fault"), FAULTS.values(), ids=FAULTS)
def test_a_fault_is_said_and_nothing_is_marked(
    client: FlaskClient, world: World, ticks: list[str] | None, fields: dict[str, str], fault: str
) -> None:
    answered()
    one = written()
    page = mark(client, tick(world, one) if ticks is None else ticks, **fields)
    assert page.status_code == 422
    assert SAYS[f"fault_comments_{fault}"] in words(page)
    assert statuses() == ["new"]


def test_what_was_ticked_and_typed_stays_when_something_is_wrong(client: FlaskClient, world: World) -> None:
    answered()
    one = written()
    page = mark(client, tick(world, one), status="handled", kind="idea").text
    assert f'value="{one}.0" checked' in page
    assert '<option value="handled" selected>' in page
    assert '<option value="idea" selected>' in page


def test_too_many_for_the_meeting_is_said_and_nothing_is_marked(client: FlaskClient, world: World) -> None:
    answered()
    page = mark(client, tick(world, *(written() for _ in range(6))), meeting="choose", status="read")
    assert SAYS["fault_comments_meeting_too_many"] in words(page)
    assert statuses() == ["new"] * 6


def test_what_changed_meanwhile_and_what_is_gone_is_said(client: FlaskClient, world: World) -> None:
    answered()
    fine, changed, gone = (written(text) for text in ("hyvä", "muuttunut", "poistettu"))
    ticks = tick(world, fine, changed, gone)
    mark(client, tick(world, changed), status="read")
    client.post(f"/comments/kotka/{gone}/delete", data={"shown": token(client, gone)})
    page = mark(client, ticks, status="shared")
    assert page.status_code == 200
    assert SAYS["comments_outcome_done"].format(n=1) in words(page)
    assert SAYS["comments_outcome_changed"].format(n=1) in words(page)
    assert SAYS["comments_outcome_gone"].format(n=1) in words(page)
    assert statuses() == ["read", "shared"]


def test_what_is_only_gone_says_that_nothing_was_marked(client: FlaskClient) -> None:
    page = mark(client, ["poistettu.0"], status="shared")
    assert SAYS["comments_outcome_none"] in words(page)
    assert SAYS["comments_outcome_gone"].format(n=1) in words(page)


def test_a_form_of_another_site_marks_nothing(client: FlaskClient, world: World) -> None:
    answered()
    one = written()
    for path in ("/comments?unit=kotka", f"/comments/kotka/{one}", f"/comments/kotka/{one}/delete"):
        assert client.post(path, headers={"Sec-Fetch-Site": "cross-site"}).status_code == 403, path
    assert statuses() == ["new"]


# --- what senders see


def test_senders_see_shared_comments_alone(client: FlaskClient, world: World) -> None:
    answered()
    one, two = written("jaettu"), written("jakamaton")
    mark(client, tick(world, one), status="shared")
    mark(client, tick(world, one, two), status="handled", who="Maija")
    page = words(client.get("/comments/shared?unit=kotka"))
    assert "jaettu" in page
    assert "jakamaton" not in page
    assert "Maija" not in page


# --- blacking out and deleting


def token(client: FlaskClient, comment_id: str) -> str:
    """What the page says of the text that it shows."""
    found = re.search(r'name="shown" value="([^"]+)"', client.get(f"/comments/kotka/{comment_id}").text)
    assert found
    return found[1]


def test_every_word_is_a_tick_box_and_what_is_ticked_is_blacked_out(client: FlaskClient, world: World) -> None:
    answered()
    one = written("Kiitos Matti\nja Liisa")
    page = client.get(f"/comments/kotka/{one}").text
    assert re.findall(r'type="checkbox" name="word" value="(\d)"><span>(.*?)</span>', page) == [
        ("0", "Kiitos"),
        ("1", "Matti"),
        ("2", "ja"),
        ("3", "Liisa"),
    ]
    answer = client.post(f"/comments/kotka/{one}", data={"shown": token(client, one), "word": ["1", "3"]})
    assert answer.status_code == 303
    assert SAYS["comments_told_blacked_out"] in words(client.get(answer.location))
    assert SAYS["comments_backups"] in words(client.get(answer.location))
    assert said(client) == [f"Kiitos {BLACK}\nja {BLACK}"]


REFUSED = {
    "no word": ([], "missing", 422),
    "no number": (["x"], "missing", 422),
    "a word that is not there": (["7"], "unknown", 422),
    "a number beyond any": (["9" * 5000], "unknown", 422),
}


@pytest.mark.parametrize(("ticked", "fault", "status"), REFUSED.values(), ids=REFUSED)
def test_a_faulty_tick_blacks_out_nothing(client: FlaskClient, ticked: list[str], fault: str, status: int) -> None:
    answered()
    one = written("Kiitos Matti")
    page = client.post(f"/comments/kotka/{one}", data={"shown": token(client, one), "word": ticked})
    assert page.status_code == status
    assert SAYS[f"comments_one_fault_{fault}"] in words(page)
    assert said(client) == ["Kiitos Matti"]


@pytest.mark.parametrize("path", ["", "/delete"])
def test_a_lost_race_says_so_and_shows_the_new_text(client: FlaskClient, path: str) -> None:
    answered()
    one = written("Kiitos Matti")
    before = token(client, one)
    client.post(f"/comments/kotka/{one}", data={"shown": before, "word": "1"})
    page = client.post(f"/comments/kotka/{one}{path}", data={"shown": before, "word": "0"})
    assert page.status_code == 409
    assert SAYS["comments_one_fault_changed"] in words(page)
    assert f"Kiitos {BLACK}" in words(page)
    assert said(client) == [f"Kiitos {BLACK}"]


def test_deleting_asks_once_more(client: FlaskClient) -> None:
    answered()
    one = written()
    page = client.get(f"/comments/kotka/{one}/delete")
    assert SAYS["comments_delete_sure"] in words(page)
    assert said(client) == ["Kiitos Matti"]
    answer = client.post(f"/comments/kotka/{one}/delete", data={"shown": token(client, one)})
    assert SAYS["comments_told_deleted"] in words(client.get(answer.location))
    assert list(CommentRow.scan()) == []


def test_a_deleted_comment_is_said_to_be_gone(client: FlaskClient) -> None:
    for method, path in (("GET", ""), ("POST", ""), ("GET", "/delete"), ("POST", "/delete")):
        page = client.open(f"/comments/kotka/poistettu{path}", method=method)
        assert page.status_code == 404
        assert SAYS["comments_gone"] in words(page)


def test_a_comment_of_another_unit_or_a_hidden_month_is_not_there(client: FlaskClient) -> None:
    answered(unit="kouvola")
    other, hidden = written(unit="kouvola"), written("piilossa")
    for comment_id in (other, hidden):
        assert client.get(f"/comments/kotka/{comment_id}").status_code == 404
    assert client.get(f"/comments/kouvola/{other}").status_code == 200


# --- the words


@pytest.mark.parametrize("language", list(Language))
def test_every_choice_has_its_word_in_every_language(client: FlaskClient, world: World, language: Language) -> None:
    answered()
    mark(client, tick(world, written()), status="handled", kind="idea", theme="tilat", meeting="choose", who="Maija")
    texts = page_texts()[language]
    page = words(shown(client, lang=language))
    for key in [f"comments_status_{one}" for one in CommentStatus] + [f"comments_kind_{one}" for one in CommentKind]:
        assert texts[key] in page, key


@pytest.mark.parametrize("language", [Language.SV, Language.EN])
def test_words_have_the_same_keys_and_gaps_in_every_language(language: Language) -> None:
    texts = page_texts()[language]
    ours = [key for key in SAYS if key.startswith(("comments_", "actions_", "fault_comments_", "fault_actions_"))]
    assert ours
    for key in ours:
        assert gaps(texts[key]) == gaps(SAYS[key]), key


def gaps(text: str) -> set[str]:
    return {name for _, name, _, _ in Formatter().parse(text) if name}
