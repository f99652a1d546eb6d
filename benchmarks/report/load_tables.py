"""The load, the burst and the soak."""

from typing import Any

from benchmarks.figures import percentile, spread
from benchmarks.pictures import Series, boxes, lines
from benchmarks.report.memory import MOST_GROWTH_MB, growth, peaks, slope_in_ten_minutes
from benchmarks.report.words import Shown, file_of, picture, table

_PROGRAMS = ("app", "engine", "generator")


def load(found: Any) -> Shown:
    levels = found["levels"]
    drawn = [(f"{level['at_once']} at once", spread(level["ms"])) for level in levels]
    pictures = {
        file_of("load"): boxes("Milliseconds until an answer is there", "ms", drawn),
        file_of("burst"): _burst_drawn(found["recovery"]),
    }
    broken = " ".join(found["broken"]) or "none."
    parts = (
        _waits(levels),
        picture("load", "Milliseconds until an answer is there"),
        f"Where the cores went ({found['workers']} workers, seed {found['seed']}):",
        _cores(levels),
        _burst(found["recovery"]),
        picture("burst", "A burst upon a calm stream"),
        f"Truths that do not hold: {broken}",
    )
    return Shown("\n\n".join(parts), pictures)


def _waits(levels: Any) -> str:
    rows = []
    for level in levels:
        ms, cpu = spread(level["ms"]), 1000 * level["cpu"]["app"] / level["messages"]
        counts = (level["at_once"], f"{level['people']:,}", f"{level['messages']:,}")
        waits = (f"{ms.median:.1f} ms", f"{ms.p95:.1f} ms", f"{max(level['ms']):.0f} ms")
        rows.append((*counts, f"{level['messages'] / level['seconds']:.0f}", f"{cpu:.2f} ms", *waits))
    head = ("At once", "people", "messages", "a second", "the app's CPU a message", "median", "p95", "longest")
    return table(head, rows)


def _cores(levels: Any) -> str:
    """How many cores each program kept busy, and how many all the others on the machine, its host included."""
    rows = []
    for level in levels:
        cpu, seconds = level["cpu"], level["seconds"]
        others = cpu["machine"] - sum(cpu[name] for name in _PROGRAMS)
        cores = [f"{each / seconds:.2f}" for each in (*(cpu[name] for name in _PROGRAMS), max(0.0, others))]
        rows.append((level["at_once"], *cores))
    return table(("At once", *_PROGRAMS, "all others on the machine"), rows)


def _burst(burst: Any) -> str:
    seconds = "never" if burst["seconds"] is None else f"{burst['seconds']:.1f} s after the burst began"
    return (
        f"The burst: {len(burst['burst'])} first answers at once, the last of them answered after "
        f"{burst['burst_seconds']:.1f} s. Somebody in the calm stream waited {burst['calm_ms']:.1f} ms before it, "
        f"{burst['worst_ms']:.0f} ms at worst, and was answered as before again {seconds}."
    )


def _burst_drawn(burst: Any) -> str:
    chart = [Series(name, [tuple(point) for point in burst[name]]) for name in ("stream", "burst")]
    return lines("A burst upon a calm stream", "seconds since the burst began", "ms", chart, dots=True)


def soak(found: Any) -> Shown:
    memory = [tuple(point) for point in found["memory"]]
    tenth = max(2, len(found["ms"]) // 10)
    first_peak, second_peak = peaks(memory)
    first, last = spread(found["ms"][:tenth]), spread(found["ms"][-tenth:])
    rows = (
        ("ran for", f"{found['seconds']:.0f} s"),
        ("people, messages", f"{found['people']:,}, {found['messages']:,}"),
        ("CPU a message", f"{found['cpu_ms']:.2f} ms"),
        ("memory, first and last", f"{memory[0][1]:.1f} MB, {memory[-1][1]:.1f} MB"),
        ("memory, peak of the first half and of the second", f"{first_peak:.1f} MB, {second_peak:.1f} MB"),
        ("memory, slope after the first minute", f"{slope_in_ten_minutes(memory):+.2f} MB in ten minutes"),
        ("an answer, first tenth: median, p95", f"{first.median:.1f} ms, {first.p95:.1f} ms"),
        ("an answer, last tenth: median, p95", f"{last.median:.1f} ms, {last.p95:.1f} ms"),
        ("longest", f"{percentile(found['ms'], 100):.0f} ms"),
        ("truths that do not hold", " ".join(found["broken"]) or "none"),
    )
    parts = (table(("Figure", ""), rows), _what_stays(memory), picture("soak", "Memory of all workers over the soak"))
    drawn = lines("Memory of all workers", "seconds", "MB", [Series("resident", memory)])
    return Shown("\n\n".join(parts), {file_of("soak"): drawn})


def _what_stays(memory: list[tuple[float, float]]) -> str:
    grown = growth(memory)
    if grown < MOST_GROWTH_MB:
        return f"The second half's peak is {grown:+.2f} MB from the first's: nothing is seen to stay for good."
    return f"**The second half's peak is {grown:+.2f} MB higher: something may stay for good.**"
