"""CPU of an answer, of what the libraries do for nothing, and of a cold start's imports."""

from typing import Any

from benchmarks.figures import Ratio, ratio, ratio_of_lower_quartiles, spread
from benchmarks.pictures import boxes, pairs
from benchmarks.report.words import Shown, file_of, picture, quartiles, table
from benchmarks.speed.compare import FEW, SAME, TURNS, TUTORIAL
from infra.packaging.import_time import lower_quartile

_IMPORTS = {
    "start": "nothing",
    "alone": "Flask, the validator, PynamoDB",
    "sms": "what `sms` imports",
    "wired": "the same, wired",
}


def speed(found: Any) -> Shown:
    taken = found["taken"]
    names = {**{turn: f"Kuulolla: {turn}" for turn in TURNS}, SAME: SAME, FEW: FEW, TUTORIAL: TUTORIAL}
    spreads = {name: spread([one for each in taken[key] for one in each]) for key, name in names.items()}
    rows = []
    for key, name in names.items():
        ratios = [ratio(taken[key], taken[floor]) if key != floor else "1" for floor in (SAME, FEW)]
        rows.append((name, quartiles(spreads[name]), *ratios))
    head = ("A message", "CPU, µs: median (quartiles)", "to the floor, same row", "to the floor, few attributes")
    told = f"{len(taken[SAME])} rounds of {len(taken[SAME][0])} messages each."
    drawn = boxes("CPU of one inbound message, µs", "µs", list(spreads.items()))
    parts = (table(head, rows), told, picture("speed", "CPU of one inbound message"))
    return Shown("\n\n".join(parts), {file_of("speed"): drawn})


def settings(found: Any) -> Shown:
    rows, drawn = [], []
    for one in found["found"]:
        before, after, unit = spread(one["before"]), spread(one["after"]), one["unit"]
        told = [f"{quartiles(each)} {unit}" for each in (before, after)]
        rows.append((one["name"], *told, _saved(one), "yes" if one["taken"] else "no"))
        drawn.append((one["name"].partition(" (")[0], before.median, after.median, unit))
    svg = pairs("Before (grey) and after (blue)", drawn)
    text = table(("Before / after", "before", "after", "saved", "set so"), rows)
    shown = picture("settings", "With and without what libraries do for nothing")
    return Shown(f"{text}\n\n{shown}", {file_of("settings"): svg})


def _saved(one: Any) -> str:
    """Nothing where the interval holds it."""
    left = ratio(*([[each] for each in one[side]] for side in ("after", "before")))
    if left.low <= 1 <= left.high:
        return "none to be told"
    return f"{1 - left.value:.0%} ({1 - left.high:.0%} to {1 - left.low:.0%})"


def imports(found: Any) -> Shown:
    rounds = found["rounds"]
    if not rounds:
        return Shown("Not measured: Lambda's Python is not on this machine, or no package runs on it.")
    by = {name: [each[name] for each in rounds] for name in _IMPORTS}
    rows = [(told, f"{lower_quartile(by[name]):.0f}", _to_alone(name, by)) for name, told in _IMPORTS.items()]
    head = ("A fresh process imports", "ms of CPU", "to the second row")
    return Shown(f"{table(head, rows)}\n\n{len(rounds)} rounds.")


def _to_alone(name: str, by: dict[str, list[float]]) -> Ratio | str:
    return "1" if name == "alone" else ratio_of_lower_quartiles(by[name], by["alone"])
