"""The reply reader: the text of one inbound SMS in, its meaning out."""

from survey_flow.replies.group import read_group
from survey_flow.replies.lexicon import Lexicon
from survey_flow.replies.meaning import Expected, GroupReading, Meaning, Reading
from survey_flow.replies.reader import read, read_without_question

__all__ = [
    "Expected",
    "GroupReading",
    "Lexicon",
    "Meaning",
    "Reading",
    "read",
    "read_group",
    "read_without_question",
]
