"""The page that the benchmarks write: honest verdicts, every part with its machine and engine, and nothing made up."""

import re
from dataclasses import asdict, replace
from pathlib import Path
from typing import Any
from xml.etree import ElementTree

import pytest

from benchmarks.figures import Ratio, slope
from benchmarks.load.burst import Recovery
from benchmarks.load.levels import Level, Loaded
from benchmarks.load.soak import Soaked
from benchmarks.load.stage import Cpu
from benchmarks.read_reply import LENGTHS
from benchmarks.report.measuring import PARTS, SOAK
from benchmarks.report.memory import growth, slope_in_ten_minutes
from benchmarks.report.page import TEMPLATE, write
from benchmarks.report.scale import TRIAL
from benchmarks.report.shelf import OURS, Part, Shelf, elsewhere
from benchmarks.report.targets import summed_up, targets
from benchmarks.report.verdict import Target, Verdict, within
from benchmarks.speed.compare import FEW, SAME, TURNS, TUTORIAL

MACHINE = {
    "cores": 2,
    "processor": "a processor",
    "memory_gb": 8.0,
    "system": "Linux",
    "python": "3.11.7",
    "java": "17",
    "libraries": {"flask": "3.1.3"},
}
PART = Part({}, "2026-11-22", 60.0, 0.4, trial=False, machine=MACHINE)
ENGINE = {"engine": "DynamoDB Local", "told": ""}
MS = [5.0, 6.0, 7.0]
LEVEL = Level(8, 2, 3, 1.0, Cpu(0.4, 0.5, 0.1, 1.9), MS)
RECOVERY = Recovery(1.64, 8.3, 533.5, 1.6, [(-1.0, 8.0), (0.5, 533.0)], [(1.6, 900.0)])


@pytest.fixture
def shelf(tmp_path: Path) -> Shelf:
    return elsewhere(tmp_path)


@pytest.fixture(scope="module")
def messages() -> Any:
    return PARTS["messages"](TRIAL)


def figures(messages: Any) -> dict[str, Any]:
    """As little as each part can be."""
    programs = (*TURNS, SAME, FEW, TUTORIAL)
    setting = {"name": "a / b (c)", "taken": True, "unit": "µs", "before": [9.0, 10.0], "after": [4.0, 5.0]}
    step = {"reads": 1, "writes": 2, "billed": 2, "calls": 2}
    reply = {"text": "prose", "reader": "nps", "microseconds": [100.0 * length for length in range(len(LENGTHS))]}
    return {
        "speed": {**ENGINE, "taken": {name: [[1.0, 1.0], [2.0, 2.0]] for name in programs}},
        "settings": {**ENGINE, "found": [setting]},
        "imports": {"rounds": [{"start": 7.0, "alone": 100.0, "sms": 110.0, "wired": 120.0}] * 3},
        "units": {**ENGINE, "steps": [{"name": "answer 1", **step}, {"name": "answer and closing 2", **step}]},
        "load": asdict(Loaded("MiniStack", "MiniStack stands in.", 2, 13, [LEVEL], RECOVERY)),
        "replies": {"lengths": LENGTHS, "rows": [reply]},
        "messages": messages,
        SOAK: asdict(Soaked("DynamoDB Local", "", 2, 600.0, 3, 9, 3.5, MS, [(0.0, 90.0), (2.0, 91.0)], [])),
    }


def page(shelf: Shelf, found: dict[str, Any], **differs: Part) -> str:
    for name, each in found.items():
        shelf.keep(name, replace(differs.get(name, PART), found=each))
    return write(shelf).read_text()


def test_the_template_has_a_place_for_each_part_and_no_other() -> None:
    places = set(re.findall(r"{{(\w+)}}", TEMPLATE.read_text()))
    assert places == {"machine", "targets", SOAK, *PARTS}


def test_every_part_is_shown_with_its_day_engine_and_raw_figures(shelf: Shelf, messages: Any) -> None:
    text = page(shelf, figures(messages))
    assert "{{" not in text
    for name in (*PARTS, SOAK):
        assert f"[Raw figures](results/{name}.json)" in text
    assert text.count("Made on 2026-11-22 in 60 s") == len(PARTS) + 1
    assert "on MiniStack, load 0.4 before. MiniStack stands in." in text
    for drawn in re.findall(r"\(pictures/(.+?)\)", text):
        ElementTree.parse(shelf.pictures / drawn)  # noqa: S314 our own


