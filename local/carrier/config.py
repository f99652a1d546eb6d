"""What the carrier is told when it starts."""

from dataclasses import dataclass, field
from enum import StrEnum
from pathlib import Path

from local.carrier.opt_outs import FINNISH, OptOutWords


class OptOutMode(StrEnum):
    """Who answers STOP: Twilio in English, Twilio with our words and texts, or nobody but the application."""

    DEFAULT = "default"
    ADVANCED = "advanced"
    OFF = "off"


@dataclass(frozen=True, kw_only=True)
class CarrierConfig:
    app_url: str
    account: str
    token: str = field(repr=False)
    sender: str
    service: str | None = None
    public_url: str | None = None
    form_url: str | None = None
    fallback_url: str | None = None  # what is asked when the webhook of a text from a phone has failed
    opt_out: OptOutMode = OptOutMode.DEFAULT
    advanced_words: OptOutWords = FINNISH
    state_file: Path | None = None
    mail: Path | None = None  # the folder of the mail that the application sent
    timeout: float = 15.0  # what Twilio waits for a messaging webhook
    retries: int = 2
    retry_pause: float = 0.2

    def __post_init__(self) -> None:
        if not self.token.strip():
            raise ValueError("The auth token is blank: whatever is signed with it could be signed by anyone.")

    @property
    def app(self) -> str:
        return self.app_url.rstrip("/")

    @property
    def public(self) -> str:
        """The address that is signed; what is posted to may be another one."""
        return (self.public_url or self.app_url).rstrip("/")

    @property
    def form(self) -> str:
        return (self.form_url or self.app_url).rstrip("/")
