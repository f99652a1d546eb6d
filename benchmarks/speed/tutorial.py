"""The design of Twilio's own survey tutorial, written anew as a baseline: Flask, SQLAlchemy, a row for each answer.

Its design, by https://github.com/TwilioDevEd/automated-survey-flask (read, not copied): which question is pending
stands in a signed cookie that Twilio keeps; a message is redirected to the answer's address, which stores a row and
redirects to the next question's, which sets the cookie and asks it. So an answer is three requests, nothing checks who
sent them, and a message that Twilio repeats is stored twice. Here over SQLite in a file, as the tutorial is shipped.
"""

from dataclasses import dataclass
from http.cookies import SimpleCookie
from pathlib import Path

from flask import Flask, request, session, url_for
from sqlalchemy import ForeignKey, create_engine, func, select
from sqlalchemy.orm import DeclarativeBase, Mapped, Session, mapped_column, scoped_session, sessionmaker
from twilio.twiml.messaging_response import MessagingResponse

QUESTIONS = (
    ("How likely are you to recommend us to a friend, 0-10?", "numeric"),
    ("I got help when I needed it.", "numeric"),
    ("I was taken seriously.", "numeric"),
    ("I could take part in decisions.", "numeric"),
    ("The visits were of use to me.", "numeric"),
    ("What would you like to tell us?", "text"),
)
_HOW = {"text": "Please type your answer", "numeric": "Please type a number"}


class Base(DeclarativeBase):
    pass


class Survey(Base):
    __tablename__ = "surveys"
    id: Mapped[int] = mapped_column(primary_key=True)
    title: Mapped[str]


class Question(Base):
    __tablename__ = "questions"
    id: Mapped[int] = mapped_column(primary_key=True)
    survey_id: Mapped[int] = mapped_column(ForeignKey("surveys.id"))
    content: Mapped[str]
    kind: Mapped[str]


class Answer(Base):
    __tablename__ = "answers"
    id: Mapped[int] = mapped_column(primary_key=True)
    content: Mapped[str]
    session_id: Mapped[str]
    question_id: Mapped[int] = mapped_column(ForeignKey("questions.id"))


@dataclass(frozen=True, slots=True)
class Tutorial:
    """`app`, and the cookie that Twilio sends with a message to the first question."""

    app: Flask
    cookie: str


def tutorial(file: Path) -> Tutorial:
    engine = create_engine(f"sqlite:///{file}")
    Base.metadata.create_all(engine)
    database = scoped_session(sessionmaker(engine))
    _fill(database)
    app = Flask(__name__)
    app.secret_key = "a key for benchmarks"  # noqa: S105
    _add_routes(app, database)

    @app.teardown_appcontext
    def close(_: BaseException | None) -> None:
        database.remove()

    return Tutorial(app, _first_cookie(app))


def _fill(database: scoped_session[Session]) -> None:
    database.add(Survey(id=1, title="Survey"))
    for number, (content, kind) in enumerate(QUESTIONS, 1):
        database.add(Question(id=number, survey_id=1, content=content, kind=kind))
    database.commit()
    database.remove()


def _add_routes(app: Flask, database: scoped_session[Session]) -> None:
    @app.post("/message")
    def message() -> str:
        survey = database.scalars(select(Survey).limit(1)).one()
        counted = select(func.count()).select_from(Question).where(Question.survey_id == survey.id)
        response = MessagingResponse()
        if not database.scalar(counted):
            response.message("There are no questions.")
        elif "question_id" in session:
            response.redirect(url_for("answer", question_id=session["question_id"]))
        else:
            first = database.scalars(select(Question).where(Question.survey_id == survey.id).limit(1)).one()
            response.redirect(url_for("question", question_id=first.id), method="GET")
        return str(response)

    @app.post("/answer/<int:question_id>")
    def answer(question_id: int) -> str:
        asked = database.get_one(Question, question_id)
        form = request.form
        database.add(Answer(content=form["Body"], session_id=form["MessageSid"], question_id=asked.id))
        database.commit()
        later = select(Question).where(Question.survey_id == asked.survey_id, Question.id > question_id)
        following = database.scalars(later.order_by(Question.id).limit(1)).first()
        response = MessagingResponse()
        if following is None:
            session.pop("question_id", None)
            response.message("Thank you for answering.")
        else:
            response.redirect(url_for("question", question_id=following.id), method="GET")
        return str(response)

    @app.get("/question/<int:question_id>")
    def question(question_id: int) -> str:
        asked = database.get_one(Question, question_id)
        session["question_id"] = asked.id
        response = MessagingResponse()
        response.message(asked.content)
        response.message(_HOW[asked.kind])
        return str(response)


def _first_cookie(app: Flask) -> str:
    answer = app.test_client().get("/question/1")
    found = SimpleCookie(answer.headers["Set-Cookie"])
    return f"session={found['session'].value}"
