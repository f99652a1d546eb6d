"""A phone whose trial word was heard within the day: what it is asked next is a trial."""


def trial_mark(phone_key: str) -> str:
    """The mark left by a phone that texted KOE."""
    return f"trial#{phone_key}"
