import pytest

from survey_flow.phone import PhoneNumber
from survey_flow.written_number import written

WRITTEN = {
    "a mobile number": ("+358451234567", "045 123 4567"),
    "a long mobile number": ("+3584573960000", "045 7396 0000"),
    "a short mobile number": ("+35850123456", "050 123 456"),
    "a landline": ("+35894114111", "09 411 4111"),
    "a Swedish number": ("+46701234567", "+46 70 123 45 67"),
    "a country that is none": ("+99912345678", "+99912345678"),
}


@pytest.mark.parametrize(("number", "said"), WRITTEN.values(), ids=WRITTEN)
def test_a_number_is_written_as_finns_write_it(number: str, said: str) -> None:
    assert written(PhoneNumber(number)) == said
