"""What the commands of `setup` begin with: the stage that they work on, and faults as sentences."""

import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Any

import click

from handler.start import stage_of_the_terminal

if TYPE_CHECKING:
    from handler.outside.phone_key_rows import PhoneKeyRows
    from handler.outside.secret_parameters import Held, SecretParameters
    from handler.outside.stage_look import Stack, StageLook
    from handler.outside.twilio_setup import TwilioSetup

SETUP = "flask --app handler.app setup"
Command = Callable[..., Any]


@contextmanager
def said_plainly() -> Iterator[None]:
    """Every fault is a sentence, without a trace."""
    from handler.outside.aws_sentences import AwsRefused
    from handler.outside.secret_file import FileRefused
    from handler.outside.secret_parameters import ChangedMeanwhile
    from handler.outside.twilio_setup import TwilioRefused
    from handler.work.setup_secrets import CannotBe

    try:
        yield
        return
    except ChangedMeanwhile:
        sentence = (
            "Somebody else changed the parameter at the same time, and what was written here is the last. Agree on who "
            "changes it, look at its history in AWS's console (Parameter Store), then run this step again."
        )
    except (AwsRefused, TwilioRefused, CannotBe, FileRefused) as refused:
        sentence = str(refused)
    raise click.ClickException(sentence)


@dataclass(frozen=True)
class Place:
    """The stage that a command works on, and what it needs to know of it."""

    stage: str
    region: str
    account_sid: str = ""
    sender: str = ""
    public_url: str = ""
    twilio_url: str = ""

    def __post_init__(self) -> None:
        """A terminal with another stage's settings would point this stage's sender at that one."""
        here = stage_of_the_terminal()
        if here not in ("", self.stage):
            raise click.ClickException(f"This terminal has the settings of stage {here}: use another for {self.stage}.")

    @property
    def stack_name(self) -> str:
        return f"kuulolla-{self.stage}"

    @property
    def table_prefix(self) -> str:
        return f"{self.stack_name}-"

    @cached_property
    def parameters(self) -> "SecretParameters":
        from handler.outside.secret_parameters import SecretParameters

        return SecretParameters(self.stage, region=self.region)

    @cached_property
    def rows(self) -> "PhoneKeyRows":
        from handler.outside.phone_key_rows import PhoneKeyRows

        return PhoneKeyRows(self.table_prefix, region=self.region)

    @cached_property
    def look(self) -> "StageLook":
        from handler.outside.stage_look import StageLook

        return StageLook(region=self.region)

    @cached_property
    def _stack(self) -> "Stack | None":
        return self.look.stack(self.stack_name)

    def held(self, secret: str) -> "Held":
        """The secret as it stands. Raises CannotBe when it is not there."""
        from handler.work.setup_secrets import CannotBe

        held = self.parameters.read(secret)
        if held is None:
            raise CannotBe(
                f"{self.parameters.name(secret)} is not there: run `{SETUP} secrets --stage {self.stage}` first."
            )
        return held

    def told(self, given: str, output: str, option: str) -> str:
        """What was given, else the deployed stack's output. A ClickException without either."""
        found = given or (self._stack.outputs.get(output, "") if self._stack else "")
        if not found:
            raise click.ClickException(f"{option} is needed: the stack {self.stack_name} does not tell it.")
        return found

    def twilio(self, token: str | None = None) -> "TwilioSetup":
        """Twilio by this token, or by the one that sends."""
        from handler.outside.secret_parameters import TWILIO_TOKEN
        from handler.outside.twilio_setup import TwilioSetup
        from handler.work.setup_secrets import tokens_in

        if token is None:
            token = tokens_in(self.held(TWILIO_TOKEN).value)[0]
        account_sid = self.told(self.account_sid, "TwilioAccountSid", "--account-sid or TWILIO_ACCOUNT_SID")
        return TwilioSetup(account_sid, token, api_url=self.twilio_url)

    def sends_from(self) -> str:
        return self.told(self.sender, "Sender", "--sender or KUULOLLA_SENDER")

    def answers_at(self) -> str:
        url = self.told(self.public_url, "PublicUrl", "--public-url or KUULOLLA_PUBLIC_URL").rstrip("/")
        if not url.startswith("https://") and self.twilio_url.startswith("https://"):
            raise click.ClickException(f"{url} is no public address: it begins with https://.")
        return url


def of_stage(command: Command) -> Command:
    command = click.option("--stage", type=click.Choice(["test", "prod"]), required=True)(command)
    return click.option(
        "--region", envvar=["AWS_REGION", "AWS_DEFAULT_REGION"], default="eu-north-1", show_default=True
    )(command)


_OF_TWILIO = (
    ("--account-sid", "TWILIO_ACCOUNT_SID", "AC...; without it, as deployed."),
    ("--sender", "KUULOLLA_SENDER", "MG... or +358...; without it, as deployed."),
    ("--public-url", "KUULOLLA_PUBLIC_URL", "https://...; without it, as deployed."),
)


def of_twilio(command: Command) -> Command:
    for name, setting, explained in reversed(_OF_TWILIO):
        command = click.option(name, envvar=setting, default="", help=explained)(command)
    stand_in = click.option("--twilio-url", envvar="KUULOLLA_TWILIO_URL", default="https://api.twilio.com", hidden=True)
    return stand_in(command)


def typed_token() -> str:
    """From standard input: an argument would stay in the shell's history, and show in the list of processes."""
    if sys.stdin.isatty():
        return str(click.prompt("Twilio's auth token (it is not shown)", hide_input=True))
    return sys.stdin.readline()
