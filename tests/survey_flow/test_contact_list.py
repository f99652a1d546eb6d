"""From the rows of a list to whom a survey can go to, and of each other line why not."""

from time import process_time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from survey_flow.contact_columns import FaultyList, ListFault
from survey_flow.contact_list import Contact, ContactList, LineFault, contact_list
from survey_flow.contact_number import ContactFault
from survey_flow.contact_row import MOST_ROWS, Row
from survey_flow.library import Library

NUMBER = "+358401234567"
FIRST, SECOND, THIRD = "0401234567", "0402345678", "0403456789"


def table(*lines: str) -> list[Row]:
    """Rows as they stand in a file, with | between cells."""
    return [Row(place, tuple(line.split("|"))) for place, line in enumerate(lines, start=1)]


def one_column(*cells: str) -> list[Row]:
    return [Row(place, (cell,)) for place, cell in enumerate(cells, start=1)]


def faults(found: ContactList) -> list[tuple[int, ContactFault]]:
    return [(fault.line, fault.fault) for fault in found.faults]


def numbers(found: ContactList) -> list[str]:
    return [contact.number for contact in found.entries]


# --- numbers

SPELLINGS = {
    "with blanks": "040 123 4567",
    "with the country's code and hyphens": "+358-40-1234567",
    "dialled abroad": "00358401234567",
    "the plus lost": "358401234567",
    "the zero lost in Excel": "401234567",
    "a decimal": "401234567.0",
    "a decimal with a comma": "358401234567,0",
    "a link": "tel:+358401234567",
    "a link with a zero": "TEL: 0401234567",
    "an apostrophe that keeps the zero": "'0401234567",
    "a curly apostrophe": "’040 123 4567",
    "a formula that keeps the zero": '="0401234567"',
    "a formula that keeps the plus": '="+358 40 1234567"',
    "no-break spaces": "040\u00a0123\u202f4567",
    "brackets": "(040) 1234567",
    "the zero within": "+358 (0)40 1234567",
    "blanks around": "  0401234567\t",
    "a tab within, as pasted": "040\t1234567",
}

FAULTY = {
    "digits lost": ("4,01E+08", ContactFault.ROUNDED),
    "digits lost, with a point": ("4.01235E+11", ContactFault.ROUNDED),
    "digits lost, one left": ("4E+08", ContactFault.ROUNDED),
    "a cell named": ("=A1", ContactFault.FORMULA),
    "a formula of digits": ("=401234567", ContactFault.FORMULA),
    "a formula in a text": ('="040"&"1234567"', ContactFault.FORMULA),
    "a formula kept as text": ('="=A1"', ContactFault.FORMULA),
    "a command": ("=cmd|' /C calc'!A0", ContactFault.FORMULA),
    "a function": ("@SUM(A1)", ContactFault.FORMULA),
    "a plus": ("+A1", ContactFault.FORMULA),
    "a minus": ("-A1", ContactFault.FORMULA),
    "a name": ("Matti", ContactFault.NOT_A_NUMBER),
    "a number and a name": ("0401234567 Matti", ContactFault.NOT_A_NUMBER),
    "two numbers": ("0401234567 / 0402345678", ContactFault.NOT_A_NUMBER),
    "digits missing": ("040123", ContactFault.NOT_A_NUMBER),
    "digits missing after a plus": ("+35840", ContactFault.NOT_A_NUMBER),
    "a landline": ("09 2525 0111", ContactFault.NOT_MOBILE),
    "Sweden": ("+46701234567", ContactFault.FOREIGN),
    "nothing": ("", ContactFault.MISSING),
    "a dash": ("–", ContactFault.MISSING),
    "nothing kept as text": ('=""', ContactFault.MISSING),
    "nothing to be seen": ("\u200b", ContactFault.MISSING),
}


@pytest.mark.parametrize("cell", SPELLINGS.values(), ids=SPELLINGS.keys())
def test_a_number_is_read_in_the_spellings_of_spreadsheets(library: Library, cell: str) -> None:
    assert numbers(contact_list(one_column("Puhelin", cell), library)) == [NUMBER]


