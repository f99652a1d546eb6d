from decimal import Decimal

import pytest

from survey_flow.price import Prices, prices_from

PLANNED = prices_from("USD", segment_out=0.08, segment_in=0.0075)

# What the case shows: (segments out, messages in, cost)
COSTS = {
    "nothing": (0, 0, "0.00"),
    "one segment": (1, 0, "0.08"),
    "a whole survey": (7, 6, "0.61"),  # 0.605
    "half a cent goes up": (0, 2, "0.02"),  # 0.015
    "under half a cent goes down": (1, 1, "0.09"),  # 0.0875
    "a quarter of a cent under half": (0, 3, "0.02"),  # 0.0225
    "rounded once, not message by message": (0, 1000, "7.50"),
    "a county in a year": (1_000_000, 500_000, "83750.00"),
}


@pytest.mark.parametrize(("out", "received", "cost"), COSTS.values(), ids=COSTS.keys())
def test_the_cost_is_in_cents_half_a_cent_up(out: int, received: int, cost: str) -> None:
    found = PLANNED.cost(out, received)
    assert found == Decimal(cost)
    assert str(found) == cost


def test_messages_received_may_be_left_out() -> None:
    assert PLANNED.cost(100) == Decimal("8.00")


def test_a_price_has_no_binary_rest() -> None:
    assert Prices("USD", segment_out=Decimal("0.08"), segment_in=Decimal("0.0075")) == PLANNED
    assert str(PLANNED.segment_out) == "0.08"
    assert prices_from("EUR", segment_out=1, segment_in=1e-7).segment_in == Decimal("0.0000001")


def test_a_message_may_be_free() -> None:
    assert prices_from("EUR", segment_out=0.05, segment_in=0).cost(2, 100) == Decimal("0.10")


@pytest.mark.parametrize("price", [-0.01, float("inf"), float("nan")], ids=["under nothing", "without end", "none"])
def test_a_price_is_a_number_from_0_up(price: float) -> None:
    with pytest.raises(ValueError, match="segment_in is a price from 0 up"):
        prices_from("EUR", segment_out=0.05, segment_in=price)


@pytest.mark.parametrize("currency", ["", "usd", "$", "EURO", "EUR "])
def test_a_currency_has_three_capital_letters(currency: str) -> None:
    with pytest.raises(ValueError, match="the currency is written with three capital letters"):
        prices_from(currency, segment_out=0.05, segment_in=0.01)
