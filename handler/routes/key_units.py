"""Which units an API key is for."""

from handler.routes.problems import Problem
from handler.tables.staff_keys import StaffKey
from handler.work.parts import Parts


def check_unit(parts: Parts, key: StaffKey, unit: object) -> None:
    """A known unit that is not the key's own is refused; an unknown one is a fault of its field."""
    # Blanks around it are cut when the field is read, so they are here.
    named = unit.strip() if isinstance(unit, str) else ""
    if named in parts.library.organisation.units and named not in key.units:
        raise Problem(403, "unit-not-allowed", "This key is not for this unit.")
