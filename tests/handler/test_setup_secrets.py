"""Making the secrets of a stage, the pepper's backup, and changing pepper and token while the service runs."""

import stat
import subprocess
import sys
from datetime import timedelta
from pathlib import Path

import boto3
import pytest
from botocore.exceptions import ClientError

from handler.outside.aws_sentences import AwsRefused, aws_in_sentences
from handler.outside.phone_key_rows import TABLES, PhoneKeyRows
from handler.outside.secret_parameters import PEPPER, SESSION_KEY, TWILIO_TOKEN, Held
from handler.outside.twilio_setup import Account, TokenRefused, TwilioSetup
from handler.phone_keys import PhoneKeys
from handler.settings import settings_from
from handler.tables.all_tables import TABLES as ALL_TABLES
from handler.work.setup_secrets import CannotBe, peppers_in, with_reading_pepper, with_writing_pepper, without_pepper
from handler.work.setup_token import with_new_token, with_one_token
from survey_flow.phone import PhoneNumber
from tests.environment import ENVIRONMENT
from tests.handler.setting_up import (
    NEW,
    OLD,
    SECOND_TOKEN,
    SECRET,
    TOKEN,
    make_table,
    parameters,
    put,
    run,
    ssm,
    value_of,
)
from tests.world import REGION

PHONE = PhoneNumber("+358401234567")
KNOWN_AFTER = timedelta(minutes=10)
ROOT = Path(__file__).resolve().parents[2]


pytestmark = pytest.mark.usefixtures("empty_aws")


def held(value: str, *, minutes_ago: float = 60) -> Held:
    return Held(value, 3, timedelta(minutes=minutes_ago))


def opted_out(key_id: str) -> None:
    make_table("opt_outs")
    row = {"phone_key": {"S": f"{key_id}.{'a' * 64}"}, "since": {"S": "2026-11-22"}, "how": {"S": "sms"}}
    boto3.client("dynamodb", region_name=REGION).put_item(TableName="kuulolla-test-opt_outs", Item=row)


# --- making


def test_what_is_missing_is_made_encrypted_and_tagged_and_no_secret_is_shown() -> None:
    result = run("secrets", typed=f"{TOKEN}\n")
    assert result.exit_code == 0
    assert result.output.splitlines() == [
        "/kuulolla/test/pepper is made.",
        "/kuulolla/test/session-key is made.",
        "/kuulolla/test/twilio-token is made.",
        "Next, unless it is done: flask --app handler.app setup secrets --stage test --back-up FILE",
    ]
    assert SECRET.search(result.output) is None
    assert value_of(TWILIO_TOKEN) == TOKEN
    assert len(bytes.fromhex(value_of(SESSION_KEY))) == 32
    (pepper,) = peppers_in(value_of(PEPPER))
    assert (pepper.key_id, len(bytes.fromhex(pepper.secret.decode()))) == ("1", 32)
    for secret in (PEPPER, SESSION_KEY, TWILIO_TOKEN):
        found = parameters().read(secret)
        assert found is not None
        assert found.encrypted
        assert parameters().tags(secret) == {"service": "kuulolla", "stage": "test"}


def test_what_is_there_stays_as_it_is_and_the_token_is_not_asked_for_again() -> None:
    run("secrets", typed=TOKEN)
    before = [value_of(secret) for secret in (PEPPER, SESSION_KEY, TWILIO_TOKEN)]
    result = run("secrets")
    assert result.exit_code == 0
    assert result.output.count("is there already and stays as it is.") == 3
    assert [value_of(secret) for secret in (PEPPER, SESSION_KEY, TWILIO_TOKEN)] == before


def test_what_was_made_is_what_the_functions_read() -> None:
    run("secrets", typed=TOKEN)
    named = {"KUULOLLA_PEPPER": value_of(PEPPER), "TWILIO_AUTH_TOKEN": value_of(TWILIO_TOKEN)}
    settings = settings_from({**ENVIRONMENT, **named})
    assert (settings.peppers[0].key_id, settings.sending_token) == ("1", TOKEN)


NO_TOKENS = {
    "nothing": "",
    "a blank line": "  \n",
    "two tokens": "one,two\n",
    "a name": "/kuulolla/x\n",
    "words": "a b\n",
}


@pytest.mark.parametrize("typed", NO_TOKENS.values(), ids=NO_TOKENS)
def test_what_is_no_token_is_not_kept(typed: str) -> None:
    result = run("secrets", typed=typed)
    assert result.exit_code == 1
    assert result.output.splitlines()[-1].startswith("Error: ")
    assert parameters().read(TWILIO_TOKEN) is None


