"""Who may do what: roles by unit, given to the groups that an organisation's identity provider tells of.

A person's groups come with each sign-in; what they mean stands in organisation.toml, so that who leaves a group at the
provider loses what it gave, and nobody is listed here by name.
"""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from enum import StrEnum


class Role(StrEnum):
    SENDER = "sender"
    SUPERVISOR = "supervisor"
    ADMINISTRATOR = "administrator"


class Act(StrEnum):
    """What a page does, as far as it takes a right of its own."""

    SEND = "send"
    OPT_OUT = "opt-out"
    RESULTS = "results"
    SHARED_COMMENTS = "shared comments"
    COMMENTS = "comments"
    ACTIONS = "actions"
    COMPARE = "compare"
    KEYS = "keys"
    AUDIT = "audit"
    SETTINGS = "settings"


class Right(StrEnum):
    """What an API key allows, in its units."""

    SEND = "send"
    OPT_OUT = "opt-out"
    RESULTS = "results"


# Senders like to hear results, and hearing them keeps them sending. An administrator looks after the service and reads
# its figures, but types no number and reads no comment that nobody has gone through.
MAY: Mapping[Role, frozenset[Act]] = {
    Role.SENDER: frozenset({Act.SEND, Act.OPT_OUT, Act.RESULTS, Act.SHARED_COMMENTS}),
    Role.SUPERVISOR: frozenset({Act.RESULTS, Act.SHARED_COMMENTS, Act.COMMENTS, Act.ACTIONS, Act.COMPARE}),
    Role.ADMINISTRATOR: frozenset(
        {Act.RESULTS, Act.SHARED_COMMENTS, Act.COMPARE, Act.KEYS, Act.AUDIT, Act.SETTINGS},
    ),
}


@dataclass(frozen=True, slots=True)
class Grant:
    """What members of a group of the identity provider may do, and in which units."""

    group: str
    role: Role
    units: frozenset[str]


@dataclass(frozen=True, slots=True)
class Person:
    """Who is signed in. `id` is the provider's subject, "person:..."; it stands where it is kept who did what."""

    id: str
    name: str
    grants: tuple[Grant, ...] = ()

    def may(self, act: Act) -> bool:
        """In one unit at least."""
        return bool(self.units_for(act))

    def units_for(self, act: Act) -> frozenset[str]:
        return frozenset(unit for grant in self.grants if act in MAY[grant.role] for unit in grant.units)

    @property
    def roles(self) -> frozenset[Role]:
        return frozenset(grant.role for grant in self.grants)


def person_with(groups: Collection[str], access: Iterable[Grant], *, id: str, name: str) -> Person:
    """The person with what their groups give; with none of ours, they may do nothing."""
    return Person(id, name, tuple(grant for grant in access if grant.group in groups))


def with_every_role(units: Collection[str], *, id: str, name: str) -> Person:
    """Whoever works on one machine, where there is nobody else."""
    return Person(id, name, tuple(Grant(role.value, role, frozenset(units)) for role in Role))
