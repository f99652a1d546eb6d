"""The audit in people's words, for the page and for the file alike."""

from collections.abc import Mapping
from dataclasses import dataclass

from handler.tables.audit import Did, Noted
from survey_flow.language import Language
from survey_flow.organisation import Unit


@dataclass(frozen=True, slots=True)
class AuditWords:
    """`words` are those of the page's language, `names` those of people and keys by who they are."""

    words: Mapping[str, str]
    language: Language
    names: Mapping[str, str]
    units: Mapping[str, Unit]

    def who(self, who: str) -> str:
        """A name, as far as one is known; else the id."""
        kind, _, name = who.partition(":")
        if kind == "command" and name:
            return self.words["audit_who_command_by"].format(name=name)
        return self.names.get(who) or self.words.get(f"audit_who_{who}", who)

    def did(self, did: str) -> str:
        return self.words.get(f"audit_did_{did}", did)

    def unit(self, unit: str | None) -> str:
        known = self.units.get(unit or "")
        return known.name[self.language] if known else unit or ""

    def about(self, row: Noted) -> str:
        """What else is known of it: words for what has some, else as it stands."""
        if row.did == Did.SIGNED_IN or not row.about:
            return ""  # the name, which stands beside it already
        if row.did == Did.LIST_SENT:
            return self.words["audit_list_sent"].format(n=row.about)
        if row.did == Did.KEY_ROTATED:
            old, _, new = row.about.partition(" ")
            return self.words["audit_key_rotated"].format(old=old, new=new)
        return self.words.get(f"audit_about_{row.did}_{row.about.replace(' ', '_')}", row.about)
