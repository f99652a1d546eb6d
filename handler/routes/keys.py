"""The API's keys: which one came with a request, and what it may do."""

from flask import request

from handler.routes.problems import Problem
from handler.tables.staff_keys import StaffKey
from handler.work.parts import Parts
from handler.work.staff_key import Right, find_key


def key_with(parts: Parts, right: Right) -> StaffKey:
    """The request's key with this right, or a 401 or 403."""
    scheme, _, text = request.headers.get("Authorization", "").partition(" ")
    found = find_key(text.strip(), today=parts.today()) if scheme.lower() == "bearer" else None
    if found is None:
        raise Problem(401, "key-needed", "Send a valid key as 'Authorization: Bearer KEY'.")
    if right.value not in found.rights:
        raise Problem(403, "right-missing", f"This key does not have the right '{right.value}'.")
    return found


def check_unit(parts: Parts, key: StaffKey, unit: object) -> None:
    """A known unit that is not the key's own is refused; an unknown one is a fault of its field."""
    # Blanks around it are cut when the field is read, so they are here.
    named = unit.strip() if isinstance(unit, str) else ""
    if named in parts.library.organisation.units and named not in key.units:
        raise Problem(403, "unit-not-allowed", "This key is not for this unit.")
