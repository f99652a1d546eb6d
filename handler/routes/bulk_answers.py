"""What a checked list and a sent chunk are answered with: the same for the page and for other systems."""

from collections import Counter
from collections.abc import Mapping, Sequence
from typing import Any

from handler.outside.spreadsheet import read_table
from handler.routes.bulk_choices import Choices, Chunk
from handler.routes.bulk_rows import Chosen, FaultyRow, RowReader
from handler.routes.bulk_words import BulkWords
from handler.work import rates
from handler.work.audit_notes import note_list_checked, note_list_sent, note_told_of_list
from handler.work.bulk import Result, Sender, file_key, send_row
from handler.work.bulk_dry_run import DryRun, dry_run
from handler.work.invite import Inviting
from handler.work.request import Request
from survey_flow.bulk_totals import Found, Total, totals
from survey_flow.contact_list import Contact, ContactList, contact_list
from survey_flow.contact_number import ContactFault


def checked(inviting: Inviting, sender: Sender, choices: Choices, content: bytes, words: BulkWords) -> dict[str, Any]:
    """What would become of the file. Nothing of it is kept. Raises FaultyFile, FaultyList or TooMany."""
    library = inviting.parts.library
    table = read_table(content)
    contacts = contact_list(table.rows, library)
    chosen = Chosen(file_key(inviting.parts.phone_keys, sender, content), choices.when, choices.neutral)
    requests, faults = _sorted_out(RowReader(inviting, sender, chosen), choices, contacts, words)
    rates.take(inviting.parts, rates.CHECKS, sender.caller)
    note_list_checked(inviting.parts, sender.caller, (request.unit for request in requests.values()))
    run = dry_run(inviting, list(requests.values()))
    read = len(contacts.entries) + len(contacts.faults)
    return {
        "file_key": chosen.file_key,
        "read_as": words.read_as(table, contacts.columns, read),
        "rows": [_row(line, request) for line, request in requests.items()],
        "faults": [{"line": line, "sentence": sentence} for line, sentence in sorted(faults.items())],
        "totals": [
            {"name": total.name.value, "sentence": words.total(total)}
            for total in _totals(contacts, read, len(requests), run)
        ],
        "cost": words.cost(run.segments, library.organisation.prices),
        "ready": len(requests),
    }


def sent(inviting: Inviting, sender: Sender, chunk: Chunk, words: BulkWords) -> dict[str, Any]:
    """What became of each line, read anew: nothing is taken on trust from the check. Raises TooMany."""
    reader = RowReader(inviting, sender, chunk.chosen)
    places = rates.take(inviting.parts, rates.TOLD_OF_LISTS, sender.caller, places=len(chunk.rows))
    results = [{"line": row["line"], **_sent(reader, row, words)} for row in chunk.rows]
    places.give_back(sum(found["result"] != Result.NOT_SENT for found in results))
    note_list_sent(inviting.parts, sender.caller, _units(chunk.rows, results, Result.SENDING, Result.QUEUED))
    note_told_of_list(inviting.parts, sender.caller, _units(chunk.rows, results, Result.NOT_SENT))
    return {"results": results}


def _units(rows: Sequence[Mapping[str, Any]], results: Sequence[Mapping[str, Any]], *became: Result) -> Counter[str]:
    """Of how many lines this became, by unit; of a line that was read the unit is known."""
    pairs = zip(rows, results, strict=True)
    return Counter(row["unit"].strip() for row, found in pairs if found["result"] in became)


def _sorted_out(
    reader: RowReader, choices: Choices, contacts: ContactList, words: BulkWords
) -> tuple[dict[int, Request], dict[int, str]]:
    """By line: the requests, and the sentences of the lines left out."""
    requests: dict[int, Request] = {}
    faults = {fault.line: words.line_fault(fault) for fault in contacts.faults}
    for contact in contacts.entries:
        try:
            request = reader.request(_fields(contact, choices.defaults))
        except FaultyRow as failure:
            faults[contact.line] = words.row_fault(failure.name)
            continue
        if refused := reader.too_late(request):
            faults[contact.line] = words.too_late(refused)
        else:
            requests[contact.line] = request
    return requests, faults


def _fields(contact: Contact, defaults: Mapping[str, str]) -> dict[str, Any]:
    fields: dict[str, Any] = {**defaults, **contact.fields, "line": contact.line, "phone": contact.number}
    if contact.facts:
        fields["facts"] = {name: _digit(text) for name, text in contact.facts.items()}
    return fields


def _digit(text: str) -> int | str:
    """A fact that is no number stays as written: the reader refuses it."""
    return int(text) if text.isascii() and text.isdigit() and len(text) <= 2 else text


def _row(line: int, request: Request) -> dict[str, Any]:
    row: dict[str, Any] = {
        "line": line,
        "phone": str(request.number),
        "unit": request.unit,
        "respondent": request.respondent,
        "language": request.language.value,
    }
    if request.occasion:
        row["occasion"] = request.occasion
    if request.facts:
        row["facts"] = dict(request.facts)
    return row


def _totals(contacts: ContactList, read: int, ready: int, run: DryRun) -> list[Total]:
    duplicates = sum(fault.fault is ContactFault.DUPLICATE for fault in contacts.faults)
    return totals(
        Found(
            read=read,
            left_out=read - ready - duplicates,
            duplicates=duplicates,
            ready=ready,
            already=run.already,
            contacted=run.contacted,
            opted_out=run.opted_out,
            plan=run.plan,
            plan_of_all=run.plan_of_all,
        )
    )


def _sent(reader: RowReader, row: Mapping[str, Any], words: BulkWords) -> dict[str, str]:
    try:
        request = reader.request(row)
    except FaultyRow as failure:
        return {"result": Result.FAULTY.value, "sentence": words.row_fault(failure.name)}
    found = send_row(reader.inviting, request)
    return {"result": found.result.value, "sentence": words.result(found)}
