"""How often a number may be contacted, and which numbers at all."""

from datetime import date

from dateutil.relativedelta import relativedelta

# At most one contact in three calendar months per phone number, whichever unit or survey.
MONTHS_BETWEEN_CONTACTS = 3
# What cannot leave within this many days is refused with the day on which it becomes possible.
MOST_DAYS_QUEUED = 31


def allowed_from(contacted_on: date) -> date:
    """The first day of the next contact. Month ends clip.

    >>> allowed_from(date(2026, 11, 30))
    datetime.date(2027, 2, 28)
    """
    return contacted_on + relativedelta(months=MONTHS_BETWEEN_CONTACTS)
