"""What an identity provider says of somebody, and how it fails to; without its library, which takes long to load."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

GROUP_CLAIMS = ("roles", "groups", "cognito:groups")
NAME_CLAIMS = ("name", "preferred_username", "email")
# OpenID Connect Core 1.0, 2: a subject has 255 characters at most.
LONGEST_SUBJECT = 255
LONGEST_NAME = 120
# It goes into an address when somebody signs out, and servers refuse those of more than some 8,000 characters.
LONGEST_HINT = 4000


class Refused(Exception):
    """The provider's answer is none that lets anybody in."""


class Silent(Exception):
    """The provider does not answer, or not in its protocol."""


@dataclass(frozen=True, slots=True)
class SignedIn:
    """Somebody whom the provider vouches for. `id_token` is for signing out; None when it is too long for that.
    `groups_elsewhere`: too many to be named in the token (Entra ID's groups overage)."""

    subject: str
    name: str
    groups: frozenset[str]
    id_token: str | None = field(default=None, repr=False)
    groups_elsewhere: bool = False


def person_told(claims: Mapping[str, Any], id_token: str) -> SignedIn:
    """The person of these claims, which have been checked. Raises Refused when the subject is none."""
    subject = claims.get("sub")
    if not isinstance(subject, str) or not subject.strip() or len(subject) > LONGEST_SUBJECT:
        raise Refused("no subject")
    hint = id_token if len(id_token) <= LONGEST_HINT else None
    return SignedIn(subject, _name(claims), _groups(claims), hint, _named_elsewhere(claims))


def _name(claims: Mapping[str, Any]) -> str:
    names = (claims.get(claim) for claim in NAME_CLAIMS)
    return next((name.strip()[:LONGEST_NAME] for name in names if isinstance(name, str) and name.strip()), "")


def _groups(claims: Mapping[str, Any]) -> frozenset[str]:
    """Of whichever of the claims there are: lists, or one group as a text."""
    told = [claims.get(claim) for claim in GROUP_CLAIMS]
    lists = [[one] if isinstance(one, str) else one for one in told if isinstance(one, str | list)]
    return frozenset(group for groups in lists for group in groups if isinstance(group, str) and group)


def _named_elsewhere(claims: Mapping[str, Any]) -> bool:
    """Claims of which the token says only where they could be asked (OpenID Connect Core 1.0, 5.6.2)."""
    names = claims.get("_claim_names")
    return isinstance(names, Mapping) and "groups" in names
