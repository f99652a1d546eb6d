"""Playing a survey without a phone: for its author, for the tests' conversation files, and for counting segments."""

from collections.abc import Iterator
from dataclasses import dataclass, field, replace

from survey_flow import dialogue, prompts
from survey_flow.conversation import Close, Conversation, Effect, OptOut, Outcome, from_plain, to_plain
from survey_flow.language import Language
from survey_flow.library import Library
from survey_flow.prompts import Script
from survey_flow.sms_text import size
from survey_flow.survey import Survey
from survey_flow.text_check import texts_sent


@dataclass(slots=True)
class Player:
    """One conversation, its state saved and read again between turns, as the tables do."""

    script: Script
    conversation: Conversation
    said: list[str] = field(default_factory=list)
    heard: list[str] = field(default_factory=list)
    effects: list[Effect] = field(default_factory=list)

    @classmethod
    def begin(
        cls,
        library: Library,
        *,
        unit: str,
        respondent: str,
        language: Language,
        survey_id: str | None = None,
        occasion: str | None = "end",
        neutral: bool = False,
        one_by_one: bool = False,
        facts: dict[str, int] | None = None,
    ) -> "Player":
        """The conversation with its opening said. Raises LookupError for what is not in the library."""
        asking_unit = library.organisation.units[unit]
        survey = library.surveys[survey_id or asking_unit.surveys[respondent]]
        survey = replace(survey, grouped=survey.grouped and not one_by_one)
        script = Script(survey, asking_unit, library.messages, library.lexicon)
        conversation = Conversation(
            survey=survey.id,
            survey_version=survey.version,
            unit=unit,
            respondent=respondent,
            language=language,
            occasion=occasion,
            neutral=neutral,
            facts=survey.fixed_facts(occasion=occasion, respondent=respondent, facts=facts or {}),
        )
        turn = dialogue.start(script, conversation)
        return cls(script, turn.conversation, said=[turn.reply])

    @property
    def closed(self) -> bool:
        return any(isinstance(effect, Close) for effect in self.effects)

    @property
    def outcome(self) -> Outcome | None:
        return next((effect.outcome for effect in self.effects if isinstance(effect, Close)), None)

    @property
    def opted_out(self) -> bool:
        return any(isinstance(effect, OptOut) for effect in self.effects)

    def hear(self, text: str, *, unseen_question: bool = False) -> str:
        """The reply to one message."""
        saved = from_plain(to_plain(self.conversation))
        turn = dialogue.advance(self.script, saved, text, unseen_question=unseen_question)
        self.conversation = turn.conversation
        self.effects += turn.effects
        self.heard.append(text)
        self.said.append(turn.reply)
        return turn.reply

    def transcript(self) -> str:
        """The conversation as a file: what the phone wrote after ">", what it got after "<", its end after "=",
        and after "+" the comments as they were kept."""
        lines = [_marked("<", self.said[0])]
        for heard, said in zip(self.heard, self.said[1:], strict=True):
            lines += [_marked(">", heard), _marked("<", said)]
        answers = ", ".join(f"{name}={answer}" for name, answer in self.conversation.answers.items())
        lines.append(f"= {self.outcome or 'open'}: {answers}".rstrip())
        lines += [_marked("+", f"{name}: {text}") for name, text in self.conversation.texts.items()]
        return "\n".join(lines)


def _marked(mark: str, text: str) -> str:
    return "\n".join(f"{mark} {line}".rstrip() for line in text.split("\n"))


def cost_table(library: Library, survey: Survey) -> Iterator[str]:
    """Each text's segments and length by language, and the segments of a completed survey in Finnish."""
    units = [unit for unit in library.organisation.units.values() if survey.id in unit.surveys.values()]
    unit = units[0] if units else next(iter(library.organisation.units.values()))
    script = Script(survey, unit, library.messages, library.lexicon)
    by_place: dict[str, list[str]] = {}
    for language in Language:
        for place, text, _ in texts_sent(script, language, neutral=False):
            taken = size(text)
            by_place.setdefault(place, []).append(f"{language} {taken.segments} ({taken.characters})")
    for place, sizes in by_place.items():
        yield f"{place:34} {'   '.join(sizes)}"
    yield f"completed: {completed_segments(script)} segments out, {completed_replies(script)} replies in"


def _plain_run(script: Script) -> tuple[int, int]:
    """Segments out and replies in when every question is answered at once, in Finnish."""
    respondent = sorted(script.survey.respondents)[0]
    conversation = Conversation(
        script.survey.id,
        script.survey.version,
        script.unit.id,
        respondent,
        Language.FI,
        occasion="end",
        facts=script.survey.fixed_facts(occasion="end", respondent=respondent, facts={}),
    )
    turn = dialogue.start(script, conversation)
    segments, replies = size(turn.reply).segments, 0
    while turn.outcome is None:
        turn = dialogue.advance(script, turn.conversation, _readable(script, turn.conversation))
        segments, replies = segments + size(turn.reply).segments, replies + 1
    return segments, replies


def _readable(script: Script, conversation: Conversation) -> str:
    questions = [script.survey.question(name) for name in conversation.asking]
    if len(questions) > 1:
        return prompts.example(questions)
    question = questions[0]
    return str(max(question.values)) if question.how else "Kiva paikka."


def completed_segments(script: Script) -> int:
    return _plain_run(script)[0]


def completed_replies(script: Script) -> int:
    return _plain_run(script)[1]