def test_a_new_pepper_is_not_made_where_opt_outs_stand_under_one_that_is_gone() -> None:
    opted_out("1")
    result = run("secrets", typed=TOKEN)
    assert result.exit_code == 1
    assert "/kuulolla/test/pepper is missing, but rows stand under a pepper in opt_outs." in result.output
    assert parameters().read(PEPPER) is None
    assert run("secrets", "--forget-opt-outs", typed=TOKEN).exit_code == 0
    assert parameters().read(PEPPER) is not None


def test_the_tables_that_hold_a_pepper_are_all_those_whose_rows_are_found_by_a_phone_key() -> None:
    found = {table.Meta.short_name for table in ALL_TABLES if table._hash_key_attribute().attr_name == "phone_key"}
    assert found == set(TABLES)


# --- the backup


def test_a_backup_goes_into_a_new_file_for_its_owner_alone_and_comes_back(tmp_path: Path) -> None:
    put(PEPPER, f"2:{NEW},1:{OLD}")
    file = tmp_path / "pepper"
    result = run("secrets", "--back-up", str(file))
    assert result.exit_code == 0
    assert SECRET.search(result.output) is None
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    ssm().delete_parameter(Name="/kuulolla/test/pepper")
    assert run("secrets", "--restore", str(file)).output == "/kuulolla/test/pepper is restored.\n"
    assert value_of(PEPPER) == f"2:{NEW},1:{OLD}"
    assert run("secrets", "--restore", str(file)).output.endswith(f"is there already, and is the one in {file}.\n")


def test_a_backup_takes_no_other_files_place(tmp_path: Path) -> None:
    put(PEPPER, f"1:{OLD}")
    file = tmp_path / "pepper"
    file.write_text("precious")
    assert run("secrets", "--back-up", str(file)).exit_code == 1
    assert file.read_text() == "precious"
    (tmp_path / "link").symlink_to(tmp_path / "elsewhere")
    assert run("secrets", "--back-up", str(tmp_path / "link")).exit_code == 1
    assert not (tmp_path / "elsewhere").exists()


def test_a_backup_never_takes_the_place_of_another_pepper(tmp_path: Path) -> None:
    put(PEPPER, f"1:{OLD}")
    file = tmp_path / "pepper"
    run("secrets", "--back-up", str(file))
    put(PEPPER, f"1:{NEW}")
    result = run("secrets", "--restore", str(file))
    assert result.exit_code == 1
    assert "is another one than in" in result.output
    assert value_of(PEPPER) == f"1:{NEW}"


BAD_FILES = {
    "of another stage": f"stage = prod\npepper = 1:{OLD}\n",
    "without a pepper": "stage = test\n",
    "with a short pepper": "stage = test\npepper = 1:abc\n",
    "of something else": "ä",
}


@pytest.mark.parametrize("text", BAD_FILES.values(), ids=BAD_FILES)
def test_a_file_that_is_no_backup_of_the_stage_is_refused(tmp_path: Path, text: str) -> None:
    file = tmp_path / "pepper"
    file.write_text(text)
    result = run("secrets", "--restore", str(file))
    assert (result.exit_code, result.output.startswith("Error: ")) == (1, True)
    assert SECRET.search(result.output) is None
    assert parameters().read(PEPPER) is None


def test_without_a_file_or_without_a_pepper_there_is_a_sentence(tmp_path: Path) -> None:
    assert run("secrets", "--restore", str(tmp_path / "none")).output.startswith("Error: ")
    assert run("secrets", "--back-up", str(tmp_path / "new")).output.endswith("there is nothing to back up.\n")
    assert not (tmp_path / "new").exists()


# --- changing the pepper


def test_a_pepper_is_changed_in_three_steps_and_no_opt_out_is_forgotten() -> None:
    first = f"1:{OLD}"
    key = PhoneKeys(peppers_in(first)).all(PHONE)[0]
    read_too = with_reading_pepper(held(first))
    assert [pepper.key_id for pepper in peppers_in(read_too)] == ["1", "2"]
    writes = with_writing_pepper(held(read_too), known_after=KNOWN_AFTER)
    assert [pepper.key_id for pepper in peppers_in(writes)] == ["2", "1"]
    for value in (read_too, writes):
        assert key in PhoneKeys(peppers_in(value)).all(PHONE)
    assert without_pepper(held(writes), "1", lambda _: [], known_after=KNOWN_AFTER) == read_too.partition(",")[2]


