"""How many answers a day one number gets to what is heard in every state: STOP, START, a wrong number, KOE.

Each is heard every time; what ends is the answering.

A machine that answers every text, or somebody who is paid for each text that reaches their number, goes on for ever.
"""

from handler.tables import limits
from handler.work.ceiling import next_day
from handler.work.parts import Parts
from survey_flow.phone import PhoneNumber, is_listed, is_service

# Nobody says STOP and START to us so often in a day.
MOST = 20


def is_answered(parts: Parts, number: PhoneNumber, *, calls_for_help: bool) -> bool:
    """A call for help is answered every time, in the countries where people have our number. A service's number, which
    nobody's own phone has, is never answered."""
    if is_service(number):
        return False
    if calls_for_help and is_listed(number, parts.library.organisation.calling_codes):
        return True
    what = f"answers#{parts.phone_keys.all(number)[0]}#{parts.today().isoformat()}"
    return limits.take(what, most=MOST, until=next_day(parts.clock()))
