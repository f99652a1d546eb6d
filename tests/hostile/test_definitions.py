"""Definition files that nobody would write: every fault is a sentence, at once, and never another exception."""

import copy
import tomllib
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import replace
from datetime import date, time
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from handler.templates import TEMPLATES
from survey_flow.definitions import messages_from, survey_from
from survey_flow.faults import FaultyDefinitions
from survey_flow.language import Language
from survey_flow.library import Library
from survey_flow.organisation_definitions import organisation_from
from survey_flow.survey_check import check
from tests.hostile.trying import tried

SURVEYS = {path.stem: tomllib.loads(path.read_text("utf-8")) for path in (TEMPLATES / "surveys").glob("*.toml")}
YOUTH = SURVEYS["nuorten-matala-nuori"]
ORGANISATION = tomllib.loads((TEMPLATES / "organisation.toml").read_text("utf-8"))
MESSAGES = {
    language: tomllib.loads((TEMPLATES / "messages" / f"{language}.toml").read_text("utf-8")) for language in Language
}
Raw = dict[str, Any]
Path = tuple[str | int, ...]
GONE = object()

# Whatever TOML can hold.
LEAVES = st.one_of(
    st.booleans(),
    st.integers(),
    st.floats(),
    st.text(max_size=30),
    st.dates(),
    st.times(),
    st.datetimes(),
)
ANY_TOML = st.recursive(
    LEAVES,
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=8), inner, max_size=4),
    max_leaves=12,
)
HUGE = [
    10**6, 10**9, 10**18, -(10**9), 2**63, 10**40, 1e308, float("nan"), float("inf"), -1, 0, True, "", " ",
    "x" * 100_000, "1=" + " " * 50_000 + "a", "1=a" + " " * 50_000 + "b", "1=a, " * 20_000, "0-10 " * 20_000, "{" * 50,
    "}", "{}", "{0}",
    "{service.__class__}", "{count:99999999999}", "{county!r}", "{statements}" * 500, "ä" * 400, "😀", "\x00", [], {},
    [[[]]], ["x"] * 1000, {"a": {"b": 1}}, date(2026, 1, 1), time(1, 2),
]  # fmt: skip


def places(raw: Any, path: Path = ()) -> Iterator[Path]:
    if path:
        yield path
    inner = raw.items() if isinstance(raw, dict) else enumerate(raw) if isinstance(raw, list) else ()
    for name, value in inner:
        yield from places(value, (*path, name))


def changed(raw: Raw, path: Path, value: Any) -> Raw:
    """A copy in which the value stands in that place, or nothing."""
    whole = copy.deepcopy(raw)
    part: Any = whole
    for name in path[:-1]:
        part = part[name]
    if value is GONE:
        del part[path[-1]]
    else:
        part[path[-1]] = copy.deepcopy(value)
    return whole


def assert_loads_or_says_why(library: Library, raw: Raw) -> None:
    try:
        survey = survey_from("x.toml", raw)
        faults = check(replace(library, surveys={**library.surveys, survey.id: survey}))
    except FaultyDefinitions as fault:
        faults = fault.faults
        assert faults
    assert all(str(fault).endswith(".") and "\n" not in fault.place for fault in faults)


CHANGES = st.one_of(st.just(GONE), st.sampled_from(HUGE), ANY_TOML)


@tried(150)
@given(raw=st.dictionaries(st.sampled_from([*YOUTH, "x"]), ANY_TOML, max_size=12))
def test_any_toml_is_a_survey_or_says_why_not(library: Library, raw: Raw) -> None:
    assert_loads_or_says_why(library, raw)


PLACES = [(name, path) for name, raw in sorted(SURVEYS.items()) for path in places(raw)]


@tried(150)
@given(place=st.sampled_from(PLACES), value=CHANGES)
def test_a_shipped_survey_with_a_value_changed_loads_or_says_why_not(
    library: Library, place: tuple[str, Path], value: Any
) -> None:
    name, path = place
    assert_loads_or_says_why(library, changed(SURVEYS[name], path, value))


@tried(60)
@given(path=st.sampled_from(list(places(ORGANISATION))), value=CHANGES)
def test_a_changed_organisation_loads_or_says_why_not(library: Library, path: Path, value: Any) -> None:
    with suppress(FaultyDefinitions):
        organisation = organisation_from("organisation.toml", changed(ORGANISATION, path, value))
        check(replace(library, organisation=organisation))


@tried(40)
@given(path=st.sampled_from(list(places(MESSAGES[Language.FI]))), value=CHANGES)
def test_changed_messages_load_or_say_why_not(library: Library, path: Path, value: Any) -> None:
    files = {language: (f"messages/{language}.toml", raw) for language, raw in MESSAGES.items()}
    files[Language.FI] = ("messages/fi.toml", changed(MESSAGES[Language.FI], path, value))
    with suppress(FaultyDefinitions):
        check(replace(library, messages=messages_from(files)))


# What once took all memory, or minutes: the place, the value, and what is said of it.
SCALE = ("scales", "mielipide")
ENDLESS = {
    "a scale without end": ((*SCALE, "high"), 10**18, "the number is 99 at most"),
    "a scale from far below": ((*SCALE, "low"), -(10**9), "the number is 0 at least"),
    "a scale of a million": (("scales", "suosittelu", "high"), 10**6, "the number is 99 at most"),
    "a label of blanks": ((*SCALE, "fi"), "1=a" + " " * 50_000 + "b", "the text is longer than 2000 characters"),
    "a question without end": (("questions", 1, "fi"), "x" * 10**6, "the text is longer than 2000 characters"),
}


@pytest.mark.parametrize(("path", "value", "sentence"), ENDLESS.values(), ids=ENDLESS)
def test_what_would_never_end_is_refused(path: Path, value: Any, sentence: str) -> None:
    with pytest.raises(FaultyDefinitions) as refused:
        survey_from("x.toml", changed(YOUTH, path, value))
    assert sentence in str(refused.value)
