"""What text messages cost, for plans and estimates; the carrier's bill is the truth."""

import re
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal

_CENT = Decimal("0.01")


@dataclass(frozen=True, slots=True)
class Prices:
    """Of one segment sent and one message received, in the currency (ISO 4217)."""

    currency: str
    segment_out: Decimal
    segment_in: Decimal

    def cost(self, segments_out: int, messages_in: int = 0) -> Decimal:
        """In the currency, rounded to cents once, half up. A message received is taken to be one segment."""
        whole = self.segment_out * segments_out + self.segment_in * messages_in
        return whole.quantize(_CENT, rounding=ROUND_HALF_UP)


def prices_from(currency: str, *, segment_out: float, segment_in: float) -> Prices:
    """Prices as the organisation's file writes them. Raises ValueError with a sentence for whoever edits the file."""
    if not re.fullmatch(r"[A-Z]{3}", currency):
        raise ValueError(f'the currency is written with three capital letters, "USD", not {currency!r}.')
    return Prices(
        currency=currency,
        segment_out=_price("segment_out", segment_out),
        segment_in=_price("segment_in", segment_in),
    )


def _price(name: str, written: float) -> Decimal:
    price = Decimal(str(written))  # by way of the text, 0.08 stays 0.08
    if not price.is_finite() or price < 0:
        raise ValueError(f"{name} is a price from 0 up, not {written}.")
    return price
