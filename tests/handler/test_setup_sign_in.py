"""`setup sign-in` keeps the identity provider's secret, and shows it to nobody."""

import pytest

from handler.outside.secret_parameters import CLIENT_SECRET
from tests.handler.setting_up import run, value_of

SECRET, NEW_SECRET = "aB3~secret.of-the_client", "another-secret-of-the-client"


@pytest.fixture(autouse=True)
def aws(empty_aws: None) -> None:
    """Nothing in it."""


def test_the_secret_is_made_and_then_changed_and_never_shown() -> None:
    made = run("sign-in", typed=f"{SECRET}\n")
    assert made.output == "/kuulolla/test/oidc-client-secret is made.\n"
    assert value_of(CLIENT_SECRET) == SECRET
    changed = run("sign-in", typed=NEW_SECRET)
    assert changed.output.startswith("/kuulolla/test/oidc-client-secret is changed; ")
    assert value_of(CLIENT_SECRET) == NEW_SECRET


@pytest.mark.parametrize("typed", ["", "\n", "two words", "kääntäjä", "/a/parameter"])
def test_what_is_no_secret_is_refused_with_a_sentence(typed: str) -> None:
    refused = run("sign-in", typed=typed)
    assert refused.exit_code == 1
    assert "client secret" in refused.output
    assert not typed.strip() or typed not in refused.output
