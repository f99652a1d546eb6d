"""Which question comes next. A step is the ids that one message asks: one question, or a group of statements."""

from dataclasses import replace

from survey_flow.conversation import Answer, Conversation
from survey_flow.survey import Question, Survey

Step = tuple[str, ...]


def next_step(survey: Survey, conversation: Conversation) -> Step:
    """The first question in the survey's order that applies and has no answer yet, with its group; () at the end."""
    for question in survey.questions:
        if question.id in conversation.answers or not applies(question, conversation):
            continue
        group = survey.group_of(question.id)
        if group is None or group.id in conversation.split:
            return (question.id,)
        members = tuple(
            other
            for other in group.questions
            if other not in conversation.answers and applies(survey.question(other), conversation)
        )
        return members
    return ()


def applies(question: Question, conversation: Conversation) -> bool:
    """Whether this respondent is asked the question: switched on, for this group, not told already, branch taken."""
    if not question.asked or question.id in conversation.facts:
        return False
    if question.respondents and conversation.respondent not in question.respondents:
        return False
    return all(_known(earlier, conversation) in values for earlier, values in question.only_if.items())


def _known(question_id: str, conversation: Conversation) -> Answer | None:
    return conversation.answers.get(question_id, conversation.facts.get(question_id))


def count_of_questions(survey: Survey, conversation: Conversation) -> int:
    """How many questions will be asked as far as is known; those that hang on an answer are not counted."""
    fresh = replace(conversation, answers={})
    return sum(applies(question, fresh) for question in survey.questions)


def first_of_history(conversation: Conversation) -> bool:
    return len(conversation.asked) <= 1


def ask(conversation: Conversation, step: Step) -> Conversation:
    """The conversation with this step pending."""
    return replace(conversation, asking=step, asked=(*conversation.asked, step), re_asks=0)


def step_back(conversation: Conversation) -> Conversation:
    """The step before is pending again, and its answers are forgotten."""
    previous = conversation.asked[-2]
    forgotten = {*previous, *conversation.asking}
    return replace(
        conversation,
        asking=previous,
        asked=conversation.asked[:-1],
        answers={name: value for name, value in conversation.answers.items() if name not in forgotten},
        texts={name: text for name, text in conversation.texts.items() if name not in forgotten},
        re_asks=0,
    )