@pytest.mark.parametrize(("cell", "fault"), FAULTY.values(), ids=FAULTY.keys())
def test_another_cell_is_left_out_with_its_reason(library: Library, cell: str, fault: ContactFault) -> None:
    found = contact_list([Row(1, ("Puhelin", "Nimi")), Row(2, (SECOND, "Maija")), Row(3, (cell, "Matti"))], library)

    assert faults(found) == [(3, fault)]
    assert [contact.line for contact in found.entries] == [2]


def test_a_number_that_stands_again_is_left_out_with_the_line_where_it_stood_first(library: Library) -> None:
    found = contact_list(one_column("040 123 4567", SECOND, "+358401234567", "401234567"), library)

    assert found.faults == (
        LineFault(3, ContactFault.DUPLICATE, other_line=1),
        LineFault(4, ContactFault.DUPLICATE, other_line=1),
    )
    assert [contact.line for contact in found.entries] == [1, 2]


def test_nothing_of_a_contact_can_get_into_a_log(library: Library) -> None:
    rows = table("Puhelin|Yksikkö", f"{FIRST}|{SECOND}", f"{THIRD}|")
    assert "40" not in repr(contact_list(rows, library)) + repr(rows)


# --- columns by the header

HEADERS = {
    "Finnish": "Puhelin|Yksikkö|Ryhmä|Kieli|Tilanne",
    "Finnish, other words": "GSM-numero|yksikko|Kohderyhmä|KIELI|Vaihe",
    "Swedish": "Telefon|Enhet|Grupp|Språk|Tillfälle",
    "English": "Mobile|Unit|Respondent|Language|Occasion",
    "with signs": " Puh. |Yksikkö:|Vastaaja*|kieli |tilanne",
}
VALUES = {
    "codes": ("kotka|youth|sv|midway", ("kotka", "youth", "sv", "midway")),
    "Finnish": ("Kotka|Nuori|suomi|päättyy", ("kotka", "youth", "fi", "end")),
    "Finnish, the others": ("Nemova|työntekijä|ruotsi|välissä", ("nemova", "professional", "sv", "midway")),
    "Swedish": ("Varkaus familjeservice|vårdnadshavare|finska|slut", ("varkaus", "guardian", "fi", "end")),
    "English": ("Nuorten Matala, Kouvola|client|English|end", ("kouvola", "client", "en", "end")),
}
FIELDS = ("unit", "respondent", "language", "occasion")


@pytest.mark.parametrize("header", HEADERS.values(), ids=HEADERS.keys())
def test_the_header_names_columns_in_three_languages(library: Library, header: str) -> None:
    found = contact_list(table(header, f"{FIRST}|kotka|nuori|fi|loppu"), library)

    assert [found.columns.fields[name].letter for name in FIELDS] == ["B", "C", "D", "E"]
    assert (found.columns.phone.letter, found.columns.header_line, found.columns.ignored) == ("A", 1, ())


@pytest.mark.parametrize(("cells", "meant"), VALUES.values(), ids=VALUES.keys())
def test_the_words_in_the_cells_become_the_forms_names(
    library: Library, cells: str, meant: tuple[str, str, str, str]
) -> None:
    found = contact_list(table("Puhelin|Yksikkö|Ryhmä|Kieli|Tilanne", f"{FIRST}|{cells}"), library)

    assert found.entries[0].fields == dict(zip(FIELDS, meant, strict=True))


def test_a_word_that_is_not_known_stays_as_written_and_a_blank_is_left_out(library: Library) -> None:
    found = contact_list(table("Puhelin|Yksikkö|Ryhmä|Kieli|Palvelu", f"{FIRST}|Lahti |-||"), library)

    assert found.entries == (Contact(2, found.entries[0].number, {"unit": "Lahti"}),)


