"""One frozen Settings, built once from the environment. Nothing else in the package reads the environment."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum


class Stage(StrEnum):
    LOCAL = "local"
    TEST = "test"
    PROD = "prod"


class SettingsMissing(Exception):
    """Raised at the start; its text has one sentence a setting."""


@dataclass(frozen=True, slots=True)
class Pepper:
    """The secret under which numbers become phone keys, with the id that stands before each key."""

    key_id: str
    secret: bytes = field(repr=False)


@dataclass(frozen=True, slots=True)
class IdentityProvider:
    """Where people sign in by OpenID Connect, who we are there, and what our session cookies are signed with."""

    issuer: str
    client_id: str
    client_secret: str = field(repr=False)
    session_key: str = field(repr=False)


@dataclass(frozen=True, slots=True)
class Settings:
    stage: Stage
    public_url: str
    twilio_url: str
    twilio_account_sid: str
    twilio_auth_tokens: tuple[str, ...] = field(repr=False)
    sender: str
    peppers: tuple[Pepper, ...] = field(repr=False)
    table_prefix: str
    region: str
    aws_endpoint_url: str | None = None
    identity_provider: IdentityProvider | None = None

    @property
    def sending_token(self) -> str:
        """The token that we sign in to Twilio with: the first one."""
        return self.twilio_auth_tokens[0]

    @property
    def sealing_key(self) -> str:
        """The KMS key that seals numbers, by its alias."""
        return f"alias/{self.table_prefix}sealing"

    @property
    def inbound_key(self) -> str:
        """The KMS key that seals messages which the fallback took, by its alias."""
        return f"alias/{self.table_prefix}inbound"

    @property
    def sending_queue(self) -> str:
        """The SQS queue of what is to be delivered."""
        return queues_of(self.table_prefix)[0]

    @property
    def sending_dead_letters(self) -> str:
        return queues_of(self.table_prefix)[1]

    @property
    def rescue_queue(self) -> str:
        """The SQS queue of sealed messages that could not be answered at once; in order within one number."""
        return queues_of(self.table_prefix)[2]

    @property
    def rescue_dead_letters(self) -> str:
        return queues_of(self.table_prefix)[3]


def queues_of(prefix: str) -> tuple[str, str, str, str]:
    """What is to be sent and its dead letters; what is to be rescued and its dead letters."""
    return f"{prefix}sending", f"{prefix}sending-dead", f"{prefix}rescue.fifo", f"{prefix}rescue-dead.fifo"


NEEDED = {
    "KUULOLLA_STAGE": "local, test or prod",
    "KUULOLLA_PUBLIC_URL": "the address at which Twilio reaches us, as https://example.fi",
    "KUULOLLA_TWILIO_URL": "Twilio's API, https://api.twilio.com, or a stand-in",
    "KUULOLLA_SENDER": "the number or the Messaging Service that surveys are sent from",
    "KUULOLLA_PEPPER": "the secret under which phone numbers are hashed",
    "KUULOLLA_TABLE_PREFIX": "what the names of the tables begin with",
    "TWILIO_ACCOUNT_SID": "the Twilio account",
    "TWILIO_AUTH_TOKEN": "the token that Twilio signs with",
    "AWS_REGION": "the AWS region of the tables",
}


# For the pages alone: all four, or none of them.
SIGN_IN = {
    "KUULOLLA_OIDC_ISSUER": "the identity provider, as https://login.example.fi",
    "KUULOLLA_OIDC_CLIENT_ID": "what the identity provider calls this service",
    "KUULOLLA_OIDC_CLIENT_SECRET": "the secret that the identity provider gave this service",
    "KUULOLLA_SESSION_KEY": "what session cookies are signed with",
}
SHORTEST_SESSION_KEY = 32

SECRETS = ("KUULOLLA_PEPPER", "TWILIO_AUTH_TOKEN", "KUULOLLA_OIDC_CLIENT_SECRET", "KUULOLLA_SESSION_KEY")
ReadParameters = Callable[[Sequence[str]], Mapping[str, str]]


def settings_from(environment: Mapping[str, str], read_parameters: ReadParameters | None = None) -> Settings:
    """The settings, or SettingsMissing with one sentence for each that is missing or blank.

    A pepper or token that starts with "/" is the name of a parameter; those are fetched together with
    `read_parameters`.
    """
    values = {name: environment.get(name, "").strip() for name in (*NEEDED, *SIGN_IN)}
    values["AWS_REGION"] = values["AWS_REGION"] or environment.get("AWS_DEFAULT_REGION", "").strip()
    wrong = [f"{name} is missing: {meaning}." for name, meaning in NEEDED.items() if not values[name]]
    if values["KUULOLLA_STAGE"] and values["KUULOLLA_STAGE"] not in set(Stage):
        wrong.append(f"KUULOLLA_STAGE is none of {', '.join(Stage)}.")
    # Nobody is asked from `test`, which is rehearsed in an embedded AWS too, where there is no TLS.
    if values["KUULOLLA_PUBLIC_URL"].startswith("http://") and values["KUULOLLA_STAGE"] == Stage.PROD:
        wrong.append("KUULOLLA_PUBLIC_URL is no address that begins with https://.")
    if any(values[name] for name in SIGN_IN):
        wrong += _faults_of_sign_in(values)
    if wrong:
        raise SettingsMissing("\n".join(wrong))
    if read_parameters is not None:
        values |= _secrets(values, read_parameters)
    return Settings(
        stage=Stage(values["KUULOLLA_STAGE"]),
        public_url=values["KUULOLLA_PUBLIC_URL"].rstrip("/"),
        twilio_url=values["KUULOLLA_TWILIO_URL"].rstrip("/"),
        twilio_account_sid=values["TWILIO_ACCOUNT_SID"],
        twilio_auth_tokens=_tokens(values["TWILIO_AUTH_TOKEN"]),
        sender=values["KUULOLLA_SENDER"],
        peppers=_peppers(values["KUULOLLA_PEPPER"]),
        table_prefix=values["KUULOLLA_TABLE_PREFIX"],
        region=values["AWS_REGION"],
        aws_endpoint_url=environment.get("AWS_ENDPOINT_URL") or None,
        identity_provider=_identity_provider(values),
    )


def _secrets(values: Mapping[str, str], read_parameters: ReadParameters) -> dict[str, str]:
    """The secrets whose settings name parameters."""
    named = {setting: values[setting] for setting in SECRETS if values[setting].startswith("/")}
    if not named:
        return {}
    found = read_parameters(sorted(named.values()))
    wrong = [
        f"{setting} names the parameter {name}, which does not exist or is blank."
        for setting, name in named.items()
        if not found.get(name, "").strip()
    ]
    if wrong:
        raise SettingsMissing("\n".join(wrong))
    return {setting: found[name].strip() for setting, name in named.items()}


def _faults_of_sign_in(values: Mapping[str, str]) -> list[str]:
    """A provider over plain HTTP is one of our own machine: nobody else's word is taken without TLS."""
    wrong = [f"{name} is missing: {meaning}." for name, meaning in SIGN_IN.items() if not values[name]]
    issuer = values["KUULOLLA_OIDC_ISSUER"]
    if issuer and not issuer.startswith("https://") and values["KUULOLLA_STAGE"] != Stage.LOCAL:
        wrong.append("KUULOLLA_OIDC_ISSUER is no address that begins with https://.")
    return wrong


