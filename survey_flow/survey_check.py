"""What a set of definition files means, checked before it is used: every fault in one sentence that names its place."""

import re
from collections.abc import Iterator

from survey_flow.faults import Fault
from survey_flow.library import Library
from survey_flow.message_check import check_fillings, check_messages
from survey_flow.organisation import Unit
from survey_flow.organisation_check import check_organisation
from survey_flow.survey import Kind, Question, Survey, Texts, printed_labels
from survey_flow.text_check import check_texts

# Words that name other columns of the counts, which a question's id must not begin like.
_RESERVED = ("finished", "broken_off", "opted_out", "safety_", "invited", "delivered", "undelivered", "blocked")
_ID = re.compile(r"[a-z][a-z0-9_]{0,39}")
_SURVEY_ID = re.compile(r"[a-z][a-z0-9-]{0,59}")
_RANGE = re.compile(r"(?<![\d-])(\d{1,2})-(\d{1,2})(?![\d-])")
MOST_STATEMENTS = 4
NPS_RANGE = (0, 10)


def check(library: Library) -> list[Fault]:
    """Every fault found, in the order of the files. What is sent is measured only once the shared texts are whole."""
    faults = list(check_messages(library.messages))
    whole = not faults
    for survey in library.surveys.values():
        found = list(check_survey(survey))
        faults += found
        if whole and not found:
            faults += check_texts(survey, _units_asking(library, survey), library.messages, library.lexicon)
    faults += check_organisation(library)
    if whole:
        faults += check_fillings(library.messages, library.organisation)
    return faults


def check_survey(survey: Survey) -> Iterator[Fault]:
    """Ids, order, branches, ranges and groups of one survey."""
    file = f"{survey.id}.toml"
    if not _SURVEY_ID.fullmatch(survey.id):
        yield Fault(file, "", f"the survey's id {survey.id!r} is not made of small letters, digits and hyphens.")
    if survey.version < 1:
        yield Fault(file, "", "the version counts from 1.")
    if not survey.respondents:
        yield Fault(file, "", "the survey names no respondents.")
    if not survey.questions:
        yield Fault(file, "", "the survey has no questions.")
        return
    yield from _check_ids(file, survey)
    yield from _check_first(file, survey.questions[0])
    for at, question in enumerate(survey.questions):
        yield from _check_question(file, question)
        yield from _check_branch(file, survey, at)
    yield from _check_groups(file, survey)
    yield from _check_ranges(file, survey)


def _check_ids(file: str, survey: Survey) -> Iterator[Fault]:
    seen: set[str] = set()
    for question in survey.questions:
        place = f"question {question.id}"
        if question.id in seen:
            yield Fault(file, place, "another question has the same id.")
        seen.add(question.id)
        if not _ID.fullmatch(question.id):
            yield Fault(file, place, "an id is made of small letters a-z, digits and _, and begins with a letter.")
        if question.id.startswith(_RESERVED) or question.id == "once":  # opted_out_at_once is a column, too
            yield Fault(file, place, "the id begins like a column of the counts that means something else.")


def _check_first(file: str, first: Question) -> Iterator[Fault]:
    """The opening asks the first question, so nothing may keep it from being asked."""
    if first.respondents or first.only_if or first.prefill or not first.asked:
        yield Fault(file, f"question {first.id}", "the opening asks the first question: it must be asked of everybody.")


def _check_question(file: str, question: Question) -> Iterator[Fault]:
    place = f"question {question.id}"
    if question.kind is Kind.OPEN:
        if question.how or question.choices:
            yield Fault(file, place, "an open question has no scale and no choices.")
        return
    if not question.how:
        yield Fault(file, place, "it does not say how to answer: name a scale, or write how.")
        return
    if question.kind is Kind.CHOICE and not question.choices:
        yield Fault(file, place, "a choice lists its digits in choices.")
    if question.kind is Kind.NPS and (question.low, question.high) != NPS_RANGE:
        yield Fault(file, place, "an nps question has the scale 0-10.")
    if question.kind is Kind.SCALE and not question.low < question.high:
        yield Fault(file, place, "its scale has no range: low is not under high.")
    if question.dont_know in question.values:
        yield Fault(file, place, f"the digit {question.dont_know} cannot be both an answer and don't know.")
    yield from _check_printed(file, question)


