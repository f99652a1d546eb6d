"""Every fault that a definition file can have: a small change to a shipped file, and the sentence that names it."""

import re
import shutil
from decimal import Decimal
from pathlib import Path

import pytest

from handler.templates import COMPILED, TEMPLATES, checked_library
from survey_flow.collection_windows import Window
from survey_flow.faults import FaultyDefinitions
from survey_flow.library import Library
from survey_flow.price import Prices
from survey_flow.survey_check import check

YOUTH = "surveys/nuorten-matala-nuori.toml"
CLIENT = "surveys/vaikuttavuus-asiakas.toml"
UNITS = "organisation.toml"
FI = "messages/fi.toml"
# The organisation's own ceiling, up to its number.
CEILING = "\ndaily_ceiling = "
AVOIN = 'id = "avoin"\nkind = "open"\n'


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A copy of the shipped templates, to be spoilt."""
    copy = tmp_path / "templates"
    shutil.copytree(TEMPLATES, copy, ignore=shutil.ignore_patterns("pages", "static", COMPILED))
    return copy


def change(folder: Path, name: str, old: str, new: str) -> None:
    """The first place of `old` in the file becomes `new`."""
    path = folder / name
    text = path.read_text(encoding="utf-8")
    assert old in text, f"{name} no longer holds {old!r}"
    path.write_text(text.replace(old, new, 1), encoding="utf-8")


def faults(folder: Path) -> list[str]:
    with pytest.raises(FaultyDefinitions) as failure:
        checked_library(folder)
    assert str(failure.value) == "\n".join(str(fault) for fault in failure.value.faults)
    return [str(fault) for fault in failure.value.faults]


def test_the_shipped_files_have_no_fault(library: Library) -> None:
    assert check(library) == []


# What the case shows: (file, what stands there, what it becomes, the sentence)
FORM = {
    "a language is missing": (
        YOUTH,
        'sv = "Jag fick hjälp när jag behövde det."\n',
        "",
        "nuorten-matala-nuori.toml, question apu: the Swedish text (sv) is missing.",
    ),
    "a language is empty": (
        YOUTH,
        '"Jag fick hjälp när jag behövde det."',
        '" "',
        "nuorten-matala-nuori.toml, question apu: the text is empty (at sv).",
    ),
    "a language of the title is missing": (
        YOUTH,
        'en = "Nuorten Matala: young people"\n',
        "",
        "nuorten-matala-nuori.toml: the English text (en) is missing (at title).",
    ),
    "a key is missing": (YOUTH, "version = 1\n", "", "nuorten-matala-nuori.toml: 'version' is missing."),
    "a question without an id is told by its number": (
        YOUTH,
        'id = "apu"\n',
        "",
        "nuorten-matala-nuori.toml, question number 2: 'id' is missing.",
    ),
    "an unknown key": (
        YOUTH,
        "asked = false",
        "aksed = false",
        "nuorten-matala-nuori.toml, question turva: 'aksed' is not a word that this file knows.",
    ),
    "an unknown key with a hyphen": (
        YOUTH,
        "asked = false",
        "is-asked = false",
        "nuorten-matala-nuori.toml, question turva: 'is-asked' is not a word that this file knows.",
    ),
    "a wrong type": (
        YOUTH,
        "version = 1",
        'version = "1"',
        "nuorten-matala-nuori.toml: expected `int`, got `str` (at version).",
    ),
    "an unknown kind": (
        YOUTH,
        'kind = "open"',
        'kind = "free"',
        "nuorten-matala-nuori.toml, question avoin: invalid enum value 'free' (at kind).",
    ),
    "a scale that is not there": (
        YOUTH,
        'scale = "suosittelu"',
        'scale = "suositus"',
        "nuorten-matala-nuori.toml, question nps: its scale 'suositus' is not among the survey's scales.",
    ),
    "an id that is not the file's name": (
        YOUTH,
        'id = "nuorten-matala-nuori"',
        'id = "nuorten-matala-huoltaja"',
        "nuorten-matala-nuori.toml: its survey's id is 'nuorten-matala-huoltaja', not the file's name.",
    ),
    "a county that is not there": (
        UNITS,
        'county = "kymenlaakso"',
        'county = "kymi"',
        "organisation.toml, unit kotka: its county 'kymi' is not among the counties.",
    ),
    "no hours for everybody": (
        UNITS,
        'hours = { default = "9:00-19:00", youth',
        "hours = { youth",
        'organisation.toml, unit kotka: its hours lack the line for everybody, default = "9:00-19:00".',
    ),
    "hours of nobody": (
        UNITS,
        'youth = "14:00',
        'yuoth = "14:00',
        "organisation.toml, unit kotka: its hours are for 'yuoth', who is no group.",
    ),
    "hours with a full stop": (
        UNITS,
        "9:00-19:00",
        "9.00-19.00",
        "organisation.toml, unit kotka: hours are written \"9:00-19:00\", not '9.00-19.00'.",
    ),
    "hours that no clock shows": (
        UNITS,
        "9:00-19:00",
        "9:00-25:00",
        "organisation.toml, unit kotka: hours are written \"9:00-19:00\", not '9:00-25:00'.",
    ),
    "hours that end before they begin": (
        UNITS,
        "9:00-19:00",
        "19:00-9:00",
        "organisation.toml, unit kotka: hours are written \"9:00-19:00\", not '19:00-9:00'.",
    ),
    "a window without its last full stop": (
        UNITS,
        '"1.4.-31.5."',
        '"1.4.-31.5"',
        "organisation.toml, unit varkaus: windows are written \"1.4.-31.5.\", not '1.4.-31.5'.",
    ),
    "a window in words": (
        UNITS,
        '"1.4.-31.5."',
        '"huhti-toukokuu"',
        "organisation.toml, unit varkaus: windows are written \"1.4.-31.5.\", not 'huhti-toukokuu'.",
    ),
    "a window with a year": (
        UNITS,
        '"1.4.-31.5."',
        '"1.4.2027-31.5.2027"',
        "organisation.toml, unit varkaus: windows are written \"1.4.-31.5.\", not '1.4.2027-31.5.2027'.",
    ),
    "a window to a day that June has not": (
        UNITS,
        '"1.4.-31.5."',
        '"1.4.-31.6."',
        "organisation.toml, unit varkaus: its window '1.4.-31.6.' names 31.6., which is no date.",
    ),
    "a window from the month first": (
        UNITS,
        '"1.10.-30.11."',
        '"10.31.-30.11."',
        "organisation.toml, unit varkaus: its window '10.31.-30.11.' names 10.31., which is no date.",
    ),
    "a window outside a list": (
        UNITS,
        'windows = ["1.4.-31.5.", "1.10.-30.11."]',
        'windows = "1.4.-31.5."',
        "organisation.toml, unit varkaus: expected `array`, got `str` (at windows).",
    ),
    "a ceiling of nothing": (
        UNITS,
        CEILING,
        f"{CEILING}0 # ",
        "organisation.toml: daily_ceiling is a whole number from 1 up, not 0.",
    ),
    "a ceiling of a unit that is no whole number": (
        UNITS,
        "# daily_ceiling = 500",
        "daily_ceiling = 0.5",
        "organisation.toml, unit kotka: daily_ceiling is a whole number from 1 up, not 0.5.",
    ),
    "a ceiling of a unit in quotes": (
        UNITS,
        "# daily_ceiling = 500",
        'daily_ceiling = "500"',
        "organisation.toml, unit kotka: daily_ceiling is a whole number from 1 up, not '500'.",
    ),
    "a unit's id is not written as one": (
        UNITS,
        "[units.nemova]",
        '[units."Nemo#va"]',
        "organisation.toml, unit Nemo#va: an id is made of small letters a-z, digits and -, and begins with a letter.",
    ),
    "a unit's name has two lines": (
        UNITS,
        'name = { fi = "Nemova",',
        'name = { fi = "Nemova\\nTurku",',
        "organisation.toml, unit nemova: its names stand on one line each.",
    ),
    "the poster's number is none": (
        UNITS,
        '# number = "+358 45 123 4567"',
        'number = "45 12"',
        "organisation.toml: number is written \"+358 45 123 4567\", not '45 12'.",
    ),
    "a first month that is none": (
        UNITS,
        'results_from = "2026-01"',
        'results_from = "2026-13"',
        "organisation.toml: a month is written \"2026-01\", not '2026-13'.",
    ),
    "an address of a report that is none": (
        UNITS,
        '"kotka@kuulolla.example"',
        '"Kotka <kotka@kuulolla.example>"',
        'organisation.toml, unit kotka: an e-mail address is written "name@example.org", not '
        "'Kotka <kotka@kuulolla.example>'.",
    ),
    "a goal that is not known": (
        UNITS,
        "goals = { nps = 50, response_rate = 30, mean = 4.0 }",
        "goals = { npss = 50 }",
        "organisation.toml, unit kotka: its goals name 'npss'; what can be aimed at is nps, response_rate, mean.",
    ),
    "a theme without a name": (
        UNITS,
        '"saatavuus" = {',
        '"saapuminen" = {',
        "organisation.toml, themes: the theme 'saatavuus' of nuorten-matala-huoltaja has no name here.",
    ),
    "a ceiling that is yes": (
        UNITS,
        CEILING,
        f"{CEILING}true # ",
        "organisation.toml: daily_ceiling is a whole number from 1 up, not True.",
    ),
    "a price under nothing": (
        UNITS,
        "segment_out = 0.08",
        "segment_out = -0.08",
        "organisation.toml, prices: segment_out is a price from 0 up, not -0.08.",
    ),
    "a price without end": (
        UNITS,
        "segment_in = 0.0075",
        "segment_in = inf",
        "organisation.toml, prices: segment_in is a price from 0 up, not inf.",
    ),
    "a price with a comma, in quotes": (
        UNITS,
        "segment_out = 0.08",
        'segment_out = "0,08"',
        "organisation.toml: expected `float`, got `str` (at prices.segment_out).",
    ),
    "a price left out": (
        UNITS,
        "segment_in = 0.0075",
        "",
        "organisation.toml: 'segment_in' is missing (at prices).",
    ),
    "a currency as a sign": (
        UNITS,
        'currency = "USD"',
        'currency = "$"',
        "organisation.toml, prices: the currency is written with three capital letters, \"USD\", not '$'.",
    ),
    "what may be left at the carrier": (
        UNITS,
        "daily_ceiling = 6000",
        'answers_at_carrier = "empty"',
        "organisation.toml: 'answers_at_carrier' is not a word that this file knows.",
    ),
    "an unknown key of a unit": (
        UNITS,
        "# daily_ceiling = 500",
        "daily_cieling = 500",
        "organisation.toml, unit kotka: 'daily_cieling' is not a word that this file knows.",
    ),
    "a unit's language is missing": (
        UNITS,
        'sv = "Nemova", en = "Nemova" }\nservice',
        'sv = "Nemova" }\nservice',
        "organisation.toml, unit nemova: the English text (en) is missing (at name).",
    ),
    "the counted words are missing": (
        FI,
        "[count_words]",
        "[numbers]",
        "messages/fi.toml: 'numbers' is not a word that this file knows.",
    ),
}

MEANING = {
    "version 0": (YOUTH, "version = 1", "version = 0", "nuorten-matala-nuori.toml: the version counts from 1."),
    "two questions with one id": (
        YOUTH,
        'id = "turva"',
        'id = "apu"',
        "nuorten-matala-nuori.toml, question apu: another question has the same id.",
    ),
    "an id with a hyphen": (
        YOUTH,
        'id = "turva"',
        'id = "turva-olo"',
        "nuorten-matala-nuori.toml, question turva-olo: an id is made of small letters a-z, digits and _, "
        "and begins with a letter.",
    ),
    "an id that is another column": (
        YOUTH,
        'id = "turva"',
        'id = "finished_early"',
        "nuorten-matala-nuori.toml, question finished_early: the id begins like a column of the counts "
        "that means something else.",
    ),
    "a first question that not everybody is asked": (
        CLIENT,
        'id = "hyoty"\n',
        'id = "hyoty"\nrespondents = ["guardian"]\n',
        "vaikuttavuus-asiakas.toml, question hyoty: the opening asks the first question: "
        "it must be asked of everybody.",
    ),
    "an open question with choices": (
        YOUTH,
        AVOIN,
        f"{AVOIN}choices = [1]\n",
        "nuorten-matala-nuori.toml, question avoin: an open question has no scale and no choices.",
    ),
    "no way to answer": (
        YOUTH,
        'scale = "mielipide"\n',
        "",
        "nuorten-matala-nuori.toml, question apu: it does not say how to answer: name a scale, or write how.",
    ),
    "a choice without digits": (
        YOUTH,
        "choices = [1, 2]\n",
        "",
        "nuorten-matala-nuori.toml, question jatkuu: a choice lists its digits in choices.",
    ),
    "an nps that is not 0-10": (
        YOUTH,
        "low = 0\nhigh = 10",
        "low = 1\nhigh = 10",
        "nuorten-matala-nuori.toml, question nps: an nps question has the scale 0-10.",
    ),
    "a scale without a range": (
        CLIENT,
        "low = 1\nhigh = 3",
        "low = 3\nhigh = 3",
        "vaikuttavuus-asiakas.toml, question hyoty: its scale has no range: low is not under high.",
    ),
    "don't know is an answer too": (
        CLIENT,
        "high = 3\ndont_know = 0",
        "high = 3\ndont_know = 3",
        "vaikuttavuus-asiakas.toml, question hyoty: the digit 3 cannot be both an answer and don't know.",
    ),
    "a scale prints another range": (
        YOUTH,
        'fi = "Vastaa 1-5:',
        'fi = "Vastaa 1-4:',
        "nuorten-matala-nuori.toml, question apu: the text (fi) names 1-4, which is not its range.",
    ),
    "the opening prints another range": (
        YOUTH,
        "joka tarvitsee apua? Vastaa 0-10: 0=en",
        "joka tarvitsee apua? Vastaa 1-10: 0=en",
        "nuorten-matala-nuori.toml, opening: the text (fi) names 1-10, which is not its range.",
    ),
    "the neutral opening prints another range": (
        YOUTH,
        "kaverille? Vastaa 0-10",
        "kaverille? Vastaa 0-5",
        "nuorten-matala-nuori.toml, opening_neutral: the text (fi) names 0-5, which is not its range.",
    ),
    "a question prints another range": (
        YOUTH,
        '"I was taken seriously."',
        '"I was taken seriously (1-7)."',
        "nuorten-matala-nuori.toml, question tosissaan: the text (en) names 1-7, which is not its range.",
    ),
    "a group prints another range": (
        YOUTH,
        "Send {count_word} digits",
        "Send {count_word} digits 1-6",
        "nuorten-matala-nuori.toml, group vaitteet: the text (en) names 1-6, which is not its range.",
    ),
    "a label of a digit that is no answer": (
        CLIENT,
        'fi = "3=paljon',
        'fi = "4=paljon',
        "vaikuttavuus-asiakas.toml, question hyoty: the text (fi) names 4=paljon, which is no answer to it.",
    ),
    "a choice does not name its digits": (
        YOUTH,
        'how.fi = "1=jatkuvat, 2=ovat päättyneet,',
        'how.fi = "1=jatkuvat,',
        "nuorten-matala-nuori.toml, question jatkuu: the text (fi) does not name each of its digits once.",
    ),
    "a branch from nowhere": (
        YOUTH,
        AVOIN,
        f"{AVOIN}only_if = {{ huoli = [1] }}\n",
        "nuorten-matala-nuori.toml, question avoin: it is asked after an answer to 'huoli', "
        "which is not in the survey.",
    ),
    "a branch backwards": (
        YOUTH,
        'id = "turva"\n',
        'id = "turva"\nonly_if = { jatkuu = [1] }\n',
        "nuorten-matala-nuori.toml, question turva: it is asked after an answer to 'jatkuu', which comes later.",
    ),
    "a branch that no answer takes": (
        YOUTH,
        AVOIN,
        f"{AVOIN}only_if = {{ apu = [6] }}\n",
        "nuorten-matala-nuori.toml, question avoin: no answer to 'apu' leads to it.",
    ),
    "a branch without digits": (
        YOUTH,
        AVOIN,
        f"{AVOIN}only_if = {{ apu = [] }}\n",
        "nuorten-matala-nuori.toml, question avoin: no answer to 'apu' leads to it.",
    ),
    "a branch from a question switched off": (
        YOUTH,
        AVOIN,
        f"{AVOIN}only_if = {{ turva = [1] }}\n",
        "nuorten-matala-nuori.toml, question avoin: it is asked after an answer to 'turva', "
        "which those asked never give.",
    ),
    "a branch of another group": (
        CLIENT,
        'id = "tavoitteet"\n',
        'id = "tavoitteet"\nrespondents = ["client"]\nonly_if = { mukana = [3] }\n',
        "vaikuttavuus-asiakas.toml, question tavoitteet: it is asked after an answer to 'mukana', "
        "which those asked never give.",
    ),
    "a question for a group that is not asked": (
        YOUTH,
        AVOIN,
        f'{AVOIN}respondents = ["professional"]\n',
        "nuorten-matala-nuori.toml, question avoin: it is asked of professional, whom the survey does not ask.",
    ),
    "filled in with what is no answer": (
        YOUTH,
        "midway = 1, end = 2",
        "midway = 1, end = 3",
        "nuorten-matala-nuori.toml, question jatkuu: what is filled in beforehand, 3, is no answer to it.",
    ),
    "a group of one": (
        YOUTH,
        'questions = ["apu", "tosissaan", "vaikutus", "hyoty"]',
        'questions = ["apu"]',
        "nuorten-matala-nuori.toml, group vaitteet: a group joins two to four statements.",
    ),
    "a group with a stranger": (
        YOUTH,
        '"tosissaan", "vaikutus", "hyoty"]',
        '"tosissaan", "vaikutus", "huoli"]',
        "nuorten-matala-nuori.toml, group vaitteet: it names a question that is not in the survey.",
    ),
    "a group out of order": (
        YOUTH,
        '["apu", "tosissaan", "vaikutus", "hyoty"]',
        '["tosissaan", "apu", "vaikutus", "hyoty"]',
        "nuorten-matala-nuori.toml, group vaitteet: its statements stand one after another in the survey's order, "
        "not first.",
    ),
    "a group with the first question": (
        YOUTH,
        '["apu", "tosissaan", "vaikutus", "hyoty"]',
        '["nps", "apu", "tosissaan", "vaikutus"]',
        "nuorten-matala-nuori.toml, group vaitteet: its statements stand one after another in the survey's order, "
        "not first.",
    ),
    "a group with a choice": (
        YOUTH,
        '["apu", "tosissaan", "vaikutus", "hyoty"]',
        '["turva", "jatkuu"]',
        "nuorten-matala-nuori.toml, group vaitteet: only statements answered with a single digit can be joined.",
    ),
    "a group with two scales": (
        YOUTH,
        'scale = "mielipide"\ntheme = "kohtaaminen"',
        'scale = "toinen"\ntheme = "kohtaaminen"',
        "nuorten-matala-nuori.toml, group vaitteet: its statements share one scale, for the message prints one.",
    ),
    "a group without a don't know": (
        YOUTH,
        "high = 5\ndont_know = 0",
        "high = 5",
        "nuorten-matala-nuori.toml, group vaitteet: its scale has a digit for don't know, which the message names.",
    ),
    "a statement hanging on its neighbour": (
        YOUTH,
        'id = "hyoty"\n',
        'id = "hyoty"\nonly_if = { apu = [5] }\n',
        "nuorten-matala-nuori.toml, group vaitteet: a statement hangs on another one of the same group.",
    ),
    "a unit without a language": (
        UNITS,
        'languages = ["fi", "sv", "en"]',
        "languages = []",
        "organisation.toml, unit kotka: it has no language.",
    ),
    "a unit's survey that is not there": (
        UNITS,
        'youth = "nuorten-matala-nuori"',
        'youth = "nuorten-matala"',
        "organisation.toml, unit kotka: its survey 'nuorten-matala' for youth is not among the surveys.",
    ),
    "a unit's survey for others": (
        UNITS,
        'guardian = "nuorten-matala-huoltaja"',
        'guardian = "nuorten-matala-nuori"',
        "organisation.toml, unit kotka: its survey 'nuorten-matala-nuori' is not for guardian.",
    ),
    "a calling code without its plus": (
        UNITS,
        'calling_codes = ["+358"]',
        'calling_codes = ["358"]',
        "organisation.toml: calling_codes are written \"+358\", not '358'.",
    ),
    "a long service name": (
        UNITS,
        'service = { fi = "Nemova"',
        'service = { fi = "Nemovan sosiaalisen kuntoutuksen tukihenkilöpalvelut"',
        "organisation.toml, unit nemova: with its service's name and number the text help (fi) is too long.",
    ),
}

TEXTS = {
    "a long question": (
        YOUTH,
        '"I felt safe during the visits."',
        f'"{"I felt safe. " * 9}"',
        "nuorten-matala-nuori.toml, question turva (en): 179 characters take 2 segments, and it may take 1.",
    ),
    "a long dash": (
        YOUTH,
        '"I felt safe during the visits."',
        '"I felt safe – always."',
        "nuorten-matala-nuori.toml, question turva (en): '–' is outside GSM-7 "
        "and would double the price of the message.",
    ),
    "a filling that is not there": (
        YOUTH,
        '"I felt safe during the visits."',
        '"I felt safe in {place}."',
        "nuorten-matala-nuori.toml, question turva (en): it cannot be filled with {place}.",
    ),
    "a filling with a form": (
        YOUTH,
        '"I felt safe during the visits."',
        '"I felt safe in {service:x}."',
        "nuorten-matala-nuori.toml, question turva (en): it cannot be filled with {service:x}.",
    ),
    "a filling of a neutral wording": (
        YOUTH,
        'neutral.en = "How likely',
        'neutral.en = "{how} likely',
        "nuorten-matala-nuori.toml, question nps (en): it cannot be filled with {how}.",
    ),
    "a lone brace": (
        YOUTH,
        '"I felt safe during the visits."',
        '"I felt safe :{"',
        "nuorten-matala-nuori.toml, question turva (en): a brace { or } stands alone.",
    ),
    "a group without its statements": (
        YOUTH,
        "Answers are handled without names.\n{statements}\n",
        "Answers are handled without names.\n",
        "nuorten-matala-nuori.toml, group vaitteet (en): the place of the {statements} is missing.",
    ),
    "a neutral opening that names the service": (
        YOUTH,
        'en = "Hi! {county}:',
        'en = "Hi from Nuorten Matala!',
        "nuorten-matala-nuori.toml, opening_neutral (en): a neutral conversation would name the service "
        "(nuorten matal...).",
    ),
    "a statement that names the service, inflected": (
        YOUTH,
        '"Sain apua, kun tarvitsin sitä."',
        '"Sain apua Nuorten Matalasta."',
        "nuorten-matala-nuori.toml, question apu (fi): a neutral conversation would name the service "
        "(nuorten matal...).",
    ),
    "a shared text is missing": (FI, 'trial = "', 'tiral = "', "messages/fi.toml, trial: the text is missing."),
    "a shared text that is never sent": (
        FI,
        'trial = "',
        'hello = "Hei"\ntrial = "',
        "messages/fi.toml, hello: this is not a text that is ever sent.",
    ),
    "a shared text is empty": (
        FI,
        'moving_on = "Ei haittaa, jatketaan!"',
        'moving_on = " "',
        "messages/fi.toml, moving_on: the text is empty.",
    ),
    "a shared text with a lone brace": (
        FI,
        "Ei haittaa, jatketaan!",
        "Ei haittaa, jatketaan :}",
        "messages/fi.toml, moving_on: a brace { or } stands alone.",
    ),
    "a shared text that cannot be filled": (
        FI,
        "Ei haittaa, jatketaan!",
        "Ei haittaa, {who}!",
        "messages/fi.toml, moving_on: it cannot be filled with {who}.",
    ),
    "a shared text outside GSM-7": (
        FI,
        "Ei haittaa, jatketaan!",
        "Ei haittaa – jatketaan!",
        "messages/fi.toml, moving_on: '–' is outside GSM-7 and would double the price of the message.",
    ),
    "a shared text that is too long": (
        FI,
        "Ei haittaa, jatketaan!",
        "Ei haittaa, jatketaan! " * 10,
        "messages/fi.toml, moving_on: it takes 2 segments, and may take 1.",
    ),
    "a counted word is missing": (FI, '4 = "neljä"', "", "messages/fi.toml, count_words: the word for 4 is missing."),
}

CASES = {**FORM, **MEANING, **TEXTS}
# What a scale of its own looks like, for the case of two scales in a group.
OTHER_SCALE = """[scales.toinen]
low = 1
high = 3
dont_know = 0
fi = "1=vähän, 3=paljon, 0=en osaa sanoa"
sv = "1=lite, 3=mycket, 0=kan inte säga"
en = "1=a little, 3=a lot, 0=don't know"

