"""What is wrong with the organisation's file beyond its form: names that lead nowhere, numbers that are none."""

import re
from collections.abc import Iterator

from survey_flow.access import Role
from survey_flow.faults import Fault
from survey_flow.library import Library
from survey_flow.phone import from_carrier

_FILE = "organisation.toml"
_ID = re.compile(r"[a-z][a-z0-9-]{0,39}")


def check_organisation(library: Library) -> Iterator[Fault]:
    """Units, themes, numbers and who has access, each against what they name."""
    yield from _check_units(library)
    yield from _check_themes(library)
    yield from _check_numbers(library)
    yield from _check_access(library)


def _check_units(library: Library) -> Iterator[Fault]:
    if not library.organisation.units:
        yield Fault(_FILE, "", "there are no units.")
    for unit in library.organisation.units.values():
        place = f"unit {unit.id}"
        if not _ID.fullmatch(unit.id):
            yield Fault(_FILE, place, "an id is made of small letters a-z, digits and -, and begins with a letter.")
        if not all(text.isprintable() for texts in (unit.name, unit.service, unit.county) for text in texts.values()):
            yield Fault(_FILE, place, "its names stand on one line each.")
        if not unit.languages:
            yield Fault(_FILE, place, "it has no language.")
        for respondent, survey_id in unit.surveys.items():
            survey = library.surveys.get(survey_id)
            if survey is None:
                yield Fault(_FILE, place, f"its survey {survey_id!r} for {respondent} is not among the surveys.")
            elif respondent not in survey.respondents:
                yield Fault(_FILE, place, f"its survey {survey_id!r} is not for {respondent}.")
        for other in unit.other_surveys:
            if other not in library.surveys:
                yield Fault(_FILE, place, f"its other survey {other!r} is not among the surveys.")


def _check_themes(library: Library) -> Iterator[Fault]:
    for survey in library.surveys.values():
        for theme in sorted({question.theme for question in survey.questions if question.theme}):
            if theme not in library.organisation.themes:
                yield Fault(_FILE, "themes", f"the theme {theme!r} of {survey.id} has no name here.")


def _check_numbers(library: Library) -> Iterator[Fault]:
    for code in library.organisation.calling_codes:
        if not re.fullmatch(r"\+[1-9]\d{0,2}", code):
            yield Fault(_FILE, "", f'calling_codes are written "+358", not {code!r}.')
    number = library.organisation.number
    if number and from_carrier(number.replace(" ", "")) is None:
        yield Fault(_FILE, "", f'number is written "+358 45 123 4567", not {number!r}.')


def _check_access(library: Library) -> Iterator[Fault]:
    for grant in library.organisation.access:
        place = f"access of {grant.group}"
        for unit in sorted(grant.units - set(library.organisation.units)):
            yield Fault(_FILE, place, f"its unit {unit!r} is not among the units.")
        if grant.role is Role.ADMINISTRATOR and grant.units != set(library.organisation.units):
            yield Fault(_FILE, place, "an administrator's access is for every unit: leave the line of the units out.")
        elif not grant.units:
            yield Fault(_FILE, place, f"it names no unit: a {grant.role} needs one.")
