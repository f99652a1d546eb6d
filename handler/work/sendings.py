"""What was sent, and what it took: nothing of answers, so that the sums are never hidden."""

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal

from handler.tables import counts
from handler.tables.responses import Place
from handler.work.parts import Parts
from handler.work.results import GroupResults
from survey_flow.organisation import Unit
from survey_flow.publication import Columns, added, month_after, month_of


@dataclass(frozen=True, slots=True)
class Asked:
    """How many surveys left, all groups together: nothing of answers, so it is never hidden."""

    this_month: int
    last_month: int


def asked(parts: Parts, unit: Unit) -> Asked:
    this_month = month_of(parts.today())
    sent = sending_columns_by_month(parts, unit, (this_month, month_after(this_month, -1)))
    this, last = (columns.get("invited", 0) for columns in sent.values())
    return Asked(this, last)


def sending_columns_by_month(parts: Parts, unit: Unit, months: Sequence[str]) -> dict[str, Columns]:
    """What was sent in each month and what was blocked, all groups together."""
    groups = unit.asks(parts.library.surveys)
    books = counts.books(Place(unit.id, survey, group, month) for group, survey in groups for month in months)
    return {
        month: {
            name: number
            for name, number in added(book.get(month, {}) for book in books.values()).items()
            if name in ("invited", "delivered", "undelivered") or name.startswith("blocked_")
        }
        for month in months
    }


@dataclass(frozen=True, slots=True)
class Cost:
    """What the shown groups' conversations took, and an estimate of its price; the carrier's bill is the truth."""

    segments_out: int
    messages_in: int
    amount: Decimal
    currency: str


def cost_of(parts: Parts, groups: Sequence[GroupResults]) -> Cost | None:
    """None when nothing was sent, or the organisation names no prices."""
    prices = parts.library.organisation.prices
    out = sum(group.figures.segments_out for group in groups)
    received = sum(group.figures.messages_in for group in groups)
    return Cost(out, received, prices.cost(out, received), prices.currency) if prices and out else None
