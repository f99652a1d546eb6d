"""How many SMS segments a text takes: GSM 03.38 with its extension table, or UCS-2 as soon as one letter is outside."""

_BASIC = frozenset(
    "@£$¥èéùìòÇ\nØø\rÅåΔ_ΦΓΛΩΠΨΣΘΞÆæßÉ !\"#¤%&'()*+,-./0123456789:;<=>?"
    "¡ABCDEFGHIJKLMNOPQRSTUVWXYZÄÖÑÜ§¿abcdefghijklmnopqrstuvwxyzäöñüà"
)
_EXTENDED = frozenset("^{}\\[~]|€\f")


def segments(text: str) -> int:
    if all(letter in _BASIC or letter in _EXTENDED for letter in text):
        units = [2 if letter in _EXTENDED else 1 for letter in text]
        return _parts(units, alone=160, joined=153)
    units = [len(letter.encode("utf-16-be")) // 2 for letter in text]
    return _parts(units, alone=70, joined=67)


def _parts(units: list[int], *, alone: int, joined: int) -> int:
    """A letter of two units is never split between segments."""
    if sum(units) <= alone:
        return 1
    count, room = 1, joined
    for unit in units:
        if unit > room:
            count, room = count + 1, joined
        room -= unit
    return count
