"""Whether a stage's secrets are ready: there, encrypted, long enough, and those that cannot be replaced backed up."""

from dataclasses import dataclass

from handler.outside.secret_parameters import CLIENT_SECRET, PEPPER, SESSION_KEY, TWILIO_TOKEN, Held, SecretParameters
from handler.work.setup_backup import backed_up
from handler.work.setup_check import Line, Look, Names
from handler.work.setup_secrets import SHORTEST_SECRET, peppers_in, tokens_in


def looks_at_secrets(parameters: SecretParameters, names: Names) -> list[tuple[str, Look]]:
    secrets = _Secrets(parameters, names)
    return [
        (parameters.name(PEPPER), secrets.pepper),
        (parameters.name(TWILIO_TOKEN), secrets.token),
        (parameters.name(SESSION_KEY), secrets.session_key),
        (parameters.name(CLIENT_SECRET), secrets.client_secret),
    ]


@dataclass(frozen=True, slots=True)
class _Secrets:
    """Looks at a stage's secrets, one each."""

    parameters: SecretParameters
    names: Names

    def pepper(self) -> Line:
        found, what = self._held(PEPPER), self.parameters.name(PEPPER)
        if isinstance(found, Line):
            return found
        ids = ", ".join(pepper.key_id for pepper in peppers_in(found.value))
        if not backed_up(self.parameters, found):
            keep = f"run `{self.names.setup} secrets --stage {self.names.stage} --back-up FILE`."
            return Line(what, "it has no backup as it stands now, and losing it loses every opt-out", keep)
        return Line(what, f"key ids {ids}, the first one writes; backed up")

    def token(self) -> Line:
        found, what = self._held(TWILIO_TOKEN), self.parameters.name(TWILIO_TOKEN)
        if isinstance(found, Line):
            return found
        count = len(tokens_in(found.value))
        return Line(what, "one token" if count == 1 else f"{count} tokens accepted, the first one sends: being changed")

    def session_key(self) -> Line:
        found, what = self._held(SESSION_KEY), self.parameters.name(SESSION_KEY)
        if isinstance(found, Line):
            return found
        if len(found.value) < SHORTEST_SECRET:
            return Line(what, f"it is shorter than {SHORTEST_SECRET} bytes", "delete it and run `setup secrets` again.")
        return Line(what, "there")

    def client_secret(self) -> Line:
        what, found = self.parameters.name(CLIENT_SECRET), self.parameters.read(CLIENT_SECRET)
        if found is None:
            return Line(what, "not there: the pages stay closed unless staff can sign in (docs/sign-in.md)")
        if not found.encrypted:
            return Line(
                what, "it is not encrypted", f"delete it, take a new one, and run `{self.names.setup} sign-in`."
            )
        return Line(what, "there")

    def _held(self, secret: str) -> Held | Line:
        """What is there and encrypted, or what to do."""
        what, found = self.parameters.name(secret), self.parameters.read(secret)
        make = f"{self.names.setup} secrets --stage {self.names.stage}"
        if found is None:
            return Line(what, "it is not there", f"run `{make}`.")
        if not found.encrypted:
            return Line(what, "it is not encrypted", f"delete it, take a new secret, and run `{make}`.")
        return found
