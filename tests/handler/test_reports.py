"""Reports that come by themselves: when each is due, that it comes once, and what it is made of."""

from dataclasses import replace
from datetime import date, timedelta

import pytest

from handler.outside.mail import NotMailed
from handler.tables import actions, base, comments, invitations, limits
from handler.tables.actions import Plan
from handler.tables.invitations import InvitationState
from handler.tables.responses import Place
from handler.work.report_facts import monthly_facts, quarter_facts
from handler.work.reports import LEASE
from survey_flow.figures import GroupFigures
from survey_flow.language import Language
from survey_flow.report import MonthlyFacts
from survey_flow.report_quarter import quarter_before
from tests.handler.reporting import URL, RecordingPost, answered, reporting, send_due
from tests.world import OTHER_PHONE, REGION, World, at

UNITS = ["kotka", "kouvola", "varkaus", "nemova"]
DAY = timedelta(days=1)


@pytest.fixture
def post() -> RecordingPost:
    return RecordingPost()


def morning(world: World, day: date) -> None:
    """The clock stands at seven that morning."""
    world.clock.now = at(day, 7)


def kotka(world: World) -> MonthlyFacts:
    return monthly_facts(world.parts, world.parts.library.organisation.units["kotka"], Language.FI)


def with_units(world: World, **differs: object) -> None:
    """All units alike in this."""
    library = world.parts.library
    units = {name: replace(unit, **differs) for name, unit in library.organisation.units.items()}
    organisation = replace(library.organisation, units=units)
    world.parts = replace(world.parts, library=replace(library, organisation=organisation))


# --- when


@pytest.mark.parametrize(
    ("day", "due"),
    [
        (date(2026, 11, 1), []),
        (date(2026, 11, 7), []),
        (date(2026, 11, 8), [f"report-{unit}-2026-10" for unit in UNITS]),
        (date(2026, 11, 30), [f"report-{unit}-2026-10" for unit in UNITS]),
        (date(2027, 1, 7), []),
        (date(2027, 1, 8), [*(f"report-{unit}-2026-12" for unit in UNITS), "report-quarter-2026-12"]),
        (date(2027, 4, 8), [*(f"report-{unit}-2027-03" for unit in UNITS), "report-quarter-2027-03"]),
    ],
    ids=["1.11.", "7.11.", "8.11.", "30.11.", "7.1.", "8.1.", "8.4."],
)
def test_reports_are_due_from_the_eighth(world: World, post: RecordingPost, day: date, due: list[str]) -> None:
    morning(world, day)
    send_due(reporting(world, post))
    assert post.ids == due


def test_each_goes_to_its_own_recipients_from_the_organisation_s_address(world: World, post: RecordingPost) -> None:
    morning(world, date(2027, 1, 8))
    send_due(reporting(world, post))
    assert {mail.sender for mail in post.sent} == {"kuulolla@kuulolla.example"}
    assert [mail.to for mail in post.sent] == [(f"{who}@kuulolla.example",) for who in (*UNITS, "johto")]


def test_a_unit_without_recipients_gets_none(world: World, post: RecordingPost) -> None:
    with_units(world, reports_to=())
    morning(world, date(2026, 11, 8))
    send_due(reporting(world, post))
    assert post.sent == []


def test_without_a_sender_nobody_gets_any(world: World, post: RecordingPost) -> None:
    library = world.parts.library
    organisation = replace(library.organisation, reports_from="")
    world.parts = replace(world.parts, library=replace(library, organisation=organisation))
    morning(world, date(2027, 1, 8))
    send_due(reporting(world, post))
    assert post.sent == []


def test_a_unit_s_first_language_is_that_of_its_report(world: World, post: RecordingPost) -> None:
    with_units(world, languages=(Language.SV, Language.FI))
    morning(world, date(2027, 1, 8))
    send_due(reporting(world, post))
    assert {mail.language for mail in post.sent} == {"sv"}
    assert post.to("report-kotka-2026-12").subject == "Nuorten Matala, Kotka: kundrespons, december 2026"


# --- once


