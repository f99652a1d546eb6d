"""What surveys cost in text messages, as Markdown: ours, those that others have published, and a plain word on both."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace

from benchmarks.cost_inputs import read_inputs
from benchmarks.markdown import line
from benchmarks.played_surveys import YOUTH
from benchmarks.published_surveys import EIGHT
from benchmarks.survey_costs import PublishedRow, Row, published_rows, rows
from survey_flow.language import Language
from survey_flow.library import Library


def tables(library: Library | None = None) -> str:
    """Both tables as Markdown, with what they do not show."""
    inputs = read_inputs()
    own, others = rows(library, inputs), published_rows(inputs)
    parts = (own_table(own), published_table(own, others), [said_plainly(own, others)], what_they_do_not_show(others))
    return "\n\n".join("\n".join(part) for part in parts)


def own_table(found: Iterable[Row]) -> Iterator[str]:
    """Languages, and ways of answering, that take as much stand in one line."""
    yield "| Survey | asked | questions | answers | languages | segments out | replies in | segments in | US dollars |"
    yield "| --- | --- | ---: | --- | --- | ---: | ---: | ---: | ---: |"
    alike: dict[Row, list[Row]] = {}
    for row in found:
        alike.setdefault(replace(row, language="", answers=""), []).append(row)
    for row, them in alike.items():
        languages, answers = (", ".join(dict.fromkeys(each)) for each in zip(*map(_told_apart, them), strict=True))
        counts = (row.segments_out, row.replies_in, row.segments_in, f"{row.usd:.3f}")
        yield line(row.survey, row.way, row.questions, answers, languages, *counts)


def _told_apart(row: Row) -> tuple[str, str]:
    return row.language, row.answers


def published_table(found: Iterable[Row], others: Iterable[PublishedRow]) -> Iterator[str]:
    yield "| Survey | questions | segments out | replies in | for eight: segments out | replies in | US dollars |"
    yield "| --- | ---: | ---: | ---: | ---: | ---: | ---: |"
    for row in others:
        published = (row.questions, row.segments_out, row.replies_in)
        yield line(row.name, *published, row.segments_for_eight, row.replies_for_eight, f"{row.usd_for_eight:.3f}")
    for row in found:
        if _is_youth(row):
            eight = row.questions == EIGHT
            counted = (row.segments_out, row.replies_in)
            of_eight = (*counted, f"{row.usd:.3f}") if eight else ("-", "-", "-")
            yield line(f"Kuulolla, the youth survey, {row.way}", row.questions, *counted, *of_eight)


def what_they_do_not_show(others: Iterable[PublishedRow]) -> Iterator[str]:
    prices = read_inputs().prices
    out, received = prices["sms_out"], prices["sms_in"]
    yield f"Planning prices: {out.usd} US dollars a segment sent, {received.usd} a segment received; not verified."
    yield "The published surveys ask other questions than ours. What they send for their own is counted from the files"
    yield "named below; for eight it is reckoned: their opening and closing, and eight questions of their mean length."
    yield ""
    yield from (f"- {row.name}: {row.source}" for row in others)


def said_plainly(found: Iterable[Row], others: Sequence[PublishedRow]) -> str:
    """How ours stands beside the others: where it saves, and where it does not."""
    eight = {row.way: row.segments_out for row in found if _is_youth(row) and row.questions == EIGHT}
    together, one_by_one = (eight[f"{way}, all asked"] for way in ("grouped", "one a message"))
    own, reckoned = (_range(getattr(row, name) for row in others) for name in ("segments_out", "segments_for_eight"))
    alike = [row.name.partition(",")[0] for row in others if row.segments_for_eight == one_by_one]
    fewer = [row.name.partition(",")[0] for row in others if row.segments_for_eight < one_by_one]
    return " ".join(
        (
            f"For their own {_range(row.questions for row in others)} questions the others send {own} segments;",
            f"for eight, {reckoned} is reckoned. Asked one by one, ours sends {one_by_one} for eight.",
            f"As many: {', '.join(alike) or 'none of them'}. Fewer: {', '.join(fewer) or 'none of them'}.",
            f"What saves messages is asking several things in one ({together} segments for the same eight questions),",
            "and not asking what the invitation tells.",
        )
    )


def _range(numbers: Iterable[int]) -> str:
    found = sorted(numbers)
    return f"{found[0]} to {found[-1]}"


def _is_youth(row: Row) -> bool:
    return (row.survey, row.language, row.answers) == (YOUTH, Language.FI.value, "barest")