def test_the_new_pepper_writes_only_when_every_container_can_know_it() -> None:
    both = f"1:{OLD},2:{NEW}"
    with pytest.raises(CannotBe, match=r"Wait 1 more minutes\."):
        with_writing_pepper(held(both, minutes_ago=9.5), known_after=KNOWN_AFTER)
    assert with_writing_pepper(held(both, minutes_ago=10), known_after=KNOWN_AFTER) == f"2:{NEW},1:{OLD}"


NO_PLACE_FOR_ANOTHER = {
    "while another one is only read": f"1:{OLD},2:{NEW}",
    "beside a key id that is no number": f"a:{OLD}",
    "beside a pepper that is too short": "1:abc",
    "beside two of one key id": f"1:{OLD},1:{NEW}",
}


@pytest.mark.parametrize("value", NO_PLACE_FOR_ANOTHER.values(), ids=NO_PLACE_FOR_ANOTHER)
def test_no_pepper_is_added(value: str) -> None:
    with pytest.raises(CannotBe) as refused:
        with_reading_pepper(held(value))
    assert SECRET.search(str(refused.value)) is None


def test_a_pepper_without_a_key_id_keeps_being_the_first() -> None:
    assert with_reading_pepper(held(OLD)).startswith(f"1:{OLD},2:")


def test_the_commands_go_through_the_steps() -> None:
    put(PEPPER, f"1:{OLD}")
    added = run("rotate", "pepper", "--step", "add")
    assert added.exit_code == 0
    assert "in 10 minutes, flask --app handler.app setup rotate pepper --stage test --step write" in added.output
    too_early = run("rotate", "pepper", "--step", "write")
    assert (too_early.exit_code, "Wait 10 more minutes." in too_early.output) == (1, True)
    assert [pepper.key_id for pepper in peppers_in(value_of(PEPPER))] == ["1", "2"]
    assert SECRET.search(added.output + too_early.output) is None


def test_a_pepper_stays_for_as_long_as_an_opt_out_stands_under_it() -> None:
    put(PEPPER, f"2:{NEW},1:{OLD}")
    opted_out("1")
    result = run("rotate", "pepper", "--step", "drop", "--key-id", "1")
    assert result.exit_code == 1
    assert "The pepper 1 must stay: rows stand under it in opt_outs." in result.output
    assert value_of(PEPPER) == f"2:{NEW},1:{OLD}"


def test_a_pepper_under_which_nothing_stands_may_go() -> None:
    opted_out("2")
    opted_out("11")  # begins with a 1, and is another
    rows = PhoneKeyRows("kuulolla-test-", region=REGION).tables_with_rows
    assert without_pepper(held(f"2:{NEW},1:{OLD}"), "1", rows, known_after=KNOWN_AFTER) == f"2:{NEW}"


def test_a_pepper_under_which_a_container_may_still_write_stays() -> None:
    put(PEPPER, f"2:{NEW},1:{OLD}")
    result = run("rotate", "pepper", "--step", "drop", "--key-id", "1")
    assert (result.exit_code, "may still write under it. Wait 10 more minutes." in result.output) == (1, True)
    assert value_of(PEPPER) == f"2:{NEW},1:{OLD}"


def test_what_stands_under_each_pepper_is_counted() -> None:
    put(PEPPER, f"2:{NEW},1:{OLD},3:{'33' * 32}")
    for key_id in ("1", "2", "11"):
        opted_out(key_id)
    result = run("rotate", "pepper", "--step", "look")
    assert result.output.splitlines() == [
        "2: writes; opt_outs 1, throttle 0, conversations 0.",
        "1: is read; opt_outs 1, throttle 0, conversations 0; must stay.",
        "3: is read; opt_outs 0, throttle 0, conversations 0; may be dropped.",
        "Under a pepper that is gone: opt_outs 1. Opt-outs among them do not hold: see the run book.",
    ]
    assert value_of(PEPPER).startswith(f"2:{NEW},1:{OLD}")


@pytest.mark.parametrize(("key_id", "why"), [("2", "is the one that writes"), ("7", "There is no pepper")])
def test_the_writing_pepper_and_an_unknown_one_cannot_go(key_id: str, why: str) -> None:
    put(PEPPER, f"2:{NEW},1:{OLD}")
    result = run("rotate", "pepper", "--step", "drop", "--key-id", key_id)
    assert (result.exit_code, why in result.output) == (1, True)
    assert value_of(PEPPER) == f"2:{NEW},1:{OLD}"


# --- changing the token