def test_a_report_that_was_sent_is_not_sent_again_that_month(world: World, post: RecordingPost) -> None:
    morning(world, date(2026, 11, 8))
    for _ in range(2):
        send_due(reporting(world, post))
    for _ in range(22):
        world.clock.forward(days=1)
        send_due(reporting(world, post))
    assert len(post.sent) == len(UNITS)


def test_the_next_month_s_report_is_another_one(world: World, post: RecordingPost) -> None:
    for day in (date(2026, 11, 8), date(2026, 12, 8)):
        morning(world, day)
        send_due(reporting(world, post))
    assert len(post.sent) == 2 * len(UNITS)


def test_a_send_that_fails_is_tried_again_next_time_and_harms_no_other_report(
    world: World, post: RecordingPost
) -> None:
    post.faults = [None, NotMailed("TooManyRequestsException")]
    morning(world, date(2026, 11, 8))
    with pytest.raises(NotMailed):
        send_due(reporting(world, post))
    assert post.ids == [f"report-{unit}-2026-10" for unit in ("kotka", "varkaus", "nemova")]
    world.clock.forward(days=1)
    send_due(reporting(world, post))
    assert post.ids[3:] == ["report-kouvola-2026-10"]


def test_a_claim_whose_process_died_is_taken_up_when_its_lease_has_ended(world: World, post: RecordingPost) -> None:
    morning(world, date(2026, 11, 8))
    assert limits.once("report#kotka#2026-10", now=world.clock.now, window=LEASE)
    send_due(reporting(world, post))
    assert "report-kotka-2026-10" not in post.ids
    world.clock.now += LEASE
    send_due(reporting(world, post))
    assert post.ids.count("report-kotka-2026-10") == 1


def test_a_report_that_cannot_be_made_is_not_claimed_and_harms_no_other(world: World, post: RecordingPost) -> None:
    organisation = world.parts.library.organisation
    broken = replace(organisation.units["kotka"], name={})
    units = {**organisation.units, "kotka": broken}
    whole = world.parts
    world.parts = replace(whole, library=replace(whole.library, organisation=replace(organisation, units=units)))
    morning(world, date(2026, 11, 8))
    with pytest.raises(KeyError):
        send_due(reporting(world, post))
    assert len(post.sent) == len(UNITS) - 1
    world.parts = whole
    send_due(reporting(world, post))
    assert post.ids[-1] == "report-kotka-2026-10"


# --- of what


def test_a_report_is_of_the_month_before_and_tells_how_many_were_asked(world: World) -> None:
    answered("2026-10", 21)
    answered("2026-11", 4)
    morning(world, date(2026, 11, 8))
    facts = kotka(world)
    assert (facts.month, facts.asked_before, facts.asked_now) == ("2026-10", 63, 12)
    assert [group.figures.responses for group in facts.groups if not group.figures.hidden] == [21]


def test_the_running_month_is_left_for_its_own_report_though_it_is_shown_live(world: World) -> None:
    answered("2026-10", 21)
    answered("2026-11", 30)
    morning(world, date(2026, 11, 8))
    youth, *_ = kotka(world).groups
    assert (youth.figures.months, youth.figures.responses, youth.newer_from) == (("2026-10",), 21, None)


def test_a_group_shown_live_alone_has_too_few_answers_for_the_report(world: World) -> None:
    answered("2026-11", 30)
    morning(world, date(2026, 11, 8))
    youth, *_ = kotka(world).groups
    assert (youth.figures, youth.newer_from) == (GroupFigures(), date(2026, 12, 8))


def test_a_group_of_few_keeps_its_earlier_figures_and_tells_when_newer_ones_may_come(world: World) -> None:
    answered("2026-08", 6)
    answered("2026-10", 3)
    morning(world, date(2026, 11, 8))
    youth, guardian, *_ = kotka(world).groups
    assert (youth.figures.months, youth.newer_from) == (("2026-08",), date(2026, 12, 8))
    assert (guardian.figures.hidden, guardian.newer_from) == (True, date(2026, 12, 8))