[[questions]]"""


@pytest.mark.parametrize(("name", "old", "new", "sentence"), CASES.values(), ids=CASES.keys())
def test_a_fault_is_named_with_its_file_and_place(folder: Path, name: str, old: str, new: str, sentence: str) -> None:
    change(folder, name, old, new)
    if '"toinen"' in new:
        change(folder, name, "[[questions]]", OTHER_SCALE)
    assert sentence in faults(folder)


def test_a_survey_without_questions_is_a_fault(folder: Path) -> None:
    path = folder / YOUTH
    text = path.read_text(encoding="utf-8")
    path.write_text(text[: text.index("[[questions]]")], encoding="utf-8")
    assert "nuorten-matala-nuori.toml: the survey has no questions." in faults(folder)


def test_a_survey_names_its_respondents(folder: Path) -> None:
    change(folder, YOUTH, 'respondents = ["youth"]', "respondents = []")
    assert "nuorten-matala-nuori.toml: the survey names no respondents." in faults(folder)


def test_a_surveys_id_is_made_of_small_letters(folder: Path) -> None:
    (folder / YOUTH).rename(folder / "surveys/Nuori.toml")
    change(folder, "surveys/Nuori.toml", '"nuorten-matala-nuori"', '"Nuori"')
    assert "Nuori.toml: the survey's id 'Nuori' is not made of small letters, digits and hyphens." in faults(folder)


def test_a_statement_is_in_one_group_alone(folder: Path) -> None:
    with (folder / YOUTH).open("a", encoding="utf-8") as file:
        file.write('\n[[together]]\nid = "toiset"\nquestions = ["hyoty", "turva"]\n')
        file.writelines(f'{language} = "{{statements}}"\n' for language in ("fi", "sv", "en"))
    assert faults(folder) == ["nuorten-matala-nuori.toml, group toiset: a statement is in another group too."]


def test_an_organisation_has_units(folder: Path) -> None:
    path = folder / UNITS
    text = path.read_text(encoding="utf-8")
    without_access = re.sub(r"\[\[access\]\]\n(.+\n)+", "", text[: text.index("[units.kotka]")])
    path.write_text(without_access + "[units]\n", encoding="utf-8")
    assert faults(folder) == ["organisation.toml: there are no units."]


ACCESS = {
    "a role that is none": (
        'role = "sender"\nunits = ["kotka"]',
        'role = "boss"\nunits = ["kotka"]',
        "access",
    ),
    "a unit that is none": ('units = ["nemova"]', 'units = ["nowhere"]', "its unit 'nowhere' is not among the units."),
    "a sender of no unit": (
        'role = "sender"\nunits = ["kotka"]',
        'role = "sender"',
        "it names no unit: a sender needs one.",
    ),
    "an administrator of one unit": (
        'role = "administrator"',
        'role = "administrator"\nunits = ["kotka"]',
        "an administrator's access is for every unit: leave the line of the units out.",
    ),
    "a group without a name": ('group = "kuulolla-yllapito"', 'group = " "', "the text is empty"),
}


@pytest.mark.parametrize(("right", "wrong", "told"), ACCESS.values(), ids=ACCESS)
def test_who_has_access_is_checked(folder: Path, right: str, wrong: str, told: str) -> None:
    path = folder / UNITS
    text = path.read_text(encoding="utf-8")
    assert right in text
    path.write_text(text.replace(right, wrong, 1), encoding="utf-8")
    (fault,) = faults(folder)
    assert told in fault


def test_the_shipped_organisation_has_windows_a_ceiling_and_planning_prices(library: Library) -> None:
    organisation = library.organisation
    spring, autumn = Window(first=(4, 1), last=(5, 31)), Window(first=(10, 1), last=(11, 30))
    assert {unit.id: unit.windows for unit in organisation.units.values() if unit.windows} == {
        "varkaus": (spring, autumn)
    }
    assert organisation.daily_ceiling is not None
    assert all(unit.daily_ceiling is None for unit in organisation.units.values())
    assert organisation.prices == Prices("USD", segment_out=Decimal("0.08"), segment_in=Decimal("0.0075"))


def test_a_unit_can_have_a_ceiling_of_its_own(folder: Path) -> None:
    change(folder, UNITS, "# daily_ceiling = 500", "daily_ceiling = 500")
    assert checked_library(folder).organisation.units["kotka"].daily_ceiling == 500


def test_an_organisation_needs_no_ceiling_no_prices_and_no_windows(folder: Path) -> None:
    change(folder, UNITS, CEILING, "\n# daily_ceiling = ")
    change(folder, UNITS, 'windows = ["1.4.-31.5.", "1.10.-30.11."]', "")
    change(folder, UNITS, '[prices]\ncurrency = "USD"\nsegment_out = 0.08\nsegment_in = 0.0075\n', "")
    organisation = checked_library(folder).organisation
    assert (organisation.daily_ceiling, organisation.prices) == (None, None)
    assert organisation.units["varkaus"].windows == ()


def test_faults_of_the_organisation_and_its_units_are_told_at_once(folder: Path) -> None:
    change(folder, UNITS, CEILING, f"{CEILING}-1 # ")
    change(folder, UNITS, 'currency = "USD"', 'currency = "usd"')
    change(folder, UNITS, "neutral = false\n", "neutral = 0\n")
    change(folder, UNITS, '"1.4.-31.5."', '"1.4.-31.6."')
    assert faults(folder) == [
        "organisation.toml: daily_ceiling is a whole number from 1 up, not -1.",
        "organisation.toml, prices: the currency is written with three capital letters, \"USD\", not 'usd'.",
        "organisation.toml, unit kotka: expected `bool`, got `int` (at neutral).",
        "organisation.toml, unit varkaus: its window '1.4.-31.6.' names 31.6., which is no date.",
    ]


def test_faults_of_several_files_are_told_at_once(folder: Path) -> None:
    change(folder, YOUTH, "version = 1\n", "")
    change(folder, CLIENT, 'scale = "paljonko"', 'scale = "moniko"')
    change(folder, UNITS, 'county = "kymenlaakso"', 'county = "kymi"')
    change(folder, UNITS, 'county = "pohjois-savo"', 'county = "savo"')
    change(folder, FI, "[count_words]", "[numbers]")
    change(folder, "messages/sv.toml", "[count_words]", "[numbers]")
    assert faults(folder) == [
        "nuorten-matala-nuori.toml: 'version' is missing.",
        "vaikuttavuus-asiakas.toml, question hyoty: its scale 'moniko' is not among the survey's scales.",
        "organisation.toml, unit kotka: its county 'kymi' is not among the counties.",
        "organisation.toml, unit varkaus: its county 'savo' is not among the counties.",
        "messages/fi.toml: 'numbers' is not a word that this file knows.",
        "messages/sv.toml: 'numbers' is not a word that this file knows.",
    ]


def test_several_faults_of_one_file_are_told_at_once(folder: Path) -> None:
    change(folder, YOUTH, 'sv = "Jag fick hjälp när jag behövde det."\n', "")
    change(folder, YOUTH, 'en = "I was taken seriously."\n', "")
    assert faults(folder) == [
        "nuorten-matala-nuori.toml, question apu: the Swedish text (sv) is missing.",
        "nuorten-matala-nuori.toml, question tosissaan: the English text (en) is missing.",
    ]


@pytest.mark.parametrize("name", [YOUTH, UNITS, FI, "words/fi.toml", "safety/fi.toml"])
def test_broken_toml_is_told_with_its_line(folder: Path, name: str) -> None:
    (folder / name).write_text('id = "unended\n', encoding="utf-8")
    (sentence,) = faults(folder)
    assert sentence.startswith(f"{name.removeprefix('surveys/')}: the file cannot be read: ")
    assert "line 1" in sentence


def test_words_that_the_reader_cannot_use_are_told_with_their_file(folder: Path) -> None:
    (folder / "words/sv.toml").write_text('[stop]\nwhole = ["sånt här?|sånt"]\n', encoding="utf-8")
    (sentence,) = faults(folder)
    assert sentence.startswith("words/sv.toml: stop.whole: 'här?' is no word")


def test_a_file_that_is_not_utf_8_cannot_be_read(folder: Path) -> None:
    (folder / FI).write_bytes("trial = 'työ'".encode("latin-1"))
    (sentence,) = faults(folder)
    assert sentence.startswith("messages/fi.toml: the file cannot be read: 'utf-8' codec")


@pytest.mark.parametrize("name", [UNITS, FI, "messages/sv.toml", "words/en.toml", "safety/sv.toml"])
def test_a_missing_file_is_named(folder: Path, name: str) -> None:
    (folder / name).unlink()
    assert faults(folder) == [f"{name}: the file is missing."]


def test_a_new_survey_that_no_unit_uses_is_checked_with_a_unit_all_the_same(folder: Path) -> None:
    text = (folder / CLIENT).read_text(encoding="utf-8").replace('"vaikuttavuus-asiakas"', '"uusi"')
    (folder / "surveys/uusi.toml").write_text(text.replace('[thanks]\nfi = "', '[thanks]\nfi = "{name}', 1))
    assert faults(folder) == ["uusi.toml, thanks (fi): it cannot be filled with {name}."]
