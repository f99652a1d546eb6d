"""The handbook and the notices to adapt: public pages made of the Markdown files under docs/, in Finnish.

They are open in every stage: nothing in them tells of a person, a key or a place of ours.
"""

from pathlib import Path

from flask import Blueprint, Response, abort, send_from_directory, url_for

from handler.routes.doorkeeper import look_who_is_there
from handler.routes.markdown_text import Text, read_text
from handler.routes.pages import PageTexts, page
from handler.routes.rules import public

DOCS = Path(__file__).resolve().parent.parent.parent / "docs"
HANDBOOK = DOCS / "handbook"
# Whose Markdown files are pages; a page's name is its file's, and no two files share one.
FOLDERS = (HANDBOOK, DOCS / "notices")
PICTURES = "pictures"
FIRST = "index"


def handbook_pages(texts: PageTexts) -> Blueprint:
    routes = Blueprint("handbook", __name__)

    @routes.get("/handbook")
    @public
    def show() -> Response:
        return _page(texts, FIRST)

    @routes.get("/handbook/<page_name>")
    @public
    def show_page(page_name: str) -> Response:
        return _page(texts, page_name)

    @routes.get("/handbook/pictures/<picture>")
    @public
    def show_picture(picture: str) -> Response:
        return send_from_directory(HANDBOOK / PICTURES, picture, mimetype="image/png")

    return routes


def page_files() -> dict[str, Path]:
    """Every page's file by the page's name."""
    return {path.stem: path for folder in FOLDERS for path in sorted(folder.glob("*.md"))}


def _page(texts: PageTexts, name: str) -> Response:
    # Looked up among the files that are there: no name leads to any other file.
    path = page_files().get(name)
    if path is None:
        abort(404)
    look_who_is_there()
    text: Text = read_text(path.read_text(encoding="utf-8"), served)
    return page("handbook.html", texts, name=name, first=name == FIRST, text=text)


def served(target: str) -> str:
    """Where a link of a file leads on our pages: "lahettajat.md#stop" to /handbook/lahettajat#stop.

    In the files links are relative, so that they also work where the files are read as they stand.
    """
    address, hash_sign, place = target.partition("#")
    path = Path(address)
    if "://" in target or not path.suffix:
        return target
    if path.suffix == ".md":
        found = url_for("handbook.show_page", page_name=path.stem) if path.stem != FIRST else url_for("handbook.show")
        return found + hash_sign + place
    if path.parts[-2:-1] == (PICTURES,):
        return url_for("handbook.show_picture", picture=path.name)
    return target
