"""The words of a list of contacts: what its columns are called, and what stands in them, in Finnish, Swedish, English.

Written without accents, blanks and signs: `plain` brings what stands in the file to the same form.
"""

import unicodedata
from collections.abc import Mapping

from survey_flow.language import Language
from survey_flow.organisation import Organisation
from survey_flow.survey import Occasion, Respondent

PHONE = "phone"
FIELDS = ("unit", "respondent", "language", "occasion")

_COLUMNS = {
    PHONE: "puhelin puhelinnumero puhelinnro puh numero nro gsm gsmnumero gsmnro matkapuhelin matkapuhelinnumero"
    " kannykka phone phonenumber number mobile mobilephone mobilenumber cell tel telephone"
    " telefon telefonnummer mobil mobilnummer mobiltelefon nummer",
    "unit": "yksikko toimipiste unit enhet",
    "respondent": "ryhma vastaaja vastaajaryhma kohderyhma group respondent grupp malgrupp",
    "language": "kieli asiointikieli language sprak",
    "occasion": "tilanne vaihe occasion tillfalle",
}
COLUMN_NAMES = {name: column for column, names in _COLUMNS.items() for name in names.split()}

_RESPONDENTS = {
    Respondent.YOUTH: "nuori youth ungdom",
    Respondent.GUARDIAN: "huoltaja guardian vardnadshavare",
    Respondent.CLIENT: "asiakas client klient",
    Respondent.PROFESSIONAL: "ammattilainen tyontekija sosiaalityontekija professional",
}
_LANGUAGES = {
    Language.FI: "fi suomi finska finnish",
    Language.SV: "sv ruotsi svenska swedish",
    Language.EN: "en englanti engelska english",
}
_OCCASIONS = {
    Occasion.END: "end loppu paattyy paattynyt slut",
    Occasion.MIDWAY: "midway kesken valissa mittemellan",
}


def plain(text: str) -> str:
    """Small letters and digits alone, without accents: "Yksikkö:" is "yksikko"."""
    return "".join(sign for sign in unicodedata.normalize("NFKD", text.casefold()) if sign.isalnum())


def meanings(organisation: Organisation) -> dict[str, Mapping[str, str]]:
    """For each field, what may stand in its cells, with the name by which the form knows it."""
    return {
        "unit": _units(organisation),
        "respondent": _by_word(_RESPONDENTS),
        "language": _by_word(_LANGUAGES),
        "occasion": _by_word(_OCCASIONS),
    }


def _by_word(words: Mapping[Respondent, str] | Mapping[Language, str] | Mapping[Occasion, str]) -> dict[str, str]:
    return {word: name.value for name, listed in words.items() for word in listed.split()}


def _units(organisation: Organisation) -> dict[str, str]:
    """Units by id and by their name in each language; a name that two units share tells neither."""
    named: dict[str, set[str]] = {}
    for unit in organisation.units.values():
        for name in unit.name.values():
            named.setdefault(plain(name), set()).add(unit.id)
    alone = {name: next(iter(units)) for name, units in named.items() if len(units) == 1}
    return {**alone, **{plain(unit): unit for unit in organisation.units}}
