"""What the application's answer to an inbound message asks to be sent."""

from dataclasses import dataclass
from xml.etree import ElementTree

from local.carrier.webhooks import Answer

_TWIML_TYPES = {"text/xml", "application/xml", "text/html"}


@dataclass(frozen=True)
class Reply:
    body: str
    to: str | None = None
    callback: str | None = None


class TwimlProblem(Exception):
    def __init__(self, code: int, text: str) -> None:
        super().__init__(text)
        self.code, self.text = code, text


def replies_in(answer: Answer) -> list[Reply]:
    """Plain text is sent as it stands, an error page included: that is how Twilio does it."""
    if answer.status == 204:
        return []
    if answer.content_type == "text/plain":
        return [Reply(answer.body.strip())] if answer.body.strip() else []
    if answer.content_type not in _TWIML_TYPES:
        raise TwimlProblem(12300, f"Vastauksen tyyppi ei kelpaa: {answer.content_type or 'puuttuu'}.")
    root = _parsed(answer.body)
    if root.tag != "Response":
        raise TwimlProblem(12100, "Vastaus ei ole TwiML:ää: juuri ei ole Response.")
    other = [child.tag for child in root if child.tag not in ("Message", "Sms")]
    if other:
        raise TwimlProblem(12200, f"Tämä operaattori ei osaa TwiML-käskyä {other[0]}.")
    return [_reply(child) for child in root]


def _parsed(body: str) -> ElementTree.Element:
    if "<!DOCTYPE" in body:
        raise TwimlProblem(12100, "Vastauksessa on DOCTYPE, jota ei lueta.")
    try:
        return ElementTree.fromstring(body)  # noqa: S314 - the answer of our own application, without a DOCTYPE
    except ElementTree.ParseError:
        raise TwimlProblem(12100, "Vastaus ei ole luettavaa XML:ää.") from None


def _reply(element: ElementTree.Element) -> Reply:
    own = element.text or ""
    inner = "".join("".join(child.itertext()) for child in element if child.tag == "Body")
    return Reply((own.strip() + inner.strip()), element.get("to"), element.get("statusCallback"))