def test_a_fact_stands_in_the_column_of_its_question(library: Library) -> None:
    found = contact_list(table("PALVELU|Puhelin", f"2|{FIRST}", f"erityistaso|{SECOND}"), library)

    assert [contact.facts for contact in found.entries] == [{"palvelu": "2"}, {"palvelu": "erityistaso"}]
    assert found.columns.facts["palvelu"].letter == "A"


def test_columns_that_nobody_asked_for_are_ignored_and_named(library: Library) -> None:
    found = contact_list(table("Nimi|Puhelin||Muistiinpanot|Gsm|", f"Matti|{FIRST}||=A1||", "Maija|||||"), library)

    assert [column.name for column in found.columns.ignored] == ["Nimi", "Muistiinpanot", "Gsm"]
    assert faults(found) == [(3, ContactFault.MISSING)]
    assert numbers(found) == [NUMBER]


def test_a_formula_in_a_column_that_counts_leaves_the_line_out(library: Library) -> None:
    found = contact_list(table("Puhelin|Yksikkö|Palvelu", f"{FIRST}|=B1|", f"{SECOND}||=1+1", f"{THIRD}|-|1"), library)

    assert faults(found) == [(2, ContactFault.FORMULA), (3, ContactFault.FORMULA)]


def test_a_title_above_the_header_is_no_contact(library: Library) -> None:
    found = contact_list(table("Asiakkaat 11/2026", "Nimi|Puhelin", f"Matti|{FIRST}"), library)

    assert (found.columns.header_line, numbers(found), found.faults) == (2, [NUMBER], ())


def test_columns_beyond_z_are_named_as_spreadsheets_name_them(library: Library) -> None:
    found = contact_list([Row(1, (*[""] * 27, "Puhelin")), Row(2, (*["x"] * 27, FIRST))], library)

    assert found.columns.phone.letter == "AB"


# --- columns without a header that names them

UNNAMED = {
    "one column": ((FIRST, SECOND), "A", None),
    "after names": ((f"Matti|{FIRST}", f"Maija|{SECOND}"), "B", None),
    "after running numbers": ((f"1|{FIRST}", f"2|{SECOND}", f"3|{THIRD}"), "B", None),
    "after clients' ids and dates": ((f"10023456|01.05.2024|{FIRST}", f"10023457|2024-05-01|{SECOND}"), "C", None),
    "beside a column of landlines": ((f"09 2525 0111|{FIRST}", f"09 2525 0112|{SECOND}"), "B", None),
    "with one faulty": ((FIRST, "04012345", SECOND), "A", None),
    "the first one faulty": (("04012345|a", f"{FIRST}|b", f"{SECOND}|c"), "A", None),
    "under unknown names": (("Nimi|Yhteystieto", f"Matti|{FIRST}"), "B", 1),
    "under names of other columns": (("Nimi|Yhteystieto|Kieli", f"Matti|{FIRST}|fi"), "B", 1),
    "under a name that holds no numbers": (("Nro|Asiakkaan puhelin", f"1|{FIRST}", f"2|{SECOND}"), "B", 1),
    "digits lost in all": (("Matti|4,01E+08", "Maija|4,02E+08"), "B", None),
    "landlines alone": (("Matti|09 2525 0111", "Maija|09 2525 0112"), "B", None),
    "foreign alone": (("Matti|+46701234567", "Maija|+46701234568"), "B", None),
}


@pytest.mark.parametrize(("lines", "letter", "header_line"), UNNAMED.values(), ids=UNNAMED.keys())
def test_the_column_in_which_most_cells_are_numbers_is_taken(
    library: Library, lines: tuple[str, ...], letter: str, header_line: int | None
) -> None:
    found = contact_list(table(*lines), library)

    assert (found.columns.phone.letter, found.columns.header_line) == (letter, header_line)
    assert len(found.entries) + len(found.faults) == len(lines) - (header_line is not None)


