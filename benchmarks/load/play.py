"""Posts as Twilio does: signed, one message of a person after another, so many people at once."""

import http.client
import time
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from urllib.parse import urlencode

from benchmarks.load.talks import Talk
from benchmarks.twilio_posts import PATH, TYPE, form, signature

# Twilio waits no longer.
_PATIENCE_SECONDS = 15


@dataclass(frozen=True, slots=True)
class Heard:
    """One answer: when it had come by the monotonic clock, after how many milliseconds, and what was wrong with it."""

    at: float
    ms: float
    fault: str = ""


def played(port: int, all_talks: Sequence[Talk], at_once: int) -> list[Heard]:
    with ThreadPoolExecutor(at_once) as pool:
        return [heard for each in pool.map(lambda talk: talked(port, talk), all_talks) for heard in each]


def talked(port: int, talk: Talk) -> list[Heard]:
    """One conversation to its end. A message that is posted again must be answered as before."""
    heard, said = [], {}
    for message_id, text in talk.messages:
        answer, body = posted(port, talk.number, text, message_id)
        if said.setdefault(message_id, body) != body and not answer.fault:
            answer = Heard(answer.at, answer.ms, "another answer to the same message")
        heard.append(answer)
    return heard


def posted(port: int, number: str, text: str, message_id: str) -> tuple[Heard, bytes]:
    fields = form(number, text, message_id=message_id)
    body, headers = urlencode(fields), {"Content-Type": TYPE, "X-Twilio-Signature": signature(fields)}
    begun, fault, told = time.perf_counter(), "", b""
    try:
        connection = http.client.HTTPConnection("127.0.0.1", port, timeout=_PATIENCE_SECONDS)
        connection.request("POST", PATH, body, headers)
        answer = connection.getresponse()
        told = answer.read()
        connection.close()
        if answer.status != 200 or b"<Message>" not in told:
            fault = f"status {answer.status}, {len(told)} bytes"
    except OSError as error:
        fault = type(error).__name__
    now = time.perf_counter()
    return Heard(now, 1000 * (now - begun), fault), told
