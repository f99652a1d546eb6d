"""Posting to the application as Twilio does: form-encoded, signed, with a time-out, tried again when it fails."""

import http.client
import re
import threading
import uuid
from collections.abc import Mapping
from dataclasses import dataclass
from urllib.parse import urlencode, urlsplit

from twilio.request_validator import RequestValidator

from local.carrier.config import CarrierConfig

_LOOPBACK = {"127.0.0.1", "localhost", "::1"}
_MAX_ANSWER = 64 * 1024  # Twilio's error 11750


@dataclass(frozen=True)
class Answer:
    status: int
    content_type: str
    body: str


class WebhookFailed(Exception):
    """Twilio's 11200; its words are for the phone's log."""


class Webhooks:
    def __init__(self, config: CarrierConfig) -> None:
        self._config = config
        self._validator = RequestValidator(config.token)
        self._stopped = threading.Event()

    def close(self) -> None:
        self._stopped.set()

    def post(self, url: str, form: Mapping[str, str]) -> Answer:
        """Posts to the public `url`, wherever on this machine that is; the fragment (#rc=1) is Twilio's own."""
        signed, _, fragment = url.partition("#")
        target = self._target(signed)
        wanted = re.search(r"(?:^|&)rc=([0-5])(?:&|$)", fragment)
        attempts = 1 + (int(wanted[1]) if wanted else self._config.retries)
        headers = {
            "Content-Type": "application/x-www-form-urlencoded; charset=UTF-8",
            "X-Twilio-Signature": self._validator.compute_signature(signed, dict(form)),
            "I-Twilio-Idempotency-Token": str(uuid.uuid4()),
            "User-Agent": "TwilioProxy/1.1",
            "Accept": "*/*",
        }
        problem = ""
        for attempt in range(attempts):
            if attempt and self._stopped.wait(self._config.retry_pause):
                break
            try:
                answer = self._once(target, urlencode(form).encode(), headers)
            except (OSError, http.client.HTTPException) as error:
                problem = type(error).__name__
                continue
            if answer.status < 500:
                return _accepted(answer)
            problem = f"HTTP {answer.status}"
        raise WebhookFailed(f"Sovellus ei vastannut: {problem}, {attempts} yritystä.")

    def _target(self, url: str) -> str:
        if url == self._config.public or url.startswith((self._config.public + "/", self._config.public + "?")):
            return self._config.app + url.removeprefix(self._config.public)
        if urlsplit(url).hostname in _LOOPBACK:
            return url
        raise WebhookFailed("Osoite ei ole tällä koneella, joten siihen ei lähetetty mitään.")

    def _once(self, url: str, body: bytes, headers: Mapping[str, str]) -> Answer:
        parts = urlsplit(url)
        kind = http.client.HTTPSConnection if parts.scheme == "https" else http.client.HTTPConnection
        connection = kind(parts.hostname or "", parts.port, timeout=self._config.timeout)
        path = (parts.path or "/") + (f"?{parts.query}" if parts.query else "")
        try:
            connection.request("POST", path, body, dict(headers))
            response = connection.getresponse()
            content_type = response.headers.get_content_type() if response.headers["Content-Type"] else ""
            text = response.read(_MAX_ANSWER + 1).decode("utf-8", "replace")
            return Answer(response.status, content_type, text)
        finally:
            connection.close()


def _accepted(answer: Answer) -> Answer:
    if answer.status >= 300:
        raise WebhookFailed(f"Sovellus vastasi HTTP {answer.status}.")
    if len(answer.body) > _MAX_ANSWER:
        raise WebhookFailed("Vastaus on yli 64 kB.")
    return answer
