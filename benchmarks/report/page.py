"""docs/benchmarks.md and its pictures, from the raw figures in benchmarks/results/."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

from benchmarks import survey_costs
from benchmarks.figures import Spread, percentile, ratio, spread
from benchmarks.pictures import Series, boxes, lines, pairs
from benchmarks.report import targets
from benchmarks.report.measuring import PARTS, kept
from benchmarks.speed.compare import FEW, SAME, TURNS, TUTORIAL

DOCS = Path(__file__).resolve().parent.parent.parent / "docs"
PAGE, PICTURES = DOCS / "benchmarks.md", DOCS / "pictures"
PREFIX = "benchmarks-"
TEMPLATE = Path(__file__).resolve().parent / "template.md"


def write() -> Path:
    """Raises FileNotFoundError when the main part was never measured."""
    found = {name: kept(name) for name in ("machine", *PARTS, "soak")}
    missing = [name for name, each in found.items() if each is None and name not in ("imports", "soak")]
    if missing:
        raise FileNotFoundError(f"never measured: {', '.join(missing)}; run 'make benchmark'")
    text = TEMPLATE.read_text()
    for name, shown in _figures(found).items():
        text = text.replace(f"{{{{{name}}}}}", shown)
    PAGE.write_text(text)
    return PAGE


def _figures(found: dict[str, Any]) -> dict[str, str]:
    """What stands in the places of the template."""
    return {
        "machine": _machine(found["machine"], found["speed"]),
        "targets": "\n".join(_targets(found)),
        "speed": _speed(found["speed"]),
        "settings": _settings(found["settings"]),
        "imports": _imports(found["imports"]),
        "units": _units(found["units"]),
        "load": _load(found["load"]),
        "soak": _soak(found["soak"]),
        "replies": "\n".join((*found["replies"]["verdict"], "", *found["replies"]["table"])),
        "survey_costs": survey_costs.tables(),
    }


def _machine(found: Any, speed: Any) -> str:
    libraries = ", ".join(f"{name} {number}" for name, number in found["libraries"].items())
    seconds = f"; {found['seconds'] / 60:.1f} minutes" if "seconds" in found else ""
    engine = speed["told"] or f"Engine: {speed['engine']}."
    return (
        f"Measured on {found['day']} on {found['cores']} cores ({found['processor']}, {found['memory_gb']:.0f} GB, "
        f"{found['system']}), load {found['load_before']:.1f} before{seconds}. Python {found['python']}, {libraries}. "
        f"{engine} Java: {found['java']}."
    )


def _targets(found: dict[str, Any]) -> Iterator[str]:
    yield "| What | wanted | measured | |\n| --- | --- | --- | --- |"
    for of, name in (
        (targets.of_speed, "speed"),
        (targets.of_imports, "imports"),
        (targets.of_units, "units"),
        (targets.of_load, "load"),
        (targets.of_soak, "soak"),
    ):
        yield from (target.row() for target in of(found[name]))


def _speed(found: Any) -> str:
    taken = found["taken"]
    names = {**{turn: f"Kuulolla: {turn}" for turn in TURNS}, SAME: SAME, FEW: FEW, TUTORIAL: TUTORIAL}
    spreads = {name: spread([one for each in taken[key] for one in each]) for key, name in names.items()}
    _picture("speed", boxes("CPU of one inbound message, µs", "µs", list(spreads.items())))
    rows = ["| A message | CPU, µs: median (quartiles) | to the floor, same row | to the floor, few attributes |"]
    rows.append("| --- | ---: | ---: | ---: |")
    for key, name in names.items():
        ratios = " | ".join(str(ratio(taken[key], taken[floor])) if key != floor else "1" for floor in (SAME, FEW))
        rows.append(f"| {name} | {_quartiles(spreads[name])} | {ratios} |")
    told = f"{len(taken[SAME])} rounds of {len(taken[SAME][0])} messages each."
    return "\n".join((*rows, "", told, "", _shown("speed", "CPU of one inbound message")))


def _settings(found: Any) -> str:
    rows = ["| Before / after | before | after | saved | set so |", "| --- | ---: | ---: | ---: | --- |"]
    drawn = []
    for one in found["found"]:
        before, after = spread(one["before"]), spread(one["after"])
        saved = 1 - after.median / before.median
        name, _, _ = one["name"].partition(" (")
        drawn.append((name, before.median, after.median, one["unit"]))
        figures = f"{_quartiles(before)} {one['unit']} | {_quartiles(after)} {one['unit']} | {saved:.0%}"
        rows.append(f"| {one['name']} | {figures} | {'yes' if one['taken'] else 'no'} |")
    _picture("settings", pairs("Before (grey) and after (blue)", drawn))
    return "\n".join((*rows, "", _shown("settings", "With and without what libraries do for nothing")))


def _imports(found: Any) -> str:
    if found is None:
        return "Not measured: Lambda's Python is not on this machine."
    rows = "| A fresh process imports | ms of CPU |\n| --- | ---: |\n"
    names = {
        "start": "nothing",
        "alone": "Flask, the validator, PynamoDB",
        "sms": "what `sms` imports",
        "wired": "the same, wired",
    }
    return rows + "\n".join(f"| {name} | {found[key]:.0f} |" for key, name in names.items())


def _units(found: Any) -> str:
    rows = ["| Step | calls | read units | write units, by the engine | write units, as AWS bills |"]
    rows.append("| --- | ---: | ---: | ---: | ---: |")
    total = {"calls": 0, "reads": 0.0, "writes": 0.0, "billed": 0.0}
    for step in found["steps"]:
        rows.append(f"| {step['name']} | {' | '.join(f'{step[key]:g}' for key in total)} |")
        for key in total:
            total[key] += step[key]
    rows.append(f"| **a finished survey** | {' | '.join(f'**{each:g}**' for each in total.values())} |")
    return "\n".join(rows)


def _load(found: Any) -> str:
    rows = ["| At once | people | messages | a second | CPU a message | median | p95 | longest |"]
    rows.append("| ---: | ---: | ---: | ---: | ---: | ---: | ---: | ---: |")
    for level in found["levels"]:
        ms = spread(level["ms"])
        rows.append(
            f"| {level['at_once']} | {level['people']:,} | {level['messages']:,} "
            f"| {level['messages'] / level['seconds']:.0f} | {level['cpu_ms']:.2f} ms | {ms.median:.1f} ms "
            f"| {ms.p95:.1f} ms | {max(level['ms']):.0f} ms |"
        )
    drawn = [(f"{level['at_once']} at once", spread(level["ms"])) for level in found["levels"]]
    _picture("load", boxes("Milliseconds until an answer is there", "ms", drawn))
    return "\n".join((*rows, "", *_burst(found), "", _shown("load", "Milliseconds until an answer is there")))


def _burst(found: Any) -> Iterator[str]:
    burst = found["recovery"]
    stream = [tuple(point) for point in burst["stream"]]
    crowd = [tuple(point) for point in burst["burst"]]
    chart = [Series("stream", stream), Series("burst", crowd)]
    _picture("burst", lines("A burst upon a calm stream", "seconds since the burst began", "ms", chart, dots=True))
    seconds = "never" if burst["seconds"] is None else f"{burst['seconds']:.1f} s after its last answer"
    yield f"The burst: {len(crowd)} first answers at once, answered within {burst['burst_seconds']:.1f} s. The calm"
    yield f"stream ({burst['calm_ms']:.1f} ms) was answered as before {seconds}."
    yield ""
    yield _shown("burst", "A burst upon a calm stream")
    yield ""
    broken = " ".join(found["broken"]) or "none."
    yield f"{found['workers']} workers, seed {found['seed']}. Truths that do not hold: {broken}"


def _soak(found: Any) -> str:
    if found is None:
        return "Not run yet: `python -m benchmarks.report --soak 600`."
    memory = [tuple(point) for point in found["memory"]]
    _picture("soak", lines("Memory of all workers", "seconds", "MB", [Series("resident", memory)]))
    tenth = max(1, len(found["ms"]) // 10)
    first_peak, second_peak = targets.peaks(memory)
    first, last = spread(found["ms"][:tenth]), spread(found["ms"][-tenth:])
    rows = [
        "| Figure | |\n| --- | ---: |",
        f"| ran for | {found['seconds']:.0f} s, on {found['machine']['day']} |",
        f"| people, messages | {found['people']:,}, {found['messages']:,} |",
        f"| CPU a message | {found['cpu_ms']:.2f} ms |",
        f"| memory, first and last | {memory[0][1]:.1f} MB, {memory[-1][1]:.1f} MB |",
        f"| memory, peak of the first half and of the second | {first_peak:.1f} MB, {second_peak:.1f} MB |",
        f"| memory, slope after the first minute | {targets.slope_in_ten_minutes(memory):+.2f} MB in ten minutes |",
        f"| an answer, first and last tenth: median (p95) | {first.median:.1f} ({first.p95:.1f}) ms, "
        f"{last.median:.1f} ({last.p95:.1f}) ms |",
        f"| longest | {percentile(found['ms'], 100):.0f} ms |",
        f"| truths that do not hold | {' '.join(found['broken']) or 'none'} |",
    ]
    return "\n".join((*rows, "", _shown("soak", "Memory of all workers over the soak")))


def _quartiles(found: Spread) -> str:
    return f"{found.median:,.0f} ({found.low:,.0f}-{found.high:,.0f})"


def _picture(name: str, svg: str) -> None:
    PICTURES.mkdir(exist_ok=True)
    (PICTURES / f"{PREFIX}{name}.svg").write_text(svg)


def _shown(name: str, words: str) -> str:
    return f"![{words}](pictures/{PREFIX}{name}.svg)"
