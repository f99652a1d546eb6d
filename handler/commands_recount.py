"""The command `flask --app handler.app recount`: whether the counts are what responses and invitations add up to."""

from dataclasses import dataclass

import click
from flask.cli import with_appcontext

from handler.commands_parts import bound_parts, who_runs
from handler.work.recount import Repair, Row, Scope, Unknown, first_month, rows_beside_their_folds
from handler.work.recount import repair as set_to_counted
from survey_flow.closing import BROKEN_OFF, OPTED_OUT
from survey_flow.publication import shown_from

_SPLIT = (
    "Responses tell at which question somebody stopped, not whether they refused or fell silent: the sum is counted "
    "anew. Refusals stay as the counts have them, as far as there are responses for them; the rest is broken off."
)


@click.command("recount")
@click.option("--unit", help="One unit alone.")
@click.option("--survey", help="One survey alone.")
@click.option("--month", help='One month alone, as "2026-11".')
@click.option("--repair", is_flag=True, help="Set what differs to what was counted, in months whose books are closed.")
@click.pass_context
@with_appcontext
def recount(context: click.Context, unit: str | None, survey: str | None, month: str | None, repair: bool) -> None:
    """Count responses and invitations anew, and name each row of counts that differs.

    Exit code 1 when something differs and was not repaired.
    """
    parts = bound_parts()
    tally, who = _Tally(), who_runs(parts) if repair else ""
    try:
        for row in rows_beside_their_folds(parts, Scope(unit, survey, month)):
            tally.note(row)
            if row.differs:
                outcome = set_to_counted(parts, row, who=who) if repair else None
                tally.repaired += outcome is Repair.DONE
                click.echo(_sentence(row) + _what_became(row, outcome))
    except Unknown as unknown:
        raise click.ClickException(str(unknown)) from unknown
    if tally.split:
        click.echo(_SPLIT)
    click.echo(f"Rows of counts {f'of {month}' if month else f'from {first_month(parts)} on'}: {tally}")
    if tally.differing > tally.repaired:
        context.exit(1)


def _sentence(row: Row) -> str:
    place = row.place
    columns = ", ".join(f"{name} is {count} and not {row.kept.get(name, 0)}" for name, count in row.counted.items())
    return f"{place.survey} {place.month} {place.unit} {place.respondent}: counted anew, {columns}."


def _what_became(row: Row, outcome: Repair | None) -> str:
    month = row.place.month
    return {
        None: "",
        Repair.DONE: " Repaired.",
        Repair.BOOKS_OPEN: f" Not repaired: its books are open until {shown_from(month).isoformat()}.",
        Repair.CHANGED_MEANWHILE: " Not repaired: the row changed meanwhile. Run the command again.",
    }[outcome]


@dataclass(slots=True)
class _Tally:
    rows: int = 0
    responses: int = 0
    invitations: int = 0
    differing: int = 0
    repaired: int = 0
    split: bool = False

    def note(self, row: Row) -> None:
        self.rows += 1
        self.responses += row.responses
        self.invitations += row.invitations
        self.differing += row.differs
        self.split |= any(name.startswith((BROKEN_OFF, OPTED_OUT)) for name in row.counted)

    def __str__(self) -> str:
        read = f"{self.rows}, beside {self.responses} responses and {self.invitations} invitations"
        return f"{read}. Differing: {self.differing}{f', repaired: {self.repaired}' if self.repaired else ''}."
