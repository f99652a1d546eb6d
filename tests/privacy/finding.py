"""Finding phone numbers and other identifiers in whatever text, in every form in which one could slip out.

A number: however it is spaced, in base64, or hashed without the pepper. Identifiers: whatever blanks are put into them.
"""

import base64
import binascii
import hashlib
import hmac
import re
import unicodedata
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field

# Between two digits: what people put there, and what JSON, HTML and addresses make of it.
_BETWEEN = r"(?:[\s().\-/\u2010-\u2015\u200b-\u200d\u2060\ufe0f\u20e3]|%20|%2[0-9A-F]|&nbsp;|\\u00a0|\\n){0,3}"
_RUN = re.compile(rf"(?<!\d)\d(?:{_BETWEEN}\d){{6,}}")
_NO_DIGIT = re.compile(r"%[0-9A-F]{2}|&nbsp;|\\u00a0|\D")
_RANDOM = re.compile(r"\b[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}\b")
_HEX = re.compile(r"[0-9a-f]{16,}", re.IGNORECASE)
_BASE64 = re.compile(r"[A-Za-z0-9+/_-]{12,}")
_ALGORITHMS = ("md5", "sha1", "sha256", "sha512", "blake2b", "blake2s", "sha3_256")
# So many bytes of a digest are as good as the whole of it.
_DIGEST_BYTES = 8
# How much of a place is told when something was found in it.
_AROUND = 60


@dataclass(frozen=True)
class Finder:
    """`numbers` in E.164; `identifiers` as they were written, of which nothing may be left; `words` that no text with
    them may be in."""

    numbers: Iterable[str]
    identifiers: Iterable[str] = ()
    words: Iterable[str] = ()
    _national: frozenset[str] = field(init=False)
    _ends: frozenset[str] = field(init=False)
    _digests: frozenset[bytes] = field(init=False)

    def __post_init__(self) -> None:
        numbers = list(self.numbers)
        object.__setattr__(self, "_national", frozenset(number[-9:] for number in numbers))
        object.__setattr__(self, "_ends", frozenset(number[-7:] for number in numbers))
        object.__setattr__(self, "_digests", frozenset(d for number in numbers for d in _digests(number)))

    def found_in(self, text: str) -> Iterator[str]:
        """What was found, each with what stands around it."""
        text = unicodedata.normalize("NFKC", text)
        yield from self._digits(text)
        yield from self._encoded(text)
        squeezed = re.sub(r"[\s\u200b]", "", text).casefold()
        for wanted in (*self.identifiers, *self.words):
            at = squeezed.find(re.sub(r"\s", "", wanted).casefold())
            if at >= 0:
                yield f"{wanted!r}: ...{squeezed[max(at - _AROUND, 0) : at + _AROUND]}..."

    def _digits(self, text: str) -> Iterator[str]:
        for run in _RUN.finditer(_RANDOM.sub("", text)):
            digits = _NO_DIGIT.sub("", run[0])
            if self._is_number(digits):
                yield f"a number: ...{run.string[max(run.start() - _AROUND, 0) : run.end() + _AROUND]}..."

    def _is_number(self, digits: str) -> bool:
        """The whole number within any digits, or its last seven on their own."""
        nine = {digits[at : at + 9] for at in range(len(digits) - 8)}
        return not self._national.isdisjoint(nine) or (len(digits) <= 8 and digits[-7:] in self._ends)

    def _encoded(self, text: str) -> Iterator[str]:
        for token in {token[0] for token in _HEX.finditer(text)}:
            if self._has_digest(bytes.fromhex(token[: len(token) // 2 * 2])):
                yield f"an unpeppered hash: {token}"
        for token in {token[0] for token in _BASE64.finditer(text)}:
            for plain in _decoded(token):
                if self._has_digest(plain) or any(self._digits(plain.decode("latin-1"))):
                    yield f"in base64: {token[:_AROUND]}"

    def _has_digest(self, plain: bytes) -> bool:
        windows = (plain[at : at + _DIGEST_BYTES] for at in range(len(plain) - _DIGEST_BYTES + 1))
        return any(window in self._digests for window in windows)


def _digests(number: str) -> Iterator[bytes]:
    """The beginnings of what anybody could compute of the number."""
    for written in (number, number[1:], f"00{number[1:]}", f"0{number[-9:]}", number[-9:]):
        for algorithm in _ALGORITHMS:
            yield hashlib.new(algorithm, written.encode()).digest()[:_DIGEST_BYTES]
        yield hmac.digest(b"", written.encode(), "sha256")[:_DIGEST_BYTES]


def _decoded(token: str) -> Iterator[bytes]:
    """What a piece of base64 may say, wherever in it the number's own bytes begin."""
    plain = token.replace("-", "+").replace("_", "/")
    for start in range(4):
        piece = plain[start:]
        try:
            yield base64.b64decode(piece + "=" * (-len(piece) % 4))
        except binascii.Error:  # one sign over
            yield base64.b64decode(piece[:-1] + "=" * (-len(piece[:-1]) % 4))