def _check_printed(file: str, question: Question) -> Iterator[Fault]:
    """What is printed must be what is understood: the range, and every labelled digit."""
    place = f"question {question.id}"
    valid = question.values | ({question.dont_know} if question.dont_know is not None else set())
    for language, text in question.how.items():
        named = printed_labels([text])
        for label, digit in named.items():
            if digit not in valid:
                yield Fault(file, place, f"the text ({language}) names {digit}={label}, which is no answer to it.")
        if question.kind is Kind.CHOICE and set(named.values()) != set(valid):
            yield Fault(file, place, f"the text ({language}) does not name each of its digits once.")


def _check_ranges(file: str, survey: Survey) -> Iterator[Fault]:
    """A range printed anywhere is the range of the question that the text asks."""
    for place, texts, question in _asking_texts(survey):
        if question.kind is Kind.OPEN or not question.values:
            continue
        for language, text in texts.items():
            for low, high in _RANGE.findall(text):
                if (int(low), int(high)) != (min(question.values), max(question.values)):
                    yield Fault(file, place, f"the text ({language}) names {low}-{high}, which is not its range.")


def _asking_texts(survey: Survey) -> Iterator[tuple[str, Texts, Question]]:
    """Every text that asks a question: where it stands, the text, and the question whose range it may name."""
    yield "opening", survey.opening, survey.questions[0]
    yield "opening_neutral", survey.opening_neutral, survey.questions[0]
    for question in survey.questions:
        for texts in (question.text, question.neutral, question.how):
            yield f"question {question.id}", texts, question
    for group in survey.together:
        if group.questions and survey.has(group.questions[0]):
            yield f"group {group.id}", group.text, survey.question(group.questions[0])


def _check_branch(file: str, survey: Survey, at: int) -> Iterator[Fault]:
    question = survey.questions[at]
    place = f"question {question.id}"
    earlier = {other.id: other for other in survey.questions[:at]}
    for name, values in question.only_if.items():
        if name not in earlier:
            where = "comes later" if survey.has(name) else "is not in the survey"
            yield Fault(file, place, f"it is asked after an answer to {name!r}, which {where}.")
        elif not values or not values <= earlier[name].values:
            yield Fault(file, place, f"no answer to {name!r} leads to it.")
        elif not _can_be_known(earlier[name], question):
            yield Fault(file, place, f"it is asked after an answer to {name!r}, which those asked never give.")
    if unknown := question.respondents - survey.respondents:
        yield Fault(file, place, f"it is asked of {', '.join(sorted(unknown))}, whom the survey does not ask.")
    if question.prefill:
        told = {*question.prefill.occasion.values(), *question.prefill.respondent.values()}
        if wrong := told - question.values - {question.dont_know}:
            yield Fault(file, place, f"what is filled in beforehand, {sorted(wrong)[0]}, is no answer to it.")


def _can_be_known(earlier: Question, question: Question) -> bool:
    """Whether somebody who is asked the question may have answered the earlier one, or have it filled in."""
    if earlier.prefill:
        return True
    apart = earlier.respondents and question.respondents and not earlier.respondents & question.respondents
    return earlier.asked and not apart


def _check_groups(file: str, survey: Survey) -> Iterator[Fault]:
    order = {question.id: at for at, question in enumerate(survey.questions)}
    seen: set[str] = set()
    for group in survey.together:
        place = f"group {group.id}"
        if not 2 <= len(group.questions) <= MOST_STATEMENTS:
            yield Fault(file, place, "a group joins two to four statements.")
        places = [order.get(name, -1) for name in group.questions]
        if -1 in places:
            yield Fault(file, place, "it names a question that is not in the survey.")
            continue
        if places != list(range(places[0], places[0] + len(places))) or places[0] == 0:
            yield Fault(file, place, "its statements stand one after another in the survey's order, not first.")
        if seen & set(group.questions):
            yield Fault(file, place, "a statement is in another group too.")
        seen.update(group.questions)
        members = [survey.questions[at] for at in places]
        if any(not member.single_digit for member in members):
            yield Fault(file, place, "only statements answered with a single digit can be joined.")
        if len({(member.low, member.high, member.dont_know) for member in members}) > 1:
            yield Fault(file, place, "its statements share one scale, for the message prints one.")
        if members[0].dont_know is None:
            yield Fault(file, place, "its scale has a digit for don't know, which the message names.")
        if any(member.only_if.keys() & set(group.questions) for member in members):
            yield Fault(file, place, "a statement hangs on another one of the same group.")


def _units_asking(library: Library, survey: Survey) -> list[Unit]:
    units = list(library.organisation.units.values())
    return [unit for unit in units if survey.id in (*unit.surveys.values(), *unit.other_surveys)] or units[:1]
