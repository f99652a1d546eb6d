"""What the tests of the reply reader share: the shipped words, three questions, and how a set of cases is scored."""

import json
import tomllib
from collections import Counter
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from survey_flow.language import Language
from survey_flow.replies import Expected, Lexicon, Meaning, Reading, read

HERE = Path(__file__).parent
TEMPLATES = HERE.parent.parent / "templates"

NPS_TEXT = (
    "Kuinka todennäköisesti suosittelisit Nuorten Matalaa kaverille, joka tarvitsee apua? "
    "Vastaa 0-10: 0=en lainkaan, 10=erittäin todennäköisesti"
)
OPENING = (
    "Hei Nuorten Matalasta! Kuinka todennäköisesti suosittelisit meitä kaverille, joka tarvitsee apua? "
    "Vastaa 0-10: 0=en lainkaan, 10=erittäin. Ei kyselyjä: STOP"
)
SCALE_TEXT = "Sain apua, kun tarvitsin sitä. Vastaa 1-5: 1=täysin eri mieltä, 5=täysin samaa mieltä, 0=en osaa sanoa"
SCALE_SWEDISH = (
    "Jag fick hjälp när jag behövde det. Svara 1-5: 1=helt av annan åsikt, 5=helt av samma åsikt, 0=kan inte säga"
)
SCALE_ENGLISH = "I got help when I needed it. Reply 1-5: 1=strongly disagree, 5=strongly agree, 0=don't know"

NPS = Expected(
    "nps",
    low=0,
    high=10,
    labels={
        "en lainkaan": 0,
        "inte alls": 0,
        "not at all": 0,
        "not at all likely": 0,
        "erittäin todennäköisesti": 10,
        "erittäin": 10,
        "mycket sannolikt": 10,
        "extremely likely": 10,
    },
    printed=(NPS_TEXT, OPENING),
)
SCALE5 = Expected(
    "scale",
    low=1,
    high=5,
    dont_know=0,
    labels={
        "täysin eri mieltä": 1,
        "helt av annan åsikt": 1,
        "strongly disagree": 1,
        "täysin samaa mieltä": 5,
        "helt av samma åsikt": 5,
        "strongly agree": 5,
        "en osaa sanoa": 0,
        "kan inte säga": 0,
        "don't know": 0,
    },
    printed=(SCALE_TEXT, SCALE_SWEDISH, SCALE_ENGLISH),
)
SCALE3 = Expected(
    "scale", low=1, high=3, dont_know=0, labels={"paljon": 3, "jonkin verran": 2, "vähän": 1, "en osaa sanoa": 0}
)
GRADE = Expected("scale", low=4, high=10, dont_know=0)
CHOICE = Expected("choice", choices=frozenset({1, 2}), dont_know=0, labels={"kyllä": 1, "ei": 2, "en osaa sanoa": 0})
OPEN = Expected("open")


def shipped(folder: str) -> dict[Language, Mapping[str, Any]]:
    return {
        language: tomllib.loads((TEMPLATES / folder / f"{language}.toml").read_text("utf-8")) for language in Language
    }


LEXICON = Lexicon.from_files(shipped("words"), shipped("safety"))


def reading(text: str, expected: Expected = NPS, language: Language = Language.FI) -> Reading:
    return read(text, expected, language, LEXICON)


def outcome(text: str, expected: Expected = NPS, language: Language = Language.FI) -> int | str:
    """The digit of an answer, else the meaning, as the sets of cases write it."""
    found = reading(text, expected, language)
    return found.value if found.meaning is Meaning.ANSWER and found.value is not None else found.meaning.value


def cases(name: str) -> Iterator[dict[str, Any]]:
    """Every reading that a set wants: the text, the question, the wanted outcome and those also accepted."""
    data = json.loads((HERE / f"{name}.json").read_text("utf-8"))
    for case in data["cases"]:
        for question, expected in (("nps", NPS), ("scale5", SCALE5)):
            also = case.get(f"{question}_also_ok", [])
            yield {**case, "expected": expected, "wanted": case[question], "accepted": [case[question], *also]}
    for case in data.get("open_cases", []):
        accepted = [case["expected"], *case.get("also_ok", [])]
        yield (
            {"lang": "fi", "contested": len(accepted) > 1}
            | {**case, "wanted": case["expected"], "expected": OPEN}
            | {"accepted": accepted}
        )


def score(name: str) -> Counter[str]:
    """How many readings are strictly and leniently right, and the costly errors by kind."""
    counts: Counter[str] = Counter()
    for case in cases(name):
        found = outcome(case["text"], case["expected"], Language(case["lang"]))
        counts["all"] += 1
        counts["strict"] += found == case["wanted"]
        counts["lenient"] += found in case["accepted"]
        if found not in case["accepted"]:
            counts["wrong number"] += isinstance(found, int)
            counts["missed crisis"] += case["wanted"] == "crisis"
            counts["missed stop"] += case["wanted"] == "stop" and found != "crisis"
    return counts
