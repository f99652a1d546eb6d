"""What an entry point stands on is wired once, and anew when a secret has changed."""

import logging
import time
from dataclasses import dataclass, field, replace

import boto3
import pytest

from handler.outside.parameters import ParametersSilent, read_parameters
from handler.settings import Settings, SettingsMissing, settings_from
from handler.start import SECRETS_KEPT_SECONDS, Wired, read_settings
from tests.environment import ENVIRONMENT
from tests.world import REGION, World

SETTINGS = settings_from(ENVIRONMENT)


@dataclass(slots=True)
class Container:
    """A container over its life: settings as they are read, seconds as they go by."""

    settings: Settings = SETTINGS
    fault: Exception | None = None
    now: float = 1000.0
    looks: int = 0
    made: list[Settings] = field(default_factory=list)

    def read(self) -> Settings:
        self.looks += 1
        if self.fault is not None:
            raise self.fault
        return self.settings

    def make(self, settings: Settings) -> int:
        self.made.append(settings)
        return len(self.made)

    def wired(self) -> Wired[int]:
        return Wired(self.make, read=self.read, look=self.read, seconds=lambda: self.now)


def changed(settings: Settings) -> Settings:
    return replace(settings, twilio_auth_tokens=("new", *settings.twilio_auth_tokens))


def test_nothing_is_read_before_the_first_call() -> None:
    container = Container()
    container.wired()
    assert container.looks == 0


def test_secrets_are_read_once_in_five_minutes() -> None:
    container = Container()
    wired = container.wired()
    assert [wired(), wired()] == [1, 1]
    container.now += SECRETS_KEPT_SECONDS - 1
    assert (wired(), container.looks) == (1, 1)
    container.now += 1
    assert (wired(), wired(), container.looks) == (1, 1, 2)


def test_a_clock_that_was_set_back_puts_no_look_off() -> None:
    container = Container()
    wired = container.wired()
    wired()
    container.now -= SECRETS_KEPT_SECONDS
    assert (wired(), container.looks) == (1, 2)


def test_the_time_goes_by_while_a_container_is_frozen() -> None:
    """The monotonic clock stands still then: only the wall clock tells that the secrets are old."""
    container = Container()
    assert Wired(container.make, read=container.read)._seconds is time.time


def test_a_changed_secret_is_wired_anew() -> None:
    container = Container()
    wired = container.wired()
    wired()
    container.settings = changed(SETTINGS)
    container.now += SECRETS_KEPT_SECONDS
    assert wired() == 2
    assert container.made[-1].sending_token == "new"


@pytest.mark.parametrize("fault", [ParametersSilent("ThrottlingException"), SettingsMissing("KUULOLLA_PEPPER ...")])
def test_what_was_wired_stays_when_the_secrets_cannot_be_looked_at(
    fault: Exception, caplog: pytest.LogCaptureFixture
) -> None:
    container = Container()
    wired = container.wired()
    wired()
    container.fault = fault
    container.now += SECRETS_KEPT_SECONDS
    with caplog.at_level(logging.ERROR):
        assert wired() == 1
    assert caplog.messages == [f"the secrets could not be looked at again: {type(fault).__name__}"]
    assert (wired(), container.looks) == (1, 2)


def test_a_container_that_cannot_begin_says_so_and_tries_again_at_the_next_call() -> None:
    container = Container(fault=ParametersSilent("ThrottlingException"))
    wired = container.wired()
    with pytest.raises(ParametersSilent):
        wired()
    container.fault = None
    assert wired() == 1


def test_secrets_are_read_from_encrypted_parameters(world: World) -> None:
    ssm = boto3.client("ssm", region_name=REGION)
    ssm.put_parameter(Name="/kuulolla/test/pepper", Value="2:new,1:old", Type="SecureString")
    ssm.put_parameter(Name="/kuulolla/test/twilio-token", Value="a token", Type="SecureString")
    named = {
        **ENVIRONMENT,
        "KUULOLLA_PEPPER": "/kuulolla/test/pepper",
        "TWILIO_AUTH_TOKEN": "/kuulolla/test/twilio-token",
    }
    settings = read_settings(named)
    assert ([pepper.secret for pepper in settings.peppers], settings.sending_token) == ([b"new", b"old"], "a token")


def test_parameters_that_cannot_be_read_are_a_fault_without_a_word_of_them(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("AWS_ENDPOINT_URL", "http://127.0.0.1:9")
    for name in ("AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY"):
        monkeypatch.setenv(name, "test")
    with pytest.raises(ParametersSilent) as silent:
        read_parameters(["/kuulolla/test/pepper"], region=REGION)
    assert str(silent.value) == "EndpointConnectionError"
