"""Who did what and when, without numbers or texts. Rows are only ever added."""

from datetime import datetime
from uuid import uuid4

from pynamodb.attributes import UnicodeAttribute
from pynamodb.models import Model

from handler.tables import base
from survey_flow.helsinki import local, month_of


class AuditRow(Model):
    class Meta(base.Meta):
        short_name = "audit"

    month = UnicodeAttribute(hash_key=True)
    time_id = UnicodeAttribute(range_key=True)
    who = UnicodeAttribute()
    did = UnicodeAttribute()
    about = UnicodeAttribute(null=True)


def note(now: datetime, *, who: str, did: str, about: str | None = None) -> None:
    """One thing done by a person or a key: `did` is a verb of ours ("opt_out_recorded"), `about` a unit or a key id."""
    moment = local(now).isoformat(timespec="seconds")
    AuditRow(month_of(now), f"{moment}#{uuid4()}", who=who, did=did, about=about).save()
