"""For whom each view is: stated where it is written, kept by the doorkeeper. A view that states nothing is refused."""

from collections.abc import Callable
from enum import Enum
from typing import TYPE_CHECKING, Any, TypeVar, Union

if TYPE_CHECKING:  # the webhooks know neither people nor keys
    from survey_flow.access import Act, Right

View = TypeVar("View", bound=Callable[..., Any])


class Open(Enum):
    """Views that ask for nobody."""

    EVERYBODY = "everybody"
    CARRIER = "what the carrier signed"


Rule = Union["Act", "Right", Open]


def staff(act: "Act") -> Callable[[View], View]:
    """For who is signed in and may do this in one unit at least. Which units these are, the view looks at itself."""
    return _stating(act)


def by_key(right: "Right") -> Callable[[View], View]:
    """For who sends an API key with this right. Which units it is for, the view looks at itself."""
    return _stating(right)


def public(view: View) -> View:
    """For everybody: it tells nothing that is not public, and changes nothing."""
    return _stating(Open.EVERYBODY)(view)


def signed_by_carrier(view: View) -> View:
    """For the carrier; handler/routes/signed.py checks its signature."""
    return _stating(Open.CARRIER)(view)


def rule_of(view: Callable[..., Any]) -> Rule | None:
    return getattr(view, "for_whom", None)


def _stating(rule: Rule) -> Callable[[View], View]:
    def state(view: View) -> View:
        view.for_whom = rule  # type: ignore[attr-defined]
        return view

    return state
