"""Whether a stage is ready: one line a thing, and what to do about it where it is not."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

from handler.outside.aws_sentences import AwsRefused
from handler.outside.health_look import health_fault
from handler.outside.stage_look import StageLook
from handler.outside.twilio_client import is_service
from handler.outside.twilio_setup import TwilioRefused, TwilioSetup
from handler.work.setup_secrets import CannotBe
from handler.work.setup_webhooks import differences, wanted_of


@dataclass(frozen=True, slots=True)
class Line:
    """`todo` is "" when all is well."""

    what: str
    found: str
    todo: str = ""

    def __str__(self) -> str:
        return f"to do  {self.what}: {self.found}: {self.todo}" if self.todo else f"ok     {self.what}: {self.found}"


@dataclass(frozen=True, slots=True)
class Names:
    """What the stage's parts are called."""

    stage: str
    stack: str
    tables: Sequence[str]
    queues: Sequence[str]
    keys: Sequence[str]
    alarms: str
    reports_from: str
    setup: str  # how the commands begin


Look = Callable[[], Line]


def lines(looks: Sequence[tuple[str, Look]]) -> Iterator[Line]:
    """Each look's line; one that AWS or Twilio refuses keeps no other from being done."""
    for what, look in looks:
        try:
            yield look()
        except (AwsRefused, TwilioRefused, CannotBe) as refused:
            yield Line(what, "not ready", str(refused))


def looks_at_stage(stage: StageLook, names: Names) -> list[tuple[str, Look]]:
    def stack() -> Line:
        found = stage.stack(names.stack)
        if found is None:
            return Line(names.stack, "the stack is not there", "deploy first (docs/deploying.md).")
        if not found.status.endswith("_COMPLETE") or "ROLLBACK" in found.status:
            return Line(names.stack, f"the stack stands at {found.status}", "look at its events in CloudFormation.")
        return Line(names.stack, f"the stack stands at {found.status}")

    def all_of(what: str, expected: Sequence[str], missing: Callable[[Sequence[str]], list[str]]) -> Look:
        def look() -> Line:
            if gone := missing(expected):
                return Line(
                    what, f"{', '.join(gone)} cannot be used", "deploy, or see the run book (docs/run-book.md)."
                )
            return Line(what, f"all {len(expected)} are there")

        return look

    return [
        ("stack", stack),
        ("tables", all_of("tables", names.tables, stage.missing_tables)),
        ("queues", all_of("queues", names.queues, stage.missing_queues)),
        ("keys", all_of("keys", names.keys, stage.missing_keys)),
        ("mail", lambda: _mail(stage, names)),
        ("alarms", lambda: _alarms(stage, names)),
    ]


def _mail(stage: StageLook, names: Names) -> Line:
    account, sender = stage.mail_account(), names.reports_from
    if not sender:
        return Line("mail", "no reports are mailed: organisation.toml has no reports_from")
    if not stage.may_send_from(sender):
        todo = f"verify {sender} or its domain in SES, or correct reports_from in templates/organisation.toml."
        return Line("mail", "SES may not send reports from the address", todo)
    if not account.sending:
        return Line("mail", "SES has stopped the account's sending", "open SES in AWS's console: it says why.")
    if not account.to_anybody:
        return Line("mail", "SES is in the sandbox", "ask for production access in SES; it takes about a day.")
    return Line("mail", f"SES may send from {sender}")


def _alarms(stage: StageLook, names: Names) -> Line:
    mails = stage.alarm_mails(names.alarms, account=stage.account())
    if mails is None:
        return Line("alarms", "the topic of the alarms is not there", "deploy first (docs/deploying.md).")
    confirmed, waiting = mails
    if waiting or not confirmed:
        todo = "each of them opens the link in the mail from AWS Notifications; without it no alarm reaches anybody."
        return Line("alarms", f"{confirmed} addresses have confirmed, {waiting} have not", todo)
    return Line("alarms", f"{confirmed} addresses have confirmed")


def looks_at_twilio(
    twilio: Callable[[], TwilioSetup], sender: str, public_url: str, names: Names
) -> list[tuple[str, Look]]:
    def account() -> Line:
        found = twilio().account()
        if found.status != "active":
            return Line("twilio account", found.status, "open Twilio's console: it says why.")
        if found.kind == "Trial":
            return Line(
                "twilio account", "a trial account texts verified numbers only", "upgrade it in Twilio's console."
            )
        return Line("twilio account", found.status)

    def webhooks() -> Line:
        wrong = differences(twilio().sender(sender), wanted_of(sender, public_url))
        if wrong:
            todo = f"run `{names.setup} twilio --stage {names.stage}`, which shows them."
            return Line("twilio webhooks", f"{', '.join(each.name for each in wrong)} differ", todo)
        return Line("twilio webhooks", "as they are to be")

    def numbers() -> Line:
        if not is_service(sender):
            todo = "make a Messaging Service with this number and deploy with its SID as the sender."
            return Line("twilio sender", "a number alone: Twilio answers STOP in English", todo)
        if not (count := twilio().numbers_of(sender)):
            return Line("twilio sender", "the Messaging Service has no number", "add the Finnish number to it.")
        return Line("twilio sender", f"the Messaging Service has {count} number{'s' if count > 1 else ''}")

    return [("twilio account", account), ("twilio webhooks", webhooks), ("twilio sender", numbers)]


def look_at_health(public_url: str) -> Line:
    if fault := health_fault(public_url):
        return Line(f"{public_url}/health", fault, "see the log of the function web, and the domain's records.")
    return Line(f"{public_url}/health", "it answers")
