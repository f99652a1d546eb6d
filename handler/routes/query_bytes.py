"""Addresses with bytes in them that are no text: a browser never sends such, and nobody is answered 500 for it."""

from urllib.parse import quote

from flask import Flask, request

# Every byte that may stand in a query as it is; the rest are written as %FF is.
_PRINTED = bytes(range(0x21, 0x7F))


def add_readable_query(app: Flask) -> None:
    """Raw bytes over 127 are percent-encoded before anybody reads the query: Werkzeug fails on what is no UTF-8."""

    @app.before_request
    def readable() -> None:
        request.query_string = quote(request.query_string, safe=_PRINTED).encode()
