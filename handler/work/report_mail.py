"""A report's words as a mail: text and HTML from templates/mail/, with the pictures that the HTML shows."""

import tomllib
from collections.abc import Mapping
from functools import cache
from textwrap import wrap
from typing import Any

from jinja2 import Environment, FileSystemLoader, StrictUndefined, select_autoescape

from handler.outside.mail import Mail
from handler.templates import TEMPLATES
from handler.work.parts import Parts
from handler.work.report_picture import picture
from survey_flow.helsinki import local
from survey_flow.language import Language
from survey_flow.organisation import Unit
from survey_flow.report import Monthly
from survey_flow.report_quarter import Quarterly
from survey_flow.report_words import Speech

_FOLDER = TEMPLATES / "mail"
# Under 78, which RFC 5322 asks for.
LINE = 76


@cache
def speech(language: Language) -> Speech:
    """The words of the mails in this language."""
    return Speech(tomllib.loads((_FOLDER / f"{language}.toml").read_text(encoding="utf-8")))


def monthly_mail(
    parts: Parts, report: Monthly, unit: Unit, language: Language, *, report_id: str, public_url: str
) -> Mail:
    """To the unit's recipients, with a link to its results; what stands behind the link asks for a sign-in."""
    pictures = {f"index-{place}": group.gauge for place, group in enumerate(report.groups) if group.gauge}
    given = {"report": report, "unit": unit.name[language], "link": f"{public_url}/results?unit={unit.id}"}
    return _mail(
        parts,
        "monthly",
        given,
        language,
        report_id=report_id,
        to=unit.reports_to,
        subject=report.subject,
        pictures={content_id: picture(gauge) for content_id, gauge in pictures.items()},
    )


def quarterly_mail(parts: Parts, report: Quarterly, language: Language, *, report_id: str, public_url: str) -> Mail:
    """To the organisation's recipients."""
    given = {"report": report, "link": f"{public_url}/results"}
    to = parts.library.organisation.reports_to
    return _mail(parts, "quarterly", given, language, report_id=report_id, to=to, subject=report.subject, pictures={})


def _mail(
    parts: Parts,
    template: str,
    given: Mapping[str, Any],
    language: Language,
    *,
    report_id: str,
    to: tuple[str, ...],
    subject: str,
    pictures: Mapping[str, bytes],
) -> Mail:
    said = {**given, "t": speech(language).words, "language": language.value}
    templates = _templates()
    return Mail(
        id=report_id,
        sender=parts.library.organisation.reports_from,
        to=to,
        subject=subject,
        text=templates.get_template(f"{template}.txt").render(said),
        html=templates.get_template(f"{template}.html").render(said),
        pictures=pictures,
        language=language.value,
        written=local(parts.clock()),
    )


@cache
def _templates() -> Environment:
    made = Environment(
        loader=FileSystemLoader(_FOLDER),
        autoescape=select_autoescape(["html"]),
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    made.filters["wrapped"] = _wrapped
    return made


def _wrapped(text: str, indent: str = "") -> str:
    """Broken into short lines, those after the first set in; an address is never broken."""
    lines = wrap(text, LINE, subsequent_indent=indent, break_long_words=False, break_on_hyphens=False)
    return "\n".join(lines)
