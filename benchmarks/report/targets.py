"""The targets of each part, from its raw figures."""

from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Any

from benchmarks import read_reply
from benchmarks.cost_inputs import read_inputs
from benchmarks.figures import ratio, ratio_of_lower_quartiles
from benchmarks.played_surveys import AS_SHIPPED, YOUTH
from benchmarks.report.memory import MOST_GROWTH_MB, growth
from benchmarks.report.verdict import Target, Verdict, met_if, unmeasured, within
from benchmarks.speed.compare import FEW, SAME, TURNS
from infra.packaging.bounds import MOST_IMPORT_RATIO

MOST_CPU = 1.25
MOST_MINUTES = 10
CALLS_AN_ANSWER, READS_AN_ANSWER, WRITES_AN_ANSWER = 2, 1, 2
# Of the write units that docs/costs.md reckons with for a finished survey, the one of a round of the schedule.
OF_A_ROUND = 1
# From a burst's begin. 256 messages take two quiet cores a sixth to a third of it.
MOST_RECOVERY_SECONDS = 3.0
ANSWERS = tuple(TURNS)[:-1]
# The youth survey: how it is asked, and how many segments sent and replies received it may take at most.
MOST_MESSAGES = {
    (AS_SHIPPED, "six questions, the statements together"): (5, 3),
    ("one a message, all asked", "all eight questions, one a message"): (9, 8),
}
ANSWERED_AT_ONCE = ("barest", "usual")


def targets(found: Mapping[str, Any]) -> Iterator[Target]:
    """Of every part that was measured; of the others that they were not."""
    for name, of in _OF.items():
        yield from of(found.get(name))


def of_speed(found: Any) -> Iterator[Target]:
    for floor in (SAME, FEW):
        for turn in ANSWERS:
            name, wanted = f"CPU of an answer ({turn}), to the {floor}", f"at most {MOST_CPU}"
            if found is None:
                yield unmeasured(name, wanted)
            else:
                to_floor = ratio(found["taken"][turn], found["taken"][floor])
                yield Target(name, wanted, str(to_floor), within(to_floor, MOST_CPU))


def of_imports(found: Any) -> Iterator[Target]:
    name, wanted = "Cold import of `sms`, to Flask, validator and PynamoDB alone", f"at most {MOST_IMPORT_RATIO}"
    if found is None or not found["rounds"]:
        yield unmeasured(name, wanted)
    else:
        sms, alone = ([each[name] for each in found["rounds"]] for name in ("sms", "alone"))
        to_floor = ratio_of_lower_quartiles(sms, alone)
        yield Target(name, wanted, str(to_floor), within(to_floor, MOST_IMPORT_RATIO))


def of_replies(found: Any) -> Iterator[Target]:
    most = read_reply.MOST_MICROSECONDS / 1000
    longest = f"{read_reply.LONGEST:,} characters"
    name, wanted = f"CPU of reading a reply of {longest}, the slowest", f"under {most:g} ms"
    other, none = "Replies whose time grows faster than their length", "none"
    if found is None:
        yield from (unmeasured(name, wanted), unmeasured(other, none))
        return
    rows = read_reply.rows_of(found)
    slowest = max(row.longest for row in rows) / 1000
    yield Target(name, wanted, f"{slowest:.2f} ms", met_if(slowest < most))
    faster = sum(1 for row in rows if row.grows_faster)
    yield Target(other, none, str(faster or none), met_if(not faster))


def of_units(found: Any) -> Iterator[Target]:
    usage = read_inputs().journeys["finished"]
    reads, writes = usage["read_units"], usage["write_units"] - OF_A_ROUND
    calls, units = "DynamoDB calls of an answer", "Request units of an answer that closes nothing"
    whole, most = "Request units of a finished survey", f"at most {_units(reads, writes)}"
    each = f"at most {_units(READS_AN_ANSWER, WRITES_AN_ANSWER)}"
    if found is None:
        yield from (unmeasured(calls, str(CALLS_AN_ANSWER)), unmeasured(units, each), unmeasured(whole, most))
        return
    answers = [step for step in found["steps"] if step["name"].startswith("answer ")]
    made = max(step["calls"] for step in answers)
    yield Target(calls, str(CALLS_AN_ANSWER), str(made), met_if(made == CALLS_AN_ANSWER))
    before_the_last = [step for step in answers if "closing" not in step["name"]]
    read, written = (max(step[key] for step in before_the_last) for key in ("reads", "billed"))
    few = read <= READS_AN_ANSWER and written <= WRITES_AN_ANSWER
    yield Target(units, each, _units(read, written), met_if(few))
    read, written = (sum(step[key] for step in found["steps"]) for key in ("reads", "billed"))
    yield Target(whole, most, _units(read, written), met_if(read <= reads and written <= writes))


