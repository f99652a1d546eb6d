"""All that the templates folder holds for the dialogue, loaded together."""

from collections.abc import Mapping
from dataclasses import dataclass

from survey_flow.messages import Messages
from survey_flow.organisation import Organisation
from survey_flow.replies import Lexicon
from survey_flow.survey import Survey


@dataclass(frozen=True, slots=True)
class Library:
    organisation: Organisation
    surveys: Mapping[str, Survey]
    messages: Messages
    lexicon: Lexicon