NO_LIST = {
    "names alone": (("Matti", "Maija"), ListFault.NO_NUMBERS),
    "a header alone": (("Puhelin",), ListFault.NO_NUMBERS),
    "names under the header": (("Puhelin", "Matti", "Maija"), ListFault.NO_NUMBERS),
    "dates and ids": (("10023456|01.05.2024", "10023457|02.05.2024"), ListFault.NO_NUMBERS),
    "numbers within texts": (("soita 0401234567 illalla", "0402345678 (äiti)"), ListFault.NO_NUMBERS),
    "few numbers among notes": (("ei", FIRST, "puuttuu", "-", "kysy"), ListFault.NO_NUMBERS),
    "nothing": ((), ListFault.NO_NUMBERS),
    "two columns": ((f"{FIRST}|{SECOND}", f"{THIRD}|0404567890"), ListFault.TWO_NUMBER_COLUMNS),
    "two columns, neither named plainly": (
        ("Nuoren puhelin|Huoltajan puhelin", f"{FIRST}|{SECOND}", f"{THIRD}|0404567890"),
        ListFault.TWO_NUMBER_COLUMNS,
    ),
    "two columns, both named": (
        ("Puhelin|Gsm", f"{FIRST}|{SECOND}", f"{THIRD}|0404567890"),
        ListFault.TWO_NUMBER_COLUMNS,
    ),
    "two columns, one with a gap": ((f"{FIRST}|{SECOND}", f"{THIRD}|"), ListFault.TWO_NUMBER_COLUMNS),
}


@pytest.mark.parametrize(("lines", "fault"), NO_LIST.values(), ids=NO_LIST.keys())
def test_a_list_without_one_column_of_numbers_is_refused_whole(
    library: Library, lines: tuple[str, ...], fault: ListFault
) -> None:
    with pytest.raises(FaultyList) as refused:
        contact_list(table(*lines), library)
    assert refused.value.fault is fault


def test_of_two_columns_the_one_that_the_header_names_is_taken(library: Library) -> None:
    rows = table("Huoltajan puhelin|Puhelin", f"{SECOND}|{FIRST}", f"{THIRD}|0404567890")

    assert contact_list(rows, library).columns.phone.letter == "B"


def test_columns_that_cannot_be_told_apart_are_named(library: Library) -> None:
    with pytest.raises(FaultyList) as refused:
        contact_list(table("Nimi|Puhelin|Gsm", f"Matti|{FIRST}|{SECOND}"), library)
    assert [column.name for column in refused.value.columns] == ["Puhelin", "Gsm"]


# --- length and time


def test_the_header_does_not_count_to_the_most_rows(library: Library) -> None:
    rows = one_column("Puhelin", *[f"040{place}" for place in range(1_000_000, 1_000_000 + MOST_ROWS)])
    assert len(contact_list(rows, library).entries) == MOST_ROWS

    with pytest.raises(FaultyList) as refused:
        contact_list([*rows[1:], Row(MOST_ROWS + 1, (FIRST,))], library)
    assert refused.value.fault is ListFault.TOO_MANY_ROWS


def test_the_longest_list_is_read_in_two_seconds(library: Library) -> None:
    rows = table(*[f"Matti|040 {place}|kotka|nuori" for place in range(1_000_000, 1_000_000 + MOST_ROWS)])
    begun = process_time()
    contact_list(rows, library)
    assert process_time() - begun < 2


CELLS = st.one_of(
    st.text(max_size=12),
    st.sampled_from(
        [FIRST, SECOND, THIRD, "Puhelin", "Gsm", "Kieli", "fi", "=A1", "4,01E+08", "", "-", "+358", "palvelu"]
    ),
)


@given(lines=st.lists(st.lists(CELLS, max_size=4), max_size=12))
def test_every_line_below_the_header_is_an_entry_or_a_fault(library: Library, lines: list[list[str]]) -> None:
    rows = [Row(place, tuple(cells)) for place, cells in enumerate(lines, start=3)]
    try:
        found = contact_list(rows, library)
    except FaultyList:
        return

    told = [one.line for one in (*found.entries, *found.faults)]
    above = found.columns.header_line or 0
    assert sorted(told) == [row.line for row in rows if row.line > above]
    assert len(set(numbers(found))) == len(found.entries)
