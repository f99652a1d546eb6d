"""Text as phones send it, brought to one spelling (rule 5) without losing what the respondent wrote."""

import re
import unicodedata

HALF = "\ue000"  # stands for every vulgar fraction: NFKC would turn "7½" into "71/2"

_INVISIBLE = {*range(0x0300, 0x0370), *range(0x20D0, 0x20F1), *range(0xFE00, 0xFE10)}  # accents, keycaps, variations
_QUOTES = dict.fromkeys(map(ord, "“”„‟«»〝〞❝❞″"), '"')
_APOSTROPHES = dict.fromkeys(map(ord, "’‘‚‛`´′ʼ"), "'")
_DASHES = dict.fromkeys(map(ord, "‐‑‒–—―−﹣－"), "-")
_SIGNS = {**_QUOTES, **_APOSTROPHES, **_DASHES, ord("⁄"): "/", ord("÷"): "/", ord("∕"): "/", ord("🔟"): " 10 "}
_LETTERS = str.maketrans("äåöéüáøæđðł", "aaoeuaoaddl")
_LONGEST_EXPANSION = 4  # "ﷺ" becomes 18 letters: 1,600 of them would make a text of 28,800
_MOST_ACCENTS = 30  # on one letter: UAX #15, Stream-Safe Text Format
_STRETCHED = re.compile(r"([^\W\d_])\1\1+")


def clean(text: str) -> str:
    """NFKC, plain quotes and dashes, ASCII digits; invisible characters and keycap frames gone; one kind of newline."""
    text = text.replace("\r\n", "\n").replace("\r", "\n")
    if text.isascii():
        return text
    composed = unicodedata.normalize("NFC", _with_bounded_runs(text))
    spelled = {char: _spell(char) for char in set(composed)}
    return unicodedata.normalize("NFC", "".join([spelled[char] for char in composed]))


def _with_bounded_runs(text: str) -> str:
    """Without the accents beyond the thirtieth on one letter: to order them takes the square of their number."""
    marks = {char for char in set(text) if unicodedata.combining(char)}
    if not marks or sum(char in marks for char in text) <= _MOST_ACCENTS:
        return text
    kept: list[str] = []
    run = 0
    for char in text:
        run = run + 1 if char in marks else 0
        if run <= _MOST_ACCENTS:
            kept.append(char)
    return "".join(kept)


def _spell(char: str) -> str:
    point = ord(char)
    if point < 0x80:
        return char
    if point in _SIGNS:
        return _SIGNS[point]
    if point in _INVISIBLE or unicodedata.category(char) == "Cf":
        return ""
    if unicodedata.category(char)[0] in "NZ":
        return _spell_number_or_space(char)
    folded = unicodedata.normalize("NFKC", char)
    return folded if len(folded) <= _LONGEST_EXPANSION else char


def _spell_number_or_space(char: str) -> str:
    """Digits of every script and frame become ASCII: "²".isdigit() is true and int("²") fails, so never ask those."""
    if unicodedata.category(char)[0] == "Z":
        return "\n" if char in "\u2028\u2029" else " "
    amount = unicodedata.numeric(char, -1)
    if unicodedata.category(char) == "Nl":  # Roman numerals: NFKC would make letters of them
        return str(int(amount)) if amount >= 0 else char
    if 0 < amount < 1 or (amount > 0 and amount != int(amount)):
        return HALF
    folded = unicodedata.normalize("NFKC", char)
    if folded.isascii():
        return folded
    return str(int(amount)) if 0 <= amount <= 20 else char


def fold(word: str) -> str:
    """The word without its dots and rings, apostrophes and case: many phones and people write "yhdeksan"."""
    word = word.lower().replace("'", "")
    if not word.isascii():
        word = word.translate(_LETTERS)
    if word.isascii():
        return word
    parts = unicodedata.normalize("NFD", word)
    return "".join([char for char in parts if not unicodedata.combining(char)])


def written_forms(word: str) -> tuple[str, ...]:
    """The word in lower case with its dots and rings, and its tighter readings when letters are stretched."""
    plain = word.lower().replace("'", "")
    if len(plain) < 3 or not _STRETCHED.search(plain):
        return (plain,)
    return (_STRETCHED.sub(r"\1", plain), _STRETCHED.sub(r"\1\1", plain))


def spellings(word: str) -> tuple[str, ...]:
    """The folded word; when letters are stretched ("stoooop", "kuollllaa") its tighter readings instead."""
    return tuple(map(fold, written_forms(word)))