def _units(reads: float, writes: float) -> str:
    return f"{reads:g} read, {writes:g} written"


def of_load(found: Any) -> Iterator[Target]:
    lost, recovered = "Lost, doubled or miscounted after load and burst", "Answered as before, from a burst's begin"
    wanted = f"within {MOST_RECOVERY_SECONDS:g} s"
    if found is None:
        yield from (unmeasured(lost, "nothing"), unmeasured(recovered, wanted))
        return
    yield Target(lost, "nothing", " ".join(found["broken"]) or "nothing", met_if(not found["broken"]))
    seconds, worst = found["recovery"]["seconds"], f"{found['recovery']['worst_ms']:.0f} ms at worst"
    soon = seconds is not None and seconds <= MOST_RECOVERY_SECONDS
    told = "never" if seconds is None else f"{seconds:.1f} s"
    yield Target(recovered, wanted, f"{told}; {worst}", met_if(soon))


def of_soak(found: Any) -> Iterator[Target]:
    lost, name = "Lost, doubled or miscounted after a soak", "Memory over a soak"
    wanted = f"its peak under {MOST_GROWTH_MB:g} MB higher in the second half"
    if found is None:
        yield from (unmeasured(lost, "nothing"), unmeasured(name, wanted))
    else:
        yield Target(lost, "nothing", " ".join(found["broken"]) or "nothing", met_if(not found["broken"]))
        grown = growth(found["memory"])
        yield Target(name, wanted, f"{grown:+.2f} MB", met_if(grown < MOST_GROWTH_MB))


def of_messages(found: Any) -> Iterator[Target]:
    for (way, told), (out, received) in MOST_MESSAGES.items():
        name, wanted = f"Messages of the youth survey: {told}", f"at most {_messages(out, received)}"
        if found is None:
            yield unmeasured(name, wanted)
        else:
            rows = [row for row in found["rows"] if (row["survey"], row["way"]) == (YOUTH, way)]
            rows = [row for row in rows if row["answers"] in ANSWERED_AT_ONCE]
            sent, heard = (max(row[key] for row in rows) for key in ("segments_out", "replies_in"))
            yield Target(name, wanted, _messages(sent, heard), met_if(sent <= out and heard <= received))


def _messages(out: int, received: int) -> str:
    return f"{out} segments sent, {received} replies"


def of_itself(seconds: float | None) -> Target:
    """How long the benchmark took, the soak left out; None when a part was never measured."""
    name, wanted = "This benchmark itself, without the soak", f"under {MOST_MINUTES} minutes"
    if seconds is None:
        return unmeasured(name, wanted)
    return Target(name, wanted, f"{seconds / 60:.1f} minutes", met_if(seconds < 60 * MOST_MINUTES))


def summed_up(all_targets: Sequence[Target]) -> str:
    """In a sentence."""
    count = Counter(one.verdict for one in all_targets)
    told = [f"{count[Verdict.MET]} of {len(all_targets)} targets met", f"{count[Verdict.MISSED] or 'none'} missed"]
    for verdict, words in ((Verdict.OPEN, "too close to tell"), (Verdict.NOT_MEASURED, "not measured")):
        told += [f"{count[verdict]} {words}"] if count[verdict] else []
    return f"{', '.join(told)}."


_OF: Mapping[str, Callable[[Any], Iterator[Target]]] = {
    "speed": of_speed,
    "imports": of_imports,
    "replies": of_replies,
    "units": of_units,
    "messages": of_messages,
    "load": of_load,
    "soak": of_soak,
}
