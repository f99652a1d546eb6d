"""Request units of a finished survey, the slowest replies, and text messages."""

from typing import Any

from benchmarks import read_reply
from benchmarks.played_surveys import AS_SHIPPED, YOUTH
from benchmarks.report.targets import ANSWERED_AT_ONCE
from benchmarks.report.words import Shown, table
from benchmarks.survey_costs import PublishedRow, Row
from benchmarks.survey_tables import own_table, published_table, said_plainly, what_they_do_not_show

SLOWEST = 10


def units(found: Any) -> Shown:
    columns = ("calls", "reads", "writes", "billed")
    rows = [(step["name"], *(f"{step[key]:g}" for key in columns)) for step in found["steps"]]
    total = [f"**{sum(step[key] for step in found['steps']):g}**" for key in columns]
    head = ("Step", "calls", "read units", "write units, by the engine", "write units, as AWS bills")
    return Shown(table(head, [*rows, ("**a finished survey**", *total)]))


def replies(found: Any) -> Shown:
    rows = read_reply.rows_of(found)
    told = "\n".join(read_reply.table(read_reply.slowest_texts(rows, SLOWEST)))
    texts, readers = (len({getattr(row, name) for row in rows}) for name in ("text", "reader"))
    tried = f"{texts} texts, each read in {readers} ways; the {SLOWEST} slowest, each as it is read the slowest:"
    return Shown("\n\n".join((tried, told, "\n".join(f"- {line}" for line in read_reply.verdict(rows)))))


def messages(found: Any) -> Shown:
    rows, others = [Row(**row) for row in found["rows"]], [PublishedRow(**row) for row in found["published"]]
    ours = [row for row in rows if row.survey == YOUTH or row.way == AS_SHIPPED]
    ours = [row for row in ours if row.answers in ANSWERED_AT_ONCE]
    parts = (
        "\n".join(own_table(ours)),
        said_plainly(rows, others),
        "\n".join(published_table(rows, others)),
        "\n".join(what_they_do_not_show(others)),
    )
    return Shown("\n\n".join(parts))
