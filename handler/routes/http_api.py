"""What an HTTP API's event says of the path, as WSGI wants it: apig-wsgi takes neither the stage nor other letters.

An HTTP API decodes every escape of the path but %25, and a named stage stands before it; `$default` does not. WSGI
wants the bytes of UTF-8 as Latin-1 (PEP 3333): without that a single "€" in an address fails the whole function.
Source: https://docs.aws.amazon.com/apigateway/latest/developerguide/http-api-develop-integrations-lambda.html
"""

from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING, Any
from urllib.parse import unquote_to_bytes

if TYPE_CHECKING:
    from _typeshed.wsgi import StartResponse, WSGIApplication, WSGIEnvironment

_AT_THE_ROOT = "$default"


def behind_http_api(app: "WSGIApplication") -> "WSGIApplication":
    """The app, told where it stands and what was asked for."""

    def told(environ: "WSGIEnvironment", start_response: "StartResponse") -> Iterable[bytes]:
        environ["SCRIPT_NAME"], environ["PATH_INFO"] = place_and_path(environ["apig_wsgi.full_event"])
        return app(environ, start_response)

    return told


def place_and_path(event: Mapping[str, Any]) -> tuple[str, str]:
    """WSGI's SCRIPT_NAME and PATH_INFO."""
    path, stage = str(event["rawPath"]), str(event["requestContext"]["stage"])
    place = "" if stage == _AT_THE_ROOT or not f"{path}/".startswith(f"/{stage}/") else f"/{stage}"
    plain = unquote_to_bytes(path.removeprefix(place).encode("utf-8", "replace"))
    return place, plain.decode("latin-1") or "/"
