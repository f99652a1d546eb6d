"""The words of one conversation: what is asked, asked again and answered, in its language and with its discretion."""

from dataclasses import dataclass

from survey_flow.conversation import Conversation
from survey_flow.messages import Messages
from survey_flow.organisation import Unit
from survey_flow.replies import Lexicon
from survey_flow.sms_text import size
from survey_flow.steps import Step, count_of_questions
from survey_flow.survey import Kind, Question, Respondent, Survey

LETTERS = "ABCD"
# An example of a reply must not look like a recommended answer: it goes up and down within the scale.
_EXAMPLE = (3, 5, 2, 4)


@dataclass(frozen=True, slots=True)
class Script:
    """What a conversation is played from."""

    survey: Survey
    unit: Unit
    messages: Messages
    lexicon: Lexicon


def opening(script: Script, conversation: Conversation) -> str:
    """The first SMS: who asks, the first question, how to answer and how to refuse."""
    texts = script.survey.opening_neutral if conversation.neutral else script.survey.opening
    return _fill(texts[conversation.language], script, conversation)


def prompt(script: Script, conversation: Conversation, step: Step | None = None) -> str:
    """The pending question as it is asked within the dialogue, or that of another step."""
    asked = step if step is not None else conversation.asking
    if len(asked) > 1:
        return group_prompt(script, conversation, asked)
    question = script.survey.question(asked[0])
    return _fill(question.prompt(conversation.language, neutral=conversation.neutral), script, conversation)


def group_prompt(script: Script, conversation: Conversation, step: Step) -> str:
    group = next(group for group in script.survey.together if step[0] in group.questions)
    questions = [script.survey.question(question_id) for question_id in step]
    return group.text[conversation.language].format(
        statements=statements(script, questions, conversation),
        count_word=script.messages.count_word(len(step), conversation.language),
        example=example(questions),
    )


def statements(script: Script, questions: list[Question], conversation: Conversation) -> str:
    wordings = [question.wording(conversation.language, neutral=conversation.neutral) for question in questions]
    texts = [_fill(wording, script, conversation) for wording in wordings]
    return "\n".join(f"{letter} {text}" for letter, text in zip(LETTERS, texts, strict=False))


def example(questions: list[Question]) -> str:
    """A reply to these statements as a respondent could write it: "3524"."""
    return "".join(
        str(question.low + (digit - 1) % (question.high - question.low + 1))
        for question, digit in zip(questions, _EXAMPLE, strict=False)
    )


def ask_again(script: Script, conversation: Conversation) -> str:
    """What is said when a reply could not be read: how to answer, how to pass, how to refuse."""
    say, language, step = script.messages.say, conversation.language, conversation.asking
    question = script.survey.question(step[0])
    if len(step) > 1:
        questions = [script.survey.question(question_id) for question_id in step]
        count_word = script.messages.count_word(len(step), language)
        digit = question.dont_know
        return say("unclear_group", language, count_word=count_word, example=example(questions), dont_know=digit)
    if question.kind is Kind.OPEN:
        return say("unclear_open", language)
    if question.kind is Kind.CHOICE:
        return say("unclear_choice", language)
    if question.kind is Kind.SCALE and question.high - question.low < 3:
        return say("unclear_labels", language, how=question.how[language])
    if question.dont_know is None:
        return say("unclear_number", language, low=question.low, high=question.high)
    return say("unclear_number_dont_know", language, low=question.low, high=question.high, dont_know=question.dont_know)


def with_before(before: str, text: str) -> str:
    """Both in one message, unless the words before would cost another segment."""
    joined = f"{before} {text}"
    return joined if size(joined).segments <= size(text).segments else text


def safety_text(script: Script, conversation: Conversation) -> str:
    return script.messages.say(safety_key(conversation.respondent), conversation.language)


def safety_key(respondent: str | None) -> str:
    """Youth get the lines for the young; so does a number we know nothing of, for the first users are 13-17."""
    return "crisis_youth" if respondent in (None, Respondent.YOUTH) else "crisis_adult"


def help_text(script: Script, conversation: Conversation) -> str:
    """First who we are and whom to ask; from the second time on the cost, the way back and the languages."""
    if conversation.helps:
        return script.messages.say("help_cost", conversation.language)
    who = script.unit.who(conversation.language, neutral=conversation.neutral)
    contact = script.unit.contact_for(neutral=conversation.neutral)
    return script.messages.say("help", conversation.language, who=who, contact=contact)


def reminder(script: Script, conversation: Conversation) -> str:
    """One segment that points to the question above it; other words for those who have not begun."""
    key = "reminder" if conversation.begun else "reminder_not_started"
    who = script.unit.who(conversation.language, neutral=conversation.neutral)
    return script.messages.say(key, conversation.language, who=who)


def thanks(script: Script, conversation: Conversation) -> str:
    return _fill(script.survey.thanks[conversation.language], script, conversation)


def _fill(text: str, script: Script, conversation: Conversation) -> str:
    return text.format(
        service=script.unit.who(conversation.language, neutral=conversation.neutral),
        county=script.unit.county[conversation.language],
        count=count_of_questions(script.survey, conversation) if "{count" in text else 0,
    )
