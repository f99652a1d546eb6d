"""The texts of one survey as its units would send them: lengths, letters, placeholders, and discretion when neutral."""

from collections.abc import Iterator
from dataclasses import replace

from survey_flow import prompts
from survey_flow.conversation import Conversation
from survey_flow.faults import Fault
from survey_flow.language import Language
from survey_flow.messages import Messages, placeholders
from survey_flow.organisation import Unit
from survey_flow.prompts import Script
from survey_flow.replies import Lexicon
from survey_flow.sms_text import outside_gsm, size
from survey_flow.survey import Survey

MOST_SEGMENTS = 1
MOST_SEGMENTS_OF_GROUP = 2
_FILLINGS = frozenset({"service", "county", "count"})
_GROUP_FILLINGS = frozenset({"statements", "count_word", "example"})

# (where it stands, the text, how many segments it may take)
Sent = tuple[str, str, int]


def check_texts(survey: Survey, units: list[Unit], messages: Messages, lexicon: Lexicon) -> list[Fault]:
    """Every fault of length, letters and discretion; the same fault in several units is named once."""
    file = f"{survey.id}.toml"
    faults = list(_check_placeholders(file, survey))
    if faults:
        return faults
    for unit in units:
        for language in Language:
            for neutral in (False, True):
                script = Script(survey, unit, messages, lexicon)
                sent = list(texts_sent(script, language, neutral=neutral))
                faults += _check_lengths(file, sent, language)
                if neutral:
                    faults += _check_discretion(file, sent, unit, language)
    return list(dict.fromkeys(faults))


def texts_sent(script: Script, language: Language, *, neutral: bool) -> Iterator[Sent]:
    """Every text of the survey as it is sent: opening, each question alone, each group, thanks."""
    survey = script.survey
    respondent = sorted(survey.respondents)[0]
    conversation = Conversation(
        survey.id,
        survey.version,
        script.unit.id,
        respondent,
        language,
        neutral=neutral,
        asking=(survey.questions[0].id,),
    )
    yield ("opening_neutral" if neutral else "opening"), prompts.opening(script, conversation), MOST_SEGMENTS
    for question in survey.questions:
        asked = replace(conversation, asking=(question.id,))
        yield f"question {question.id}", prompts.prompt(script, asked), MOST_SEGMENTS
        yield f"re-ask of {question.id}", prompts.ask_again(script, asked), MOST_SEGMENTS
    for group in survey.together:
        asked = replace(conversation, asking=group.questions)
        yield f"group {group.id}", prompts.prompt(script, asked), MOST_SEGMENTS_OF_GROUP
    yield "thanks", prompts.thanks(script, conversation), MOST_SEGMENTS


def _check_placeholders(file: str, survey: Survey) -> Iterator[Fault]:
    everywhere = [("opening", survey.opening), ("opening_neutral", survey.opening_neutral), ("thanks", survey.thanks)]
    everywhere += [(f"question {question.id}", question.text) for question in survey.questions]
    everywhere += [(f"question {question.id}", question.neutral) for question in survey.questions]
    everywhere += [(f"question {question.id}", question.how) for question in survey.questions]
    for place, texts in everywhere:
        for language, text in texts.items():
            yield from _unknown(file, f"{place} ({language})", text, _FILLINGS)
    for group in survey.together:
        for language, text in group.text.items():
            yield from _unknown(file, f"group {group.id} ({language})", text, _GROUP_FILLINGS)
            if "{statements}" not in text:
                yield Fault(file, f"group {group.id} ({language})", "the place of the {statements} is missing.")


def _unknown(file: str, place: str, text: str, allowed: frozenset[str]) -> Iterator[Fault]:
    try:
        unknown = placeholders(text) - allowed
    except ValueError:
        yield Fault(file, place, "a brace { or } stands alone.")
        return
    if unknown:
        yield Fault(file, place, f"it cannot be filled with {{{sorted(unknown)[0]}}}.")


def _check_lengths(file: str, sent: list[Sent], language: Language) -> Iterator[Fault]:
    for place, text, most in sent:
        if foreign := outside_gsm(text):
            what = f"{foreign[0]!r} is outside GSM-7 and would double the price of the message."
            yield Fault(file, f"{place} ({language})", what)
        taken = size(text)
        if taken.segments > most:
            what = f"{taken.characters} characters take {taken.segments} segments, and it may take {most}."
            yield Fault(file, f"{place} ({language})", what)


def _check_discretion(file: str, sent: list[Sent], unit: Unit, language: Language) -> Iterator[Fault]:
    """A neutral conversation names the county and never the service, in whatever case ("Nuorten Matalasta")."""
    stems = {name[:-1].lower() for name in unit.service.values()}
    for place, text, _ in sent:
        county = unit.county[language].lower()
        for stem in sorted(stems):
            if stem in text.lower().replace(county, ""):
                yield Fault(
                    file, f"{place} ({language})", f"a neutral conversation would name the service ({stem}...)."
                )
