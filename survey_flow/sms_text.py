"""How many SMS segments a text takes.

GSM 03.38 carries 160 characters alone and 153 each when joined; one character outside it makes the whole message
UCS-2 with 70 alone and 67 joined (3GPP TS 23.038, 23.040). The eight extension characters take two places.
"""

from dataclasses import dataclass

_BASIC = frozenset(
    "@£$¥èéùìòÇ\nØø\rÅåΔ_ΦΓΛΩΠΨΣΘΞÆæßÉ !\"#¤%&'()*+,-./0123456789:;<=>?"
    "¡ABCDEFGHIJKLMNOPQRSTUVWXYZÄÖÑÜ§¿abcdefghijklmnopqrstuvwxyzäöñüà"
)
_EXTENSION = frozenset("^{}\\[~]|€\f")
_GSM = _BASIC | _EXTENSION


@dataclass(frozen=True, slots=True)
class Size:
    segments: int
    characters: int
    gsm: bool


def outside_gsm(text: str) -> list[str]:
    """The characters that would turn the message into UCS-2, in order, each once."""
    return list(dict.fromkeys(sign for sign in text if sign not in _GSM))


def size(text: str) -> Size:
    """Segments (at least 1), characters as the network counts them, and whether GSM-7 holds the text."""
    gsm = _GSM.issuperset(text)
    length = len(text) + sum(map(text.count, _EXTENSION)) if gsm else len(text.encode("utf-16-be")) // 2
    alone, joined = (160, 153) if gsm else (70, 67)
    return Size(segments=1 if length <= alone else -(-length // joined), characters=length, gsm=gsm)
