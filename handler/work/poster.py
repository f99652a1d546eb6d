"""What the poster on a unit's wall tells of the messages: the number they come from, and the first one as it comes."""

from handler.work.parts import Parts
from survey_flow import dialogue
from survey_flow.conversation import Conversation
from survey_flow.language import Language
from survey_flow.organisation import Organisation, Unit
from survey_flow.phone import from_carrier
from survey_flow.prompts import Script
from survey_flow.survey import Occasion
from survey_flow.written_number import written


def sending_number(organisation: Organisation, sender: str) -> str | None:
    """The number that messages come from, as people write it; None where `sender` is a Messaging Service."""
    number = from_carrier((organisation.number or sender).replace(" ", ""))
    return written(number) if number else (organisation.number or None)


def first_message(parts: Parts, unit: Unit, language: Language) -> str:
    """The opening as the unit's first group gets it, so that people know the message when it comes."""
    respondent, survey_id = next(iter(unit.surveys.items()))
    survey = parts.library.surveys[survey_id]
    conversation = Conversation(
        survey=survey.id,
        survey_version=survey.version,
        unit=unit.id,
        respondent=respondent,
        language=language,
        neutral=unit.neutral,
        facts=survey.fixed_facts(occasion=Occasion.END, respondent=respondent, facts={}),
    )
    return dialogue.start(Script(survey, unit, parts.library.messages, parts.library.lexicon), conversation).reply