def test_the_targets_come_before_everything_else(shelf: Shelf, messages: Any) -> None:
    text = page(shelf, figures(messages))
    assert re.findall("^## (.+)", text, re.MULTILINE)[0] == "Targets"
    assert f"| {Verdict.NOT_MEASURED} |" not in text


def test_the_page_stays_short(shelf: Shelf, messages: Any) -> None:
    found = figures(messages)
    reply = found["replies"]["rows"][0]
    found["replies"]["rows"] = [{**reply, "text": f"text {number}"} for number in range(500)]
    rows = [line for line in page(shelf, found).splitlines() if line.startswith("| text ")]
    assert len(rows) == 10


def test_what_was_never_measured_says_how_and_meets_no_target(shelf: Shelf) -> None:
    text = write(shelf).read_text()
    for name in PARTS:
        assert f'Not measured yet: `make benchmark ARGS="--only {name}"`.' in text
    assert {target.verdict for target in targets({})} == {Verdict.NOT_MEASURED}
    assert "0 of " in text


def test_figures_of_another_machine_are_told_apart(shelf: Shelf, messages: Any) -> None:
    other = replace(PART, machine={**MACHINE, "cores": 64})
    assert "*load:* 64 cores (a processor" in page(shelf, figures(messages), load=other)


def test_a_trial_is_told_and_goes_elsewhere(shelf: Shelf, messages: Any) -> None:
    text = page(shelf, figures(messages), speed=replace(PART, trial=True))
    assert "A trial, too short to mean anything." in text
    assert shelf.page != OURS.page


def test_a_broken_truth_is_a_missed_target(messages: Any) -> None:
    found = figures(messages)
    found["load"]["broken"] = ["3 messages: status 500."]
    (target,) = (one for one in targets(found) if one.measured == "3 messages: status 500.")
    assert target.verdict is Verdict.MISSED


def test_memory_that_climbs_is_not_said_to_be_no_growth(shelf: Shelf, messages: Any) -> None:
    found = figures(messages)
    assert "nothing is seen to stay for good" in page(shelf, found)
    found[SOAK]["memory"] = [(0.0, 90.0), (1.0, 99.0), (2.0, 120.0)]
    text = page(shelf, found)
    assert "something may stay for good" in text
    assert "nothing is seen to stay" not in text


@pytest.mark.parametrize(
    ("low", "high", "verdict"),
    [
        pytest.param(1.1, 1.2, Verdict.MET, id="all of it below"),
        pytest.param(1.1, 1.25, Verdict.MET, id="up to the bound"),
        pytest.param(1.2, 1.3, Verdict.OPEN, id="on both sides"),
        pytest.param(1.26, 1.3, Verdict.MISSED, id="all of it above"),
    ],
)
def test_a_ratio_is_judged_by_its_whole_interval(low: float, high: float, verdict: Verdict) -> None:
    assert within(Ratio((low + high) / 2, low, high), 1.25) is verdict


def test_a_missed_target_is_called_missed_and_counted() -> None:
    missed = Target("CPU", "at most 1.25", "1.30", Verdict.MISSED)
    assert missed.row() == "| CPU | at most 1.25 | 1.30 | **missed** |"
    met, unknown = replace(missed, verdict=Verdict.MET), replace(missed, verdict=Verdict.NOT_MEASURED)
    assert summed_up([met, met, missed, unknown]) == "2 of 4 targets met, 1 missed, 1 not measured."


def test_a_saw_that_climbs_no_higher_is_no_growth_and_one_that_does_is() -> None:
    saw = [(10.0 * at, 100.0 + at % 5) for at in range(21)]
    assert growth(saw) == 0.0
    assert growth([(at, mb + at / 10) for at, mb in saw]) == pytest.approx(10.0)


def test_a_slope_is_told_for_ten_minutes_and_the_first_minute_does_not_count() -> None:
    memory = [(0.0, 50.0), (30.0, 90.0), (60.0, 100.0), (120.0, 101.0), (180.0, 102.0)]
    assert slope_in_ten_minutes(memory) == pytest.approx(10.0)
    assert slope([(0.0, 1.0)]) == 0.0
