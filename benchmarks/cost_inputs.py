"""What the costs of a month are reckoned from: prices.toml and usage.toml."""

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from pathlib import Path

HERE = Path(__file__).resolve().parent


@dataclass(frozen=True, slots=True)
class Price:
    """`usd` for `per` units. `seen` is the day on which somebody looked; `regional` differs between AWS's Regions."""

    what: str
    usd: float
    per: int
    source: str
    seen: date
    verified: bool
    regional: bool


@dataclass(frozen=True, slots=True)
class Inputs:
    prices: Mapping[str, Price]
    region_margin: float
    journeys: Mapping[str, Mapping[str, float]]
    round: Mapping[str, float]
    cells: Mapping[str, int]
    memory_mb: Mapping[str, int]
    planning: Mapping[str, float]

    def cost(self, name: str, amount: float) -> float:
        """In dollars, with the margin for the Region where the price is AWS's."""
        price = self.prices[name]
        return amount * price.usd / price.per * (self.region_margin if price.regional else 1)


def read_inputs() -> Inputs:
    prices, usage = (tomllib.loads((HERE / name).read_text()) for name in ("prices.toml", "usage.toml"))
    return Inputs(
        prices={name: Price(**price) for name, price in prices["prices"].items()},
        region_margin=prices["region_margin"],
        **usage,
    )
