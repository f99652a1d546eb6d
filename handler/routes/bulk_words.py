"""The sentences about a list, in one language. They hold counts, lines and names of columns; never a number."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime

from handler.outside.table import FaultyFile, FileFault, FileKind, Table
from handler.work.bulk import Result, RowResult
from handler.work.request import Refusal, Refused
from survey_flow.bulk_totals import Told, Total
from survey_flow.contact_columns import Column, Columns, FaultyList
from survey_flow.contact_list import LineFault
from survey_flow.helsinki import local
from survey_flow.price import Prices

_DELIMITERS = {";": "semicolon", ",": "comma", "\t": "tab", "": "one_column"}
_ENCODINGS = {"utf-8": "UTF-8", "utf-16-le": "UTF-16", "utf-16-be": "UTF-16", "cp1252": "Windows-1252"}
_LONGEST_NAME = 30


@dataclass(frozen=True, slots=True)
class BulkWords:
    texts: Mapping[str, str]

    def say(self, name: str, **values: object) -> str:
        return self.texts[f"bulk_server_{name}"].format(**values)

    def count(self, number: int) -> str:
        return f"{number:,}".replace(",", self.texts["bulk_server_thousands"])

    def unreadable_file(self, failure: FaultyFile) -> str:
        most = failure.most or 0
        if failure.fault is FileFault.TOO_LARGE:
            most //= 1024 * 1024
        sentence = self.say(f"file_{failure.fault}", most=self.count(most))
        return sentence if failure.line is None else f"{self.say('at_line', line=self.count(failure.line))} {sentence}"

    def unreadable_list(self, failure: FaultyList) -> str:
        return self.say(f"list_{failure.fault}", columns=self._columns(failure.columns))

    def read_as(self, table: Table, columns: Columns, rows: int) -> str:
        read = [self.say("read", column=self._column(columns.phone), rows=self.count(rows))]
        if table.kind is FileKind.CSV:
            delimiter = self.say(f"delimiter_{_DELIMITERS.get(table.delimiter, 'one_column')}")
            read.append(self.say("read_csv", encoding=_ENCODINGS[table.encoding], delimiter=delimiter))
        else:
            read.append(self.say("read_xlsx", sheet=_name(table.sheet) or "?"))
        if used := (*columns.fields.values(), *columns.facts.values()):
            read.append(self.say("read_also", columns=self._columns(used)))
        if columns.ignored:
            read.append(self.say("read_not", columns=self._columns(columns.ignored)))
        return " ".join(read)

    def line_fault(self, fault: LineFault) -> str:
        line = self.count(fault.other_line) if fault.other_line else ""
        return self.say(f"line_{fault.fault}", line=line)

    def field_fault(self, name: str, fault: str) -> str:
        """Of the choices, or of a chunk as a whole."""
        return self.texts.get(f"bulk_server_field_{name}") or self.say(f"field_{fault}")

    def row_fault(self, name: str) -> str:
        return self.texts.get(f"bulk_server_row_{name}", self.say("row_other"))

    def too_late(self, refused: Refused) -> str:
        if refused.allowed_from is None:
            return self.say("never_open")
        return self.say("too_late", date=self._date(refused.allowed_from))

    def total(self, total: Total) -> str:
        number = self.count(total.number)
        if total.told is not Told.EXACTLY:
            number = self.say(f"told_{total.told}", n=number)
        until = self.moment(total.until) if total.until else ""
        return self.say(f"total_{total.name}", n=number, until=until)

    def cost(self, segments: int, prices: Prices | None) -> str:
        if not segments:
            return self.say("cost_none")
        if prices is None:
            return self.say("cost_segments", n=self.count(segments))
        price = str(prices.cost(segments)).replace(".", self.texts["decimal_mark"])
        return self.say("cost", n=self.count(segments), price=f"{price}\u00a0{prices.currency}")

    def result(self, found: RowResult) -> str:
        if found.result is Result.FAULTY and found.refused is not None:
            return self.too_late(found.refused)
        if found.result is Result.TRY_AGAIN and found.refused is not None:
            return self.say(f"result_{Refusal.CEILING}")
        when = self.moment(found.send_at) if found.send_at else ""
        return self.say(f"result_{found.result}", when=when)

    def moment(self, moment: datetime) -> str:
        at = local(moment)
        return self.texts["moment_form"].format(
            weekday=self.texts[f"weekday_{at.weekday()}"],
            day=at.day,
            month=at.month,
            month_name=self.texts[f"month_{at.month}"],
            hour=at.hour,
            minute=f"{at.minute:02d}",
        )

    def _date(self, day: date) -> str:
        month_name = self.texts[f"month_{day.month}"]
        return self.texts["date_form"].format(day=day.day, month=day.month, month_name=month_name, year=day.year)

    def _columns(self, columns: tuple[Column, ...]) -> str:
        return ", ".join(self._column(column) for column in columns)

    @staticmethod
    def _column(column: Column) -> str:
        name = _name(column.name)
        return f"{column.letter} ({name})" if name else column.letter


def _name(text: str) -> str:
    """A heading, or "" for what may be a number or a sentence that stands where headings do."""
    text = " ".join(text.split())
    digits = sum(sign.isdigit() for sign in text)
    return text if len(text) <= _LONGEST_NAME and digits < 5 else ""
