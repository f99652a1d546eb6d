"""Two administrators at once: a secret is made by one of them, and a change in between is noticed."""

from concurrent.futures import ThreadPoolExecutor

import pytest

from handler.outside.secret_parameters import PEPPER, ChangedMeanwhile, SecretParameters
from handler.work.setup_secrets import make_missing, with_reading_pepper
from tests.handler.setting_up import NEW, OLD, TOKEN, parameters, put, run, value_of
from tests.world import REGION

pytestmark = pytest.mark.engine
AT_ONCE = 8


def test_of_many_who_make_the_secrets_at_once_one_makes_each(engine: str) -> None:
    def make(_: int) -> list[str]:
        return list(make_missing(SecretParameters("test", region=REGION), lambda: TOKEN, list))

    with ThreadPoolExecutor(AT_ONCE) as administrators:
        told = [line for lines in administrators.map(make, range(AT_ONCE)) for line in lines]
    assert sorted(line for line in told if line.endswith("is made.")) == [
        "/kuulolla/test/pepper is made.",
        "/kuulolla/test/session-key is made.",
        "/kuulolla/test/twilio-token is made.",
    ]
    assert len(told) == 3 * AT_ONCE
    held = parameters().read(PEPPER)
    assert held is not None
    assert held.version == 1


def test_whoever_comes_second_makes_nothing(engine: str) -> None:
    assert parameters().create(PEPPER, f"1:{OLD}")
    assert not parameters().create(PEPPER, f"1:{NEW}")
    assert value_of(PEPPER) == f"1:{OLD}"


def test_a_change_in_between_is_noticed(engine: str) -> None:
    put(PEPPER, f"1:{OLD}")
    held = parameters().read(PEPPER)
    assert held is not None
    put(PEPPER, f"1:{NEW}")
    with pytest.raises(ChangedMeanwhile):
        parameters().change(PEPPER, with_reading_pepper(held), held)


def test_of_many_who_change_a_secret_at_once_one_alone_hears_that_nobody_else_did(engine: str) -> None:
    put(PEPPER, f"1:{OLD}")
    held = parameters().read(PEPPER)
    assert held is not None

    def change(_: int) -> bool:
        try:
            SecretParameters("test", region=REGION).change(PEPPER, with_reading_pepper(held), held)
        except ChangedMeanwhile:
            return False
        return True

    with ThreadPoolExecutor(AT_ONCE) as administrators:
        assert sorted(administrators.map(change, range(AT_ONCE))) == [False] * (AT_ONCE - 1) + [True]


def test_the_commands_work_with_the_engines_parameters(engine: str) -> None:
    assert run("secrets", typed=TOKEN).exit_code == 0
    assert run("rotate", "pepper", "--step", "add").exit_code == 0
    assert "Wait 10 more minutes." in run("rotate", "pepper", "--step", "write").output
