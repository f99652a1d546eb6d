"""From parsed TOML to the types of the core: surveys and shared texts (organisation_definitions.py: the organisation).

The form of a file is checked in definition_files.py, what it means (reachable questions, ranges, lengths) in
survey_check.py.
"""

from collections.abc import Mapping
from typing import Any

from survey_flow.definition_files import LinesFile, MessagesFile, QuestionFile, ScaleFile, SurveyFile, shaped
from survey_flow.faults import Fault, FaultyDefinitions, collecting
from survey_flow.language import Language
from survey_flow.messages import Messages
from survey_flow.safety_check import Line
from survey_flow.survey import Prefill, Question, Survey, Together


def survey_from(file: str, raw: Mapping[str, Any]) -> Survey:
    """One survey from its parsed file. Raises FaultyDefinitions with every fault of form that was found."""
    shape = shaped(file, "", raw, SurveyFile)
    faults: list[Fault] = []
    questions = []
    for number, raw_question in enumerate(shape.questions, 1):
        with collecting(faults):
            questions.append(_question(file, number, raw_question, shape.scales))
    if faults:
        raise FaultyDefinitions(faults)
    return Survey(
        id=shape.id,
        version=shape.version,
        title=shape.title.texts(),
        respondents=frozenset(group.value for group in shape.respondents),
        opening=shape.opening.texts(),
        opening_neutral=shape.opening_neutral.texts(),
        thanks=shape.thanks.texts(),
        questions=tuple(questions),
        together=tuple(Together(id=g.id, questions=tuple(g.questions), text=g.texts()) for g in shape.together),
        grouped=shape.grouped,
    )


def _question(file: str, number: int, raw: Any, scales: Mapping[str, ScaleFile]) -> Question:
    name = raw.get("id", f"number {number}") if isinstance(raw, dict) else f"number {number}"
    place = f"question {name}"
    shape = shaped(file, place, raw, QuestionFile)
    scale = scales.get(shape.scale) if shape.scale else None
    if shape.scale and scale is None:
        raise FaultyDefinitions([Fault(file, place, f"its scale {shape.scale!r} is not among the survey's scales.")])
    how = scale or shape.how
    return Question(
        id=shape.id,
        kind=shape.kind,
        text=shape.texts(),
        how=how.texts() if how else {},
        neutral=shape.neutral.texts() if shape.neutral else {},
        low=scale.low if scale else 0,
        high=scale.high if scale else 0,
        dont_know=scale.dont_know if scale else shape.dont_know,
        choices=frozenset(shape.choices),
        theme=shape.theme,
        asked=shape.asked,
        respondents=frozenset(group.value for group in shape.respondents),
        only_if={question: frozenset(values) for question, values in shape.only_if.items()},
        prefill=_prefill(shape),
    )


def _prefill(shape: QuestionFile) -> Prefill | None:
    if not (shape.from_occasion or shape.from_respondent or shape.from_fact):
        return None
    return Prefill(
        occasion={occasion.value: digit for occasion, digit in shape.from_occasion.items()},
        respondent={group.value: digit for group, digit in shape.from_respondent.items()},
        fact=shape.from_fact,
        stored=shape.store_prefilled,
    )


def messages_from(files: Mapping[Language, tuple[str, Mapping[str, Any]]]) -> Messages:
    """The shared texts from one parsed file a language. Raises FaultyDefinitions."""
    faults: list[Fault] = []
    shapes = {}
    for language, (file, raw) in files.items():
        with collecting(faults):
            shapes[language] = shaped(file, "", raw, MessagesFile)
    if faults:
        raise FaultyDefinitions(faults)
    return Messages(
        texts={
            language: {key: text.strip() for key, text in shape.messages.items()} for language, shape in shapes.items()
        },
        count_words={language: shape.count_words for language, shape in shapes.items()},
    )


def safety_lines_from(file: str, raw: Mapping[str, Any]) -> list[Line]:
    """The places of help from their parsed file. Raises FaultyDefinitions."""
    lines = shaped(file, "", raw, LinesFile).lines
    return [Line(number=line.number, hours=line.hours, languages=frozenset(line.languages)) for line in lines]
