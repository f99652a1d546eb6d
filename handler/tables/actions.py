"""What a unit does about its feedback: an action belongs to a theme, never to a respondent."""

from pynamodb.attributes import UnicodeAttribute
from pynamodb.models import Model

from handler.tables import base


class ActionRow(Model):
    class Meta(base.Meta):
        short_name = "actions"

    unit = UnicodeAttribute(hash_key=True)
    id = UnicodeAttribute(range_key=True)
    what = UnicodeAttribute()
    who = UnicodeAttribute()
    by_when = UnicodeAttribute()
    theme = UnicodeAttribute()
    done_on = UnicodeAttribute(null=True)
    published_on = UnicodeAttribute(null=True)