def _identity_provider(values: Mapping[str, str]) -> IdentityProvider | None:
    if not values["KUULOLLA_OIDC_ISSUER"]:
        return None
    if len(values["KUULOLLA_SESSION_KEY"]) < SHORTEST_SESSION_KEY:
        raise SettingsMissing(f"KUULOLLA_SESSION_KEY has fewer than {SHORTEST_SESSION_KEY} characters.")
    return IdentityProvider(*(values[name] for name in SIGN_IN))


def _tokens(text: str) -> tuple[str, ...]:
    """ "token", or "new,old" while Twilio's token is being changed: the first one sends, each is accepted."""
    tokens = tuple(part.strip() for part in text.split(","))
    if not all(tokens):  # a blank token would accept what was signed with a blank key
        raise SettingsMissing("TWILIO_AUTH_TOKEN has an empty token beside a comma.")
    return tokens


def _peppers(text: str) -> tuple[Pepper, ...]:
    """ "secret", or "2:new,1:old" with the writing one first."""
    peppers = []
    for part in text.split(","):
        key_id, colon, secret = part.strip().partition(":")
        peppers.append(Pepper(key_id, secret.encode()) if colon else Pepper("1", key_id.encode()))
    if any(not pepper.secret or not pepper.key_id for pepper in peppers):
        raise SettingsMissing("KUULOLLA_PEPPER has an empty secret or key id.")
    if len({pepper.key_id for pepper in peppers}) < len(peppers):
        raise SettingsMissing("KUULOLLA_PEPPER names a key id twice.")
    return tuple(peppers)
