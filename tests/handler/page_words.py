"""What a page says, for tests that read it as people do."""

import re
from html import unescape

from werkzeug.test import TestResponse


def words(page: TestResponse | str) -> str:
    """The page's words without its tags, with one space between them."""
    html = page if isinstance(page, str) else page.text
    return " ".join(unescape(re.sub(r"<[^>]+>", " ", html)).split())