class KnownTokens(TwilioSetup):
    """Twilio, as far as it takes tokens: the primary and the secondary one."""

    def __init__(self, token: str, known: set[str]) -> None:
        self._taken = token in known

    def account(self) -> Account:
        if not self._taken:
            raise TokenRefused("no")
        return Account("active", "Full")


def test_a_token_is_changed_while_both_are_accepted() -> None:
    both = with_new_token(held(TOKEN), f"{SECOND_TOKEN}\n", lambda token: KnownTokens(token, {TOKEN, SECOND_TOKEN}))
    assert both == f"{SECOND_TOKEN},{TOKEN}"
    with pytest.raises(CannotBe, match="promote the secondary one"):
        with_one_token(held(both), lambda token: KnownTokens(token, {TOKEN, SECOND_TOKEN}))
    assert with_one_token(held(both), lambda token: KnownTokens(token, {SECOND_TOKEN})) == SECOND_TOKEN


def test_a_change_that_is_given_up_keeps_the_token_that_twilio_takes() -> None:
    both = f"{SECOND_TOKEN},{TOKEN}"
    assert with_one_token(held(both), lambda token: KnownTokens(token, {TOKEN})) == TOKEN
    with pytest.raises(CannotBe, match="Twilio takes neither token"):
        with_one_token(held(both), lambda token: KnownTokens(token, set()))


WRONG_TOKENS = {
    "one that Twilio does not know": (TOKEN, SECOND_TOKEN, "Twilio does not know this token"),
    "the one in use": (TOKEN, TOKEN, "That is the token in use"),
    "a third one": (f"{SECOND_TOKEN},{TOKEN}", "third", "being changed already"),
    "nothing": (TOKEN, "\n", "No token was given"),
}


@pytest.mark.parametrize(("value", "typed", "why"), WRONG_TOKENS.values(), ids=WRONG_TOKENS)
def test_a_token_that_cannot_be_the_new_one_is_refused_without_being_told(value: str, typed: str, why: str) -> None:
    with pytest.raises(CannotBe, match=why) as refused:
        with_new_token(held(value), typed, lambda token: KnownTokens(token, {TOKEN}))
    assert SECRET.search(str(refused.value)) is None


# --- what AWS refuses

CODES = {
    "not allowed": ("AccessDeniedException", "AWS does not allow PutParameter to you: ask for the permissions"),
    "expired": (
        "ExpiredTokenException",
        "AWS does not accept these credentials (ExpiredTokenException). Sign in to AWS",
    ),
    "unknown": ("UnrecognizedClientException", "AWS does not accept these credentials"),
    "busy": ("ThrottlingException", "AWS refused PutParameter: ThrottlingException."),
}


@pytest.mark.parametrize(("code", "sentence"), CODES.values(), ids=CODES)
def test_a_refusal_of_aws_is_a_sentence_without_its_own_words(code: str, sentence: str) -> None:
    with pytest.raises(AwsRefused) as refused, aws_in_sentences():
        raise ClientError({"Error": {"Code": code, "Message": f"not {OLD}"}}, "PutParameter")
    assert str(refused.value).startswith(sentence)
    assert SECRET.search(str(refused.value)) is None


def test_the_age_of_a_secret_is_told_by_awss_clock() -> None:
    put(PEPPER, f"1:{OLD}")
    found = parameters().read(PEPPER)
    assert found is not None
    assert abs(found.age) < timedelta(minutes=1)


def test_without_credentials_there_is_a_sentence(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("AWS_EC2_METADATA_DISABLED", "true")
    monkeypatch.setenv("AWS_SHARED_CREDENTIALS_FILE", "/nowhere")
    monkeypatch.setenv("AWS_CONFIG_FILE", "/nowhere")
    for name in ("AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY"):
        monkeypatch.delenv(name)
    boto3.DEFAULT_SESSION = None
    result = run("secrets", typed=TOKEN)
    assert result.output.startswith("Error: There are no AWS credentials. Sign in to AWS")


def test_an_aws_that_does_not_answer_is_said_so(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("AWS_ENDPOINT_URL", "http://127.0.0.1:9")
    result = run("secrets", typed=TOKEN)
    assert result.output.startswith("Error: AWS could not be asked (EndpointConnectionError)")


def test_the_commands_import_nothing_heavy_before_one_is_run() -> None:
    script = (
        "import sys\nfrom handler.app import create_app\ncreate_app()\n"
        "print({'boto3', 'twilio.rest'} & set(sys.modules))"
    )
    done = subprocess.run([sys.executable, "-c", script], cwd=ROOT, capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "set()"
