"""Headers on every answer, those of errors, redirects and webhooks too. Sources: OWASP ASVS 5.0, V3.4; Fetch, CORP."""

from flask import Flask, Response, request

from handler.settings import Stage

_YEAR = 365 * 24 * 3600
# Nothing but our own files; no program and no style within a page.
_CONTENT = (
    "default-src 'self'; script-src 'self'; style-src 'self'; object-src 'none'; base-uri 'none'; form-action 'self'"
)
# What no page of ours asks a browser for.
_NOT_USED = ("camera", "microphone", "geolocation", "payment", "usb", "display-capture", "browsing-topics")
_SAME = {
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "no-referrer",
    "Permissions-Policy": ", ".join(f"{feature}=()" for feature in _NOT_USED),
    # A page that opened ours, or that ours opened, cannot reach into it. Sign-in leads on in the same window.
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
}


def add_strict_headers(app: Flask, stage: Stage) -> None:
    """Nothing is kept by caches but what says itself that it is public."""
    # The desk of one machine shows the form in a frame.
    ancestors = "http://127.0.0.1:* http://localhost:*" if stage is Stage.LOCAL else "'none'"
    same = _SAME | {"Content-Security-Policy": f"{_CONTENT}; frame-ancestors {ancestors}"}
    if stage is not Stage.LOCAL:  # one machine speaks plain HTTP
        same["Strict-Transport-Security"] = f"max-age={_YEAR}; includeSubDomains"

    @app.after_request
    def strict_headers(response: Response) -> Response:
        response.headers.update(same)
        is_file = request.endpoint == "static" and response.status_code < 400
        if not is_file and not response.cache_control.public:
            response.headers["Cache-Control"] = "no-store"
        return response
