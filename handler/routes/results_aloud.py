"""The sentences to read aloud in a meeting: how many answered, the index or the grade, and how it has moved."""

from handler.routes.results_scales import GRADES, change_of_mean
from handler.routes.results_words import ResultsWords
from handler.work.results import Compare, GroupResults
from survey_flow.best_weakest import best_and_weakest
from survey_flow.figures import GroupFigures
from survey_flow.language import Language
from survey_flow.question_figures import QuestionFigures
from survey_flow.statistics import Interval, Nps, difference_of_nps, mean_interval


def aloud(group: GroupResults, compare: Compare, words: ResultsWords, language: Language) -> list[str]:
    """Nothing of a group that is hidden. Of a survey with neither index nor grade, the best and the weakest."""
    if group.figures.hidden:
        return []
    if group.figures.index:
        return [_answered(group, words), _index(group.figures.index, words), _change_of_index(group, compare, words)]
    if grade := grade_of(group.figures):
        said = [_answered(group, words), _grade(grade, words), _change_of_grade(group, grade, compare, words)]
        return [sentence for sentence in said if sentence]
    return [_answered(group, words), *_extremes(group.figures, words, language)]


def grade_of(figures: GroupFigures) -> QuestionFigures | None:
    """The overall school grade, where a survey asks for one instead of a recommendation."""
    shown = (each for each in figures.questions if each.mean is not None)
    return next((each for each in shown if (each.question.low, each.question.high) == GRADES), None)


def _answered(group: GroupResults, words: ResultsWords) -> str:
    figures = group.figures
    return words.say(f"answered_{group.respondent}", during=words.during(figures.months), n=figures.responses)


def _index(index: Nps, words: ResultsWords) -> str:
    probably = words.probably(Interval(index.index, index.low, index.high))
    return words.say("index_is", index=words.number(index.index), probably=probably)


def _change_of_index(group: GroupResults, compare: Compare, words: ResultsWords) -> str:
    now, before = group.figures.index, group.before.index
    if now is None or before is None:
        return words.say(f"nothing_{compare}")
    return words.change(_than(group, compare, words), "index", difference_of_nps(now, before))


def _grade(grade: QuestionFigures, words: ResultsWords) -> str:
    probably = words.probably(mean_interval(grade.distribution), 1)
    return words.say("grade_is", mean=words.number(_mean(grade), 1), probably=probably)


def _change_of_grade(group: GroupResults, grade: QuestionFigures, compare: Compare, words: ResultsWords) -> str:
    """Nothing when all gave the same grade both times: no interval, and no change to speak of."""
    before = group.before.question(grade.question.id)
    if before is None or before.hidden:
        return words.say(f"nothing_{compare}")
    change = change_of_mean(grade, before)
    return words.change(_than(group, compare, words), "grade", change, 1) if change else ""


def _extremes(figures: GroupFigures, words: ResultsWords, language: Language) -> list[str]:
    """With a word of caution where the answers do not tell the best from the weakest."""
    if (found := best_and_weakest(figures.questions)) is None:
        return []
    said = words.say(
        "best_is",
        best=words.say("quoted", text=_without_stop(found.best, language)),
        high=words.number(found.means.high, 1),
        weakest=words.say("quoted", text=_without_stop(found.weakest, language)),
        low=words.number(found.means.low, 1),
    )
    return [said, words.say("extremes_close")] if found.close else [said]


def _without_stop(figures: QuestionFigures, language: Language) -> str:
    """A question within a sentence: a statement's full stop is left out."""
    return figures.question.text[language].rstrip(".")


def _than(group: GroupResults, compare: Compare, words: ResultsWords) -> str:
    return words.say(f"than_{compare}", period=words.named(group.before.months))


def _mean(figures: QuestionFigures) -> float:
    return figures.mean or 0.0
