"""From the parsed organisation.toml to the organisation, its units and who may do what (definitions.py: the surveys).

The form of the file is checked in definition_files.py, what it means in organisation_check.py.
"""

from collections.abc import Mapping
from typing import Any

from survey_flow.access import Grant, Role
from survey_flow.collection_windows import window_from
from survey_flow.definition_files import AccessFile, CountyFile, OrganisationFile, PricesFile, UnitFile, shaped
from survey_flow.faults import Fault, FaultyDefinitions, collecting, said_at
from survey_flow.organisation import Organisation, Unit, address_from, ceiling_from, goals_from
from survey_flow.price import Prices, prices_from
from survey_flow.publication import month_from
from survey_flow.sending_hours import hours_from
from survey_flow.survey import Respondent


def organisation_from(file: str, raw: Mapping[str, Any]) -> Organisation:
    """The organisation from its parsed file. Raises FaultyDefinitions."""
    shape = shaped(file, "", raw, OrganisationFile)
    faults: list[Fault] = []
    with collecting(faults), said_at(file, ""):
        ceiling = ceiling_from(shape.daily_ceiling)
    with collecting(faults), said_at(file, "prices"):
        prices = _prices(shape.prices)
    with collecting(faults), said_at(file, ""):
        results_from = month_from(shape.results_from)
        reports_to = tuple(address_from(address) for address in shape.reports_to)
        reports_from = address_from(shape.reports_from) if shape.reports_from else ""
    units = {}
    for unit_id, raw_unit in shape.units.items():
        with collecting(faults):
            units[unit_id] = _unit(file, unit_id, raw_unit, shape.counties)
    if faults:
        raise FaultyDefinitions(faults)
    return Organisation(
        contact=shape.contact,
        calling_codes=tuple(shape.calling_codes),
        units=units,
        daily_ceiling=ceiling,
        prices=prices,
        results_from=results_from,
        keep_months=shape.keep_months,
        comment_days=shape.comment_days,
        themes={theme: names.texts() for theme, names in shape.themes.items()},
        reports_from=reports_from,
        reports_to=reports_to,
        number=shape.number,
        access=tuple(_grant(given, units) for given in shape.access),
    )


def _grant(given: AccessFile, units: Mapping[str, Unit]) -> Grant:
    """An administrator is one of every unit; the check says so to whoever names some."""
    named = frozenset(units) if given.role is Role.ADMINISTRATOR and not given.units else frozenset(given.units)
    return Grant(given.group.strip(), given.role, named)


def _prices(shape: PricesFile | None) -> Prices | None:
    if shape is None:
        return None
    return prices_from(shape.currency, segment_out=shape.segment_out, segment_in=shape.segment_in)


def _unit(file: str, unit_id: str, raw: Any, counties: Mapping[str, CountyFile]) -> Unit:
    place = f"unit {unit_id}"
    shape = shaped(file, place, raw, UnitFile)
    county = counties.get(shape.county)
    if county is None:
        raise FaultyDefinitions([Fault(file, place, f"its county {shape.county!r} is not among the counties.")])
    if unknown := shape.hours.keys() - {"default", *Respondent}:
        raise FaultyDefinitions([Fault(file, place, f"its hours are for {sorted(unknown)[0]!r}, who is no group.")])
    with said_at(file, place):
        hours = {group: hours_from(text) for group, text in shape.hours.items()}
        windows = tuple(window_from(text) for text in shape.windows)
        ceiling = ceiling_from(shape.daily_ceiling)
        goals = goals_from(shape.goals)
        results_from = month_from(shape.results_from) if shape.results_from else None
        reports_to = tuple(address_from(address) for address in shape.reports_to)
    if "default" not in hours:
        raise FaultyDefinitions([Fault(file, place, 'its hours lack the line for everybody, default = "9:00-19:00".')])
    return Unit(
        id=unit_id,
        name=shape.name.texts(),
        service=shape.service.texts(),
        county=county.texts(),
        county_contact=county.contact,
        contact=shape.contact,
        surveys={group.value: survey for group, survey in shape.surveys.items()},
        other_surveys=tuple(shape.other_surveys),
        languages=tuple(shape.languages),
        hours=hours.pop("default"),
        group_hours=hours,
        neutral=shape.neutral,
        goals=goals,
        windows=windows,
        daily_ceiling=ceiling,
        results_from=results_from,
        reports_to=reports_to,
    )