def test_the_change_is_from_the_cell_before(world: World) -> None:
    answered("2026-08", 6)
    answered("2026-10", 7)
    morning(world, date(2026, 11, 8))
    youth, *_ = kotka(world).groups
    assert youth.before.responses == 6


def test_only_what_is_overdue_is_counted_as_waiting(world: World) -> None:
    answered("2026-09", 6)
    place = Place("kotka", "nuorten-matala-nuori", "youth", "2026-09")
    with base.transaction(REGION) as together:
        comments.put(together, place, text="Kiitos", segment="promoter")
    for number, by_when in enumerate((date(2026, 11, 7), date(2026, 11, 8))):
        actions.put_new("kotka", f"a{number}", Plan("Tee", "Esihenkilö", by_when, "kohtaaminen"))
    morning(world, date(2026, 11, 8))
    facts = kotka(world)
    assert (facts.comments_overdue, facts.actions_overdue) == (1, 1)


def test_no_mail_holds_a_comment_s_text(world: World, post: RecordingPost) -> None:
    answered("2026-10", 25)
    with base.transaction(REGION) as together:
        place = Place("kotka", "nuorten-matala-nuori", "youth", "2026-10")
        comments.put(together, place, text="hyvin tunnistettava lause", segment="promoter")
    morning(world, date(2027, 1, 8))
    send_due(reporting(world, post))
    assert not any("tunnistettava" in mail.text + mail.html for mail in post.sent)


def test_the_quarter_is_of_whole_units_and_the_year_s_safety_texts_come_with_its_last(world: World) -> None:
    answered("2026-03", 2, safety_texts=1)
    answered("2026-11", 24, safety_texts=6)
    answered("2026-12", 3, place=("kouvola", "nuorten-matala-huoltaja", "guardian"), safety_texts=1)
    morning(world, date(2027, 1, 8))
    facts = quarter_facts(world.parts, quarter_before("2027-01"), Language.FI)
    assert facts.safety_texts == 8
    shown = {unit.name: (unit.invited, sum(group.responses for group in unit.groups)) for unit in facts.units}
    assert shown["Nuorten Matala, Kotka"] == (72, 26)  # March's two waited, and came with November
    assert shown["Nuorten Matala, Kouvola"] == (9, 0)
    assert [unit.has_index for unit in facts.units] == [True, True, False, False]
    assert quarter_facts(world.parts, quarter_before("2026-10"), Language.FI).safety_texts is None


def test_the_link_leads_to_the_unit_s_results(world: World, post: RecordingPost) -> None:
    morning(world, date(2026, 11, 8))
    send_due(reporting(world, post))
    mail = post.to("report-kotka-2026-10")
    assert f"{URL}/results?unit=kotka" in mail.text
    assert f'href="{URL}/results?unit=kotka"' in mail.html


# --- silence


@pytest.mark.parametrize(("days", "silent"), [(0, False), (20, False), (21, False), (22, True), (60, True)], ids=str)
def test_three_weeks_without_an_opening_are_a_silence(world: World, days: int, silent: bool) -> None:
    world.clock.now = at(date(2026, 11, 2), 15)
    world.opened()
    world.clock.now = at(date(2026, 11, 2) + days * DAY, 16)
    world.tick()
    assert kotka(world).silent is silent


def test_an_opening_that_is_only_queued_or_a_trial_breaks_no_silence(world: World) -> None:
    world.invite(send_after=at(date(2026, 11, 27), 15))
    trial = "trial#" + world.parts.phone_keys.all(OTHER_PHONE)[0]
    limits.mark(trial, now=world.clock.now, window=DAY)
    world.opened(number=OTHER_PHONE)
    assert kotka(world).silent


def test_an_opening_whose_day_is_not_known_breaks_a_silence(world: World) -> None:
    answered("2026-11", 1)
    place = {"unit": "kotka", "survey": "nuorten-matala-nuori", "respondent": "youth", "month": "2026-11"}
    invitations.row("example", **place, by="test", state=InvitationState.DELIVERED).save()
    assert not kotka(world).silent
