"""Made-up answers for one machine: three months of them, marked as examples, so that one's own is seen as one more.

`python -m local.examples --now ISO` writes them through the same tables as real ones.
"""

import argparse
import random
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime

from dateutil.relativedelta import relativedelta

from handler.start import make_parts, read_settings
from handler.tables import base, comments, counts, invitations, responses
from handler.tables.base import LostRace
from handler.tables.invitations import InvitationRow, InvitationState
from handler.tables.responses import Place
from handler.work.fold_sends import fold
from handler.work.parts import Parts
from local.one_app import make_missing
from survey_flow.closing import FINISHED, MESSAGES_IN, SEGMENTS_OUT, by_stem, columns
from survey_flow.conversation import Answer, Mark
from survey_flow.figures import EXAMPLES
from survey_flow.statistics import segment
from survey_flow.survey import Kind, Question, Survey

# How many answers each group of a unit gets in the month before last, the last one and this one. Over twenty of this
# month in Kotka and Kouvola, so that it is shown live and one's own answer is seen as one more; few elsewhere.
MONTHLY = {"kotka": (9, 12, 24), "kouvola": (8, 7, 22), "varkaus": (3, 4, 4), "nemova": (1, 2, 2)}
FEW = (2, 2, 2)
# About a third answers.
SENT_PER_ANSWER = 3
_COMMENTS = (
    "(esimerkki) Täällä kuunneltiin oikeasti.",
    "(esimerkki) Ajan sai nopeasti.",
    "(esimerkki) Odotustila voisi olla rauhallisempi.",
    "(esimerkki) Kiitos, tästä oli apua.",
    "(esimerkki) Työntekijä vaihtui kesken, ja jouduin kertomaan kaiken alusta.",
    "(esimerkki) Iltapäivällä pääsi koulun jälkeen, hyvä.",
    "(esimerkki) Olisin halunnut useamman tapaamisen.",
)


@dataclass(frozen=True, slots=True)
class Example:
    place: Place
    survey: Survey
    answers: dict[str, Answer]
    comment: str


def made_up(parts: Parts, now: datetime, seed: int = 13) -> Iterator[Example]:
    """The example answers, the same ones every time for the same month."""
    chance = random.Random(seed)  # noqa: S311 example answers, not secrets
    months = [(now - relativedelta(months=back)).strftime("%Y-%m") for back in (2, 1, 0)]
    for unit in parts.library.organisation.units.values():
        for respondent, survey_id in unit.surveys.items():
            survey = parts.library.surveys[survey_id]
            for month, number in zip(months, MONTHLY.get(unit.id, FEW), strict=True):
                for _ in range(number):
                    answers = {q.id: _answer(q, chance) for q in survey.questions if _is_asked(q, respondent)}
                    comment = chance.choice(_COMMENTS) if chance.random() < 0.5 else ""
                    yield Example(
                        Place(unit.id, survey_id, respondent, month), survey, by_stem(survey, answers), comment
                    )


def _is_asked(question: Question, respondent: str) -> bool:
    return question.asked and (not question.respondents or respondent in question.respondents)


def _answer(question: Question, chance: random.Random) -> Answer:
    if question.kind is Kind.OPEN:
        return Mark.SKIPPED
    if question.kind is not Kind.NPS and chance.random() < 0.06:
        return Mark.DONT_KNOW
    digits = sorted(question.values)
    if question.kind is Kind.CHOICE:
        return chance.choice(digits)
    # Finnish services mostly get good marks: the best digits are the likeliest.
    return chance.choices(digits, weights=[1.8**at for at in range(len(digits))])[0]


# What one grouped survey takes, answered in three messages, and the openings that nobody answered.
_TRAFFIC = {SEGMENTS_OUT: 5 + SENT_PER_ANSWER - 1, MESSAGES_IN: 3}


def write(parts: Parts, example: Example, number: int) -> None:
    """One example, as a closed conversation would have left it, with delivered invitations, most of them unanswered."""
    score = example.answers.get("nps")
    with base.transaction(parts.region) as together:
        responses.put(
            together,
            example.place,
            survey_version=example.survey.version,
            answers=example.answers,
            outcome=FINISHED,
        )
        if example.comment:
            kind = segment(score) if isinstance(score, int) else ""
            comments.put(together, example.place, text=example.comment, segment=kind)
        counts.add(together, example.place, {**columns(example.answers, FINISHED), **_TRAFFIC, EXAMPLES: 1})
        for sent in range(SENT_PER_ANSWER):
            invitations.put_new(together, _invitation(example.place, f"example-{number}-{sent}"))


def _invitation(place: Place, invitation_id: str) -> InvitationRow:
    return invitations.row(
        invitation_id,
        unit=place.unit,
        survey=place.survey,
        respondent=place.respondent,
        month=place.month,
        by="example",
        state=InvitationState.DELIVERED,
    )


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--now", type=datetime.fromisoformat, required=True)
    now = parser.parse_args().now
    settings = read_settings()
    parts = make_parts(settings, clock=lambda: now)
    make_missing(settings)
    for number, example in enumerate(made_up(parts, now)):
        try:
            write(parts, example, number)
        except LostRace:
            continue  # it is there already: an earlier start was stopped half-way
    for place in dict.fromkeys(example.place for example in made_up(parts, now)):
        fold(place)


if __name__ == "__main__":
    main()
