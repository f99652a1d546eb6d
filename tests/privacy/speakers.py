"""People who write more than they should: their own and others' numbers, addresses and identity codes, in every
spelling, at every place of a conversation."""

import random
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from enum import StrEnum

from survey_flow.phone import PhoneNumber

# What comments may say, where comments are; what is in no text that is kept; what stands within every e-mail address
# and every sign-off, and is to be masked with it.
KEPT, VANISHING = "kultakala", "hopeakettu"
IN_ADDRESSES, IN_SIGN_OFFS = "kaiku", "torvald"


class Door(StrEnum):
    """How the person is asked; NONE writes without having been asked."""

    FORM = "form"
    API = "api"
    LIST = "list"
    LIST_API = "list by api"
    NONE = "none"


@dataclass(frozen=True, slots=True)
class Speaker:
    number: PhoneNumber
    door: Door
    unit: str
    says: tuple[str, ...]
    late: tuple[str, ...]
    identifiers: tuple[str, ...]
    friend: PhoneNumber


SPELLINGS: tuple[Callable[[str], str], ...] = (
    str,
    lambda nine: f"+358{nine}",
    lambda nine: f"0{nine}",
    lambda nine: f"0{nine[:2]} {nine[2:5]} {nine[5:]}",
    lambda nine: f"0{nine[:2]}-{nine[2:]}",
    lambda nine: f"+358 {nine[:2]} {nine[2:5]} {nine[5:]}",
    lambda nine: f"00358{nine}",
    lambda nine: f"(0{nine[:2]}) {nine[2:5]}.{nine[5:]}",
    lambda nine: " ".join(f"0{nine}"),
    lambda nine: f"0{nine[:2]}\u2013{nine[2:5]}\u2013{nine[5:]}",
    lambda nine: f"0{nine}".translate({ord(str(n)): chr(0xFF10 + n) for n in range(10)}),
    lambda nine: f"0{nine[:2]}\u00a0{nine[2:5]}\n{nine[5:]}",
    lambda nine: f"numero{nine}tekstiviestillä",
    lambda nine: f"0{nine[:2]}/{nine[2:]}",
)
_ADDRESSES = (
    "salla.kaiku{n}@example.fi",
    "SALLA.KAIKU{n}@EXAMPLE.FI",
    "salla.kaiku{n}+neuvola@posti.example.fi",
    "päivi_kaiku{n}@esimerkki.fi",
    "<kaiku{n}@example.co.uk>",
)
_CODES = ("{d}{m}03A{n:03}X", "{d}{m}99-{n:03}b", "{d}{m}05 A {n:03}9", "{d}{m}90Y{n:03}T", "{d}{m}07a{n:03}k")
# Each reply is one message. "finishes" must be the most: groups of at least five are shown on the pages.
_WAYS: tuple[tuple[str, ...], ...] = (
    ("9", "3524", f"{KEPT} soita {{own}} tai {{mail}}"),
    (f"9 koska {KEPT} {{own}}", "3524", f"{KEPT}, hetu {{code}}"),
    (f"2, {KEPT} ja {{friend}}", "1112", f"{KEPT} kaverini nro on {{friend}}"),
    ("10", "5555", f"{KEPT} {{code}} {{mail}} {{own}}"),
    (f"7 {KEPT} {{mail}}", "OHITA", f"{KEPT} kiitos. t. {IN_SIGN_OFFS.title()}"),
    (f"8 {KEPT} {{code}}",),
    (f"6 {KEPT} {{own}}", "34", "3 4 5 3"),
    (f"{KEPT} {{own}}", "{own}", "9", "3524", "OHITA"),
    ("9", "STOP"),
    ("väärä numero",),
    (f"haluan kuolla {VANISHING} {{own}}", "9", "3524", "OHITA"),
    ("5", f"isä lyö minua {VANISHING} {{friend}}"),
    ("SVENSKA", f"9 {KEPT} {{own}}", "3524", f"{KEPT} ring {{friend}}. Hälsningar {IN_SIGN_OFFS.title()}"),
    ("HELP", "9", "TAKAISIN", f"8 {KEPT} {{mail}}", "3524", "OHITA"),
    (),
)
_LATE = (
    f"{VANISHING} soittakaa {{own}}",
    "STOP",
    f"{VANISHING} {{mail}} {{code}}",
    "START",
    f"apua {VANISHING} {{own}}",
)


def speakers(count: int, *, seed: int = 1) -> list[Speaker]:
    """So many who are asked, and a tenth as many who write by themselves; the same ones for the same seed."""
    rng = random.Random(seed)  # noqa: S311 nothing is kept secret by it
    nines = _nines(rng)
    made = [_speaker(n, rng, nines, list(Door)[n % 4]) for n in range(count)]
    return made + [_speaker(count + n, rng, nines, Door.NONE) for n in range(count // 10)]


def _speaker(n: int, rng: random.Random, nines: Iterator[str], door: Door) -> Speaker:
    own, friend, spelt = next(nines), next(nines), rng.choice(SPELLINGS)
    mail = _ADDRESSES[n % len(_ADDRESSES)].format(n=n)
    code = _CODES[n % len(_CODES)].format(d=f"{n % 28 + 1:02}", m=f"{n % 12 + 1:02}", n=100 + n)
    said = {"own": spelt(own), "friend": rng.choice(SPELLINGS)(friend), "mail": mail, "code": code}
    way = () if door is Door.NONE else _WAYS[n // 4 % len(_WAYS)]
    return Speaker(
        number=PhoneNumber(f"+358{own}"),
        door=door,
        unit="kotka" if n % 3 else "kouvola",
        says=tuple(text.format(**said) for text in way),
        late=tuple(text.format(**said) for text in _LATE[n % len(_LATE) :][:2]),
        identifiers=(code, IN_ADDRESSES, IN_SIGN_OFFS),
        friend=PhoneNumber(f"+358{friend}"),
    )


def _nines(rng: random.Random) -> Iterator[str]:
    """National numbers without their nought, none twice."""
    seen: set[str] = set()
    while True:
        nine = f"4{rng.choice('0145')}{rng.randrange(1_000_000, 10_000_000)}"
        if nine[-7:] not in seen:
            seen.add(nine[-7:])
            yield nine
