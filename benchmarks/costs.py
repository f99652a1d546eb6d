"""`python -m benchmarks.costs`: what a month costs, idle and with 100, 1,000 and 100,000 finished surveys.

Prices stand in prices.toml, what a survey takes in usage.toml (measured by tests/test_costs.py). `--write` puts the
tables into docs/costs.md; `--finished 166667` prints a month with so many. Free allowances are left out: they end, or
are spent by something else in the account.
"""

import argparse
from collections.abc import Iterator, Sequence

from benchmarks.cost_inputs import HERE, Inputs, read_inputs
from benchmarks.month_costs import CARRIERS, Month, lines

PAGE = HERE.parent / "docs" / "costs.md"
BEGIN, END = "<!-- python -m benchmarks.costs: begin -->", "<!-- python -m benchmarks.costs: end -->"
VOLUMES = (0, 100, 1_000, 100_000)
_TAKEN = {
    "segments_out": "Segments sent",
    "messages_in": "Messages received",
    "webhooks": "Requests by Twilio",
    "write_units": "DynamoDB, write request units",
    "read_units": "DynamoDB, read request units",
    "kms_requests": "KMS requests",
    "queue_items": "Items of the queue",
    "metric_lines": "Lines of metrics in the log",
    "kept_bytes": "Bytes kept",
}


def tables(inputs: Inputs) -> str:
    """The tables of docs/costs.md."""
    parts = (cost_rows(inputs, VOLUMES), _taken(inputs), _prices(inputs))
    return "\n\n".join("\n".join(rows) for rows in parts)


def cost_rows(inputs: Inputs, volumes: Sequence[int]) -> Iterator[str]:
    rate = inputs.planning["finish_rate"]
    months = [Month(inputs, volume, rate) for volume in volumes]
    billed = [lines(month) for month in months]
    yield _row("US dollars a month", *(f"{volume:,} finished" if volume else "idle" for volume in volumes))
    yield _row("---", *("---:" for _ in volumes))
    for name in billed[0]:
        yield _row(name, *(f"{each[name]:,.2f}" for each in billed))
    aws = [sum(usd for name, usd in each.items() if name not in CARRIERS) for each in billed]
    yield _row("**AWS together**", *(f"**{each:,.2f}**" for each in aws))
    yield _row("**All together**", *(f"**{sum(each.values()):,.2f}**" for each in billed))
    yield _row("A finished survey", *_each(months))
    low = inputs.planning["low_finish_rate"]
    yield _row(f"A finished survey, if {low:.0%} finish", *_each([Month(inputs, volume, low) for volume in volumes]))
    yield _row("AWS's part", *(f"{part / sum(each.values()):.1%}" for part, each in zip(aws, billed, strict=True)))


def _each(months: list[Month]) -> Iterator[str]:
    for month in months:
        yield f"{sum(lines(month).values()) / month.finished:,.2f}" if month.finished else "-"


def _taken(inputs: Inputs) -> Iterator[str]:
    yield _row("A conversation takes", "finished", "never answered")
    yield _row("---", "---:", "---:")
    for name, what in _TAKEN.items():
        yield _row(what, *(f"{inputs.journeys[journey][name]:g}" for journey in ("finished", "silent")))


def _prices(inputs: Inputs) -> Iterator[str]:
    yield _row("Price", "US dollars", "for", "source", "seen", "verified")
    yield _row("---", "---:", "---:", "---", "---", "---")
    for price in inputs.prices.values():
        usd = f"{price.usd:.10f}".rstrip("0").rstrip(".")
        verified = "yes" if price.verified else "**no**"
        yield _row(price.what, usd, f"{price.per:,}", price.source, price.seen.isoformat(), verified)


def _row(*cells: str) -> str:
    return f"| {' | '.join(cells)} |"


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--write", action="store_true", help="put the tables into docs/costs.md")
    parser.add_argument("--finished", type=int, action="append", help="a month with so many finished surveys")
    asked, inputs = parser.parse_args(), read_inputs()
    if asked.write:
        before, _, rest = PAGE.read_text().partition(BEGIN)
        PAGE.write_text(f"{before}{BEGIN}\n\n{tables(inputs)}\n\n{END}{rest.partition(END)[2]}")
    elif asked.finished:
        print("\n".join(cost_rows(inputs, asked.finished)))
    else:
        print(tables(inputs))


if __name__ == "__main__":
    main()
