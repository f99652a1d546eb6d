"""A Markdown file as a page's HTML: headings that can be linked to, a table of contents, no HTML of the file's own."""

import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from markdown_it.token import Token


@dataclass(frozen=True, slots=True)
class Heading:
    id: str
    words: str


@dataclass(frozen=True, slots=True)
class Text:
    """`title` is the file's first heading, `html` all that follows it; `headings` are those of the second level."""

    title: str
    headings: tuple[Heading, ...]
    html: str


def read_text(markdown: str, served: Callable[[str], str]) -> Text:
    """`served` says where a link or picture of the file leads on our pages."""
    from markdown_it import MarkdownIt  # of the pages of the handbook alone

    reader = MarkdownIt("commonmark", {"html": False}).enable("table")
    tokens = reader.parse(markdown)
    found = list(_headings(tokens))
    _name_tongues(tokens)
    _name_cells(tokens)
    for token in _all(tokens):
        _lead(token, served)
        token.attrs.pop("style", None)  # a column's side: our pages allow no style of an element's own
    return Text(
        title=next((heading.words for level, heading in found if level == "h1"), ""),
        headings=tuple(heading for level, heading in found if level == "h2"),
        html=reader.renderer.render(_without_title(tokens), reader.options, {}),
    )


def _without_title(tokens: "Sequence[Token]") -> "Sequence[Token]":
    """The title stands on the page before the table of contents."""
    begins_with_it = tokens and tokens[0].type == "heading_open" and tokens[0].tag == "h1"
    return tokens[3:] if begins_with_it else tokens


def _headings(tokens: "Sequence[Token]") -> Iterator[tuple[str, Heading]]:
    """Level and heading, each given an id as GitHub makes it, so that one link works in both places."""
    seen: dict[str, int] = {}
    for opening, inline in pairwise(tokens):
        if opening.type != "heading_open":
            continue
        words = "".join(part.content for part in inline.children or [])
        slug = re.sub(r"[^\w\- ]", "", words.lower()).strip().replace(" ", "-")
        times = seen[slug] = seen.get(slug, -1) + 1
        heading = Heading(f"{slug}-{times}" if times else slug, words)
        opening.attrSet("id", heading.id)
        yield opening.tag, heading


# What follows a heading of the second level in another language is in that language, the heading too.
_TONGUES = {"På svenska": "sv", "In English": "en"}


def _name_tongues(tokens: "Sequence[Token]") -> None:
    """So that a screen reader changes its voice (WCAG 3.1.2): each block of such a part says its language."""
    tongue: str | None = None
    for opening, inline in pairwise(tokens):
        if opening.type == "heading_open" and opening.tag in ("h1", "h2"):
            tongue = _TONGUES.get(inline.content)
        if tongue and opening.level == 0 and opening.nesting >= 0:
            opening.attrSet("lang", tongue)


# Said aloud: where a table is shown as one column, a browser may take it for a table no longer.
_ROLES = {
    "table_open": "table",
    "thead_open": "rowgroup",
    "tbody_open": "rowgroup",
    "tr_open": "row",
    "th_open": "columnheader",
    "td_open": "cell",
}


def _name_cells(tokens: "Sequence[Token]") -> None:
    """In tables of three columns or more each cell but a row's first says its column's heading: on narrow pages it
    stands above the cell."""
    headings: list[str] = []
    cell = 0
    for opening, inline in pairwise(tokens):
        if opening.type in _ROLES:
            opening.attrSet("role", _ROLES[opening.type])
        match opening.type:
            case "table_open":
                headings = []
            case "tr_open":
                cell = 0
            case "th_open":
                headings.append("".join(part.content for part in inline.children or []))
            case "td_open":
                if cell and len(headings) > 2:
                    opening.attrSet("data-column", headings[cell])
                cell += 1


def _all(tokens: "Sequence[Token]") -> "Iterator[Token]":
    for token in tokens:
        yield token
        yield from token.children or []


def _lead(token: "Token", served: Callable[[str], str]) -> None:
    name = {"link_open": "href", "image": "src"}.get(token.type)
    if name is not None:
        token.attrSet(name, served(str(token.attrGet(name))))
