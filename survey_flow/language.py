"""The three languages in which Kuulolla speaks and listens."""

from enum import StrEnum


class Language(StrEnum):
    FI = "fi"
    SV = "sv"
    EN = "en"
