"""Policy as tests: which way imports go, that no door stands open unnoticed, what the webhook's path imports, and that
every setting is asked for, kept secret where it is one, and documented."""

import ast
import subprocess
import sys
from collections.abc import Iterator, Sequence
from fnmatch import fnmatch
from pathlib import Path

import pytest
from flask import Flask
from werkzeug.routing import Rule

from handler.app import create_app
from handler.settings import Settings, SettingsMissing, settings_from
from handler.templates import compile_library
from survey_flow.library import Library
from tests.environment import ENVIRONMENT
from tests.people import SIGN_IN
from tests.world import World

ROOT = Path(__file__).resolve().parent.parent
README = ROOT / "README.md"

# --- which way imports go

WIRING = ("handler.app", "handler.web_app", "handler.start", "handler.jobs", "handler.commands")
AWS = ("boto3", "botocore", "pynamodb")
# For each part of the house, what it must not know of.
FORBIDDEN = {
    "survey_flow.*": ("handler", "local", "flask", "werkzeug", "jinja2", "twilio", "requests", *AWS),
    "handler.work.*": ("handler.routes", *WIRING, "local", "flask", "werkzeug", "twilio", "boto3"),
    "handler.tables.*": ("handler.work", "handler.routes", "handler.outside", *WIRING, "local", "flask", "twilio"),
    "handler.outside.*": ("handler.work", "handler.routes", "handler.tables", *WIRING, "local", "flask", "pynamodb"),
    "handler.routes.*": (*WIRING, "local", "boto3"),
    "handler.jobs": ("handler.routes", "local", "flask"),
    "handler.settings": ("handler.work", "handler.routes", "handler.tables", "handler.outside", "flask", *AWS),
    "handler.*": ("local", "tests"),
}
# The clock, ids and the environment are given to the core.
FORBIDDEN_TO_THE_CORE = ("os", "time", "random", "secrets", "uuid", "socket", "subprocess", "logging", "threading")


def modules(*packages: str) -> Iterator[tuple[str, ast.Module]]:
    for package in packages:
        for path in sorted((ROOT / package).rglob("*.py")):
            parts = path.relative_to(ROOT).with_suffix("").parts
            yield ".".join(part for part in parts if part != "__init__"), ast.parse(path.read_text(encoding="utf-8"))


def imported(tree: ast.Module) -> Iterator[str]:
    """Every module imported anywhere in the file, within functions too; "from a import b" as "a.b"."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            yield from (name.name for name in node.names)
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, "imports are absolute here"
            yield from (f"{node.module}.{name.name}" for name in node.names)


def within(name: str, package: str) -> bool:
    return name == package or name.startswith(f"{package}.")


@pytest.mark.parametrize(("part", "forbidden"), FORBIDDEN.items(), ids=FORBIDDEN)
def test_dependencies_run_one_way(part: str, forbidden: tuple[str, ...]) -> None:
    looked_at = [(module, tree) for module, tree in modules("survey_flow", "handler") if fnmatch(module, part)]
    assert looked_at
    wrong = [
        f"{module} imports {name}"
        for module, tree in looked_at
        for name in imported(tree)
        for package in forbidden
        if within(name, package)
    ]
    assert wrong == []


def test_only_the_wiring_imports_the_doors() -> None:
    wrong = [
        f"{module} imports {name}"
        for module, tree in modules("handler", "local")
        for name in imported(tree)
        if within(name, "handler.routes")
        and not within(module, "handler.routes")
        and module not in ("handler.app", "handler.web_app")
        # what a view of one machine says of itself
        and not (within(module, "local") and within(name, "handler.routes.rules"))
    ]
    assert wrong == []


def test_only_the_app_imports_the_wiring_of_the_pages() -> None:
    importers = {
        module
        for module, tree in modules("handler", "local")
        for name in imported(tree)
        if within(name, "handler.web_app")
    }
    assert importers == {"handler.app"}


def test_the_core_reads_no_clock_and_no_environment() -> None:
    wrong = [
        f"{module} imports {name}"
        for module, tree in modules("survey_flow")
        for name in imported(tree)
        if any(within(name, package) for package in FORBIDDEN_TO_THE_CORE)
    ]
    wrong += [
        f"{module} reads the clock"
        for module, tree in modules("survey_flow")
        for node in ast.walk(tree)
        if isinstance(node, ast.Attribute) and node.attr in ("now", "utcnow", "today")
    ]
    assert wrong == []


def test_the_environment_is_read_in_the_wiring_alone() -> None:
    readers = {
        module
        for module, tree in modules("handler")
        for node in ast.walk(tree)
        if isinstance(node, ast.Attribute) and node.attr in ("environ", "getenv")
    }
    assert readers == {"handler.start"}


# Whoever reads the counts could show of them what they like: these alone do, and each says why it may.
READERS_OF_COUNTS = {
    "handler.work.books",  # publishes: the rule of small groups lies between it and every door
    "handler.work.sendings",  # no answers
    "handler.work.report_facts",  # safety texts of a whole year and organisation
    "handler.work.recount",  # compares and repairs; tells months, units and columns that differ
    "handler.work.answered",  # totals of everybody in full fives, for the dashboard
}


def test_figures_come_from_one_place() -> None:
    readers = {
        module
        for module, tree in modules("handler")
        for node in ast.walk(tree)
        if isinstance(node, ast.Attribute) and isinstance(node.value, ast.Name)
        if node.value.id in ("counts", "recounts") and node.attr in ("read", "books", "of_survey")
    }
    assert readers == READERS_OF_COUNTS


HEAVY = (
    "holidays",
    "twilio.rest",
    "msgspec",
    "boto3",
    "openpyxl",
    "xlsxwriter",
    "authlib",
    "phonenumbers",
    "markdown_it",
)


def test_the_webhook_imports_nothing_heavy(tmp_path: Path) -> None:
    compiled = tmp_path / "compiled"
    compile_library(ROOT / "templates", compiled)
    script = (
        "import pickle, sys, pathlib\n"
        "from handler.app import create_app\n"
        f"library = pickle.loads(pathlib.Path({str(compiled)!r}).read_bytes())\n"
        f"create_app(('sms',), environment={dict(ENVIRONMENT)!r}, library=library)\n"
        f"print([name for name in {(*HEAVY, 'handler.web_app')!r} if name in sys.modules])\n"
    )
    done = subprocess.run([sys.executable, "-c", script], cwd=ROOT, capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"


def test_the_fallback_knows_no_tables_and_no_surveys() -> None:
    script = (
        "import sys\n"
        "from handler.app import create_app\n"
        f"create_app(('fallback',), environment={dict(ENVIRONMENT)!r})\n"
        f"known = {(*HEAVY, 'pynamodb', 'handler.tables', 'handler.templates', 'survey_flow.library')!r}\n"
        "print([name for name in known if name in sys.modules])\n"
    )
    done = subprocess.run([sys.executable, "-c", script], cwd=ROOT, capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"


# --- doors

HANDBOOK = {"/handbook", "/handbook/<page_name>", "/handbook/pictures/<picture>"}
UNITS = {"/units/<unit_id>", "/units/<unit_id>/poster"}
SIGNING_IN = {"/login", "/login/back", "/login/out", "/logout"}
PUBLIC = {"/health", "/openapi.json", "/static/<path:filename>"} | HANDBOOK | UNITS | SIGNING_IN
WEBHOOKS = {"/sms/inbound", "/sms/status"}
SIGNED = WEBHOOKS | {"/sms/fallback"}


@pytest.fixture
def deployed(world: World, library: Library) -> Flask:
    """The app as it is in a stage of AWS, over the world's tables."""
    doors = ("sms", "fallback", "web")
    return create_app(doors, environment={**SIGN_IN, "KUULOLLA_STAGE": "prod"}, library=library)


def doors(app: Flask) -> list[tuple[Rule, str]]:
    return [
        (rule, method)
        for rule in app.url_map.iter_rules()
        for method in sorted((rule.methods or set()) - {"OPTIONS", "HEAD"})
    ]


def test_every_door_is_public_by_name_or_refuses_whoever_shows_nothing(deployed: Flask) -> None:
    client = deployed.test_client()
    answers = {}
    for rule, method in doors(deployed):
        if rule.rule in PUBLIC:
            continue
        path = rule.rule.replace("<unit_id>", "kotka")
        for name in ("<invitation_id>", "<comment_id>", "<action_id>", "<key_id>"):
            path = path.replace(name, "1")
        assert "<" not in path, f"say here what to call {rule.rule} with"
        answers[f"{method} {rule.rule}"] = client.open(path, method=method).status_code
    assert answers
    for door, status in answers.items():
        if "/sms/" in door:
            assert status == 403, door
        else:  # a page is led to signing in
            assert status == (303 if door.startswith("GET /") and "/api/" not in door else 401), door


def test_without_sign_in_the_pages_of_a_stage_stay_closed(world: World, library: Library) -> None:
    app = create_app(("web",), environment={**ENVIRONMENT, "KUULOLLA_STAGE": "prod"}, library=library)
    client = app.test_client()
    assert {client.get(path).status_code for path in ("/", "/results", "/comments", "/keys", "/audit")} == {403}
    assert client.post("/", data={"phone": "1"}).status_code == 403


def test_what_is_public_and_what_is_signed_is_there(deployed: Flask) -> None:
    assert {rule.rule for rule in deployed.url_map.iter_rules()} >= PUBLIC | SIGNED


def test_health_tells_nothing_of_anybody(deployed: Flask) -> None:
    assert set(deployed.test_client().get("/health").json) == {"status", "tables", "surveys"}


def test_the_webhooks_door_alone_has_no_pages_and_no_api(world: World, library: Library) -> None:
    app = create_app(("sms",), environment=ENVIRONMENT, library=library)
    assert {rule.rule for rule in app.url_map.iter_rules()} == WEBHOOKS | {"/health"}


def test_the_fallback_alone_has_one_door(library: Library) -> None:
    app = create_app(("fallback",), environment=ENVIRONMENT, library=library)
    assert {rule.rule for rule in app.url_map.iter_rules()} == {"/sms/fallback"}


# --- settings

SECRETS = ("KUULOLLA_PEPPER", "TWILIO_AUTH_TOKEN")


def settings(**differs: str) -> Settings:
    return settings_from({**ENVIRONMENT, **differs})


@pytest.mark.parametrize("name", sorted(ENVIRONMENT))
@pytest.mark.parametrize("blank", ["", "  \t"])
def test_a_blank_setting_stops_the_start_with_a_sentence(name: str, blank: str) -> None:
    with pytest.raises(SettingsMissing) as missing:
        settings(**{name: blank})
    (sentence,) = str(missing.value).splitlines()
    assert sentence.startswith(f"{name} is missing: ")
    assert sentence.endswith(".")


def test_every_missing_setting_is_named_at_once() -> None:
    with pytest.raises(SettingsMissing) as missing:
        settings_from({})
    assert [line.split()[0] for line in str(missing.value).splitlines()] == sorted(
        ENVIRONMENT, key=list(ENVIRONMENT).index
    )


OF_SIGN_IN = sorted(set(SIGN_IN) - set(ENVIRONMENT))


def test_without_settings_of_sign_in_there_is_no_provider() -> None:
    assert settings().identity_provider is None
    assert settings(**dict.fromkeys(OF_SIGN_IN, " ")).identity_provider is None


@pytest.mark.parametrize("name", OF_SIGN_IN)
def test_of_sign_in_every_setting_is_needed_or_none(name: str) -> None:
    given = {each: SIGN_IN[each] for each in OF_SIGN_IN}
    with pytest.raises(SettingsMissing, match=f"^{name} is missing: .+[.]$"):
        settings(**{**given, name: ""})


def test_our_own_address_has_tls_where_people_are_asked() -> None:
    given = {"KUULOLLA_PUBLIC_URL": "http://127.0.0.1:8000"}
    for stage in ("local", "test"):
        assert settings(**given, KUULOLLA_STAGE=stage).public_url == "http://127.0.0.1:8000"
    with pytest.raises(SettingsMissing, match="KUULOLLA_PUBLIC_URL is no address that begins with https://"):
        settings(**given, KUULOLLA_STAGE="prod")


def test_a_provider_without_tls_is_taken_on_one_machine_alone() -> None:
    given = {name: SIGN_IN[name] for name in OF_SIGN_IN} | {"KUULOLLA_OIDC_ISSUER": "http://127.0.0.1:8003"}
    assert settings(**given).identity_provider is not None
    for stage in ("test", "prod"):
        with pytest.raises(SettingsMissing, match="KUULOLLA_OIDC_ISSUER is no address that begins with https://"):
            settings(**given, KUULOLLA_STAGE=stage)


def test_a_short_session_key_stops_the_start() -> None:
    given = {name: SIGN_IN[name] for name in OF_SIGN_IN} | {"KUULOLLA_SESSION_KEY": "k" * 31}
    with pytest.raises(SettingsMissing, match="KUULOLLA_SESSION_KEY has fewer than 32 characters"):
        settings(**given)


def test_an_app_with_a_setting_missing_does_not_start(library: Library) -> None:
    with pytest.raises(SettingsMissing, match="TWILIO_AUTH_TOKEN is missing"):
        create_app(("sms",), environment={**ENVIRONMENT, "TWILIO_AUTH_TOKEN": ""}, library=library)


WRONG = {
    "an unknown stage": ({"KUULOLLA_STAGE": "production"}, "KUULOLLA_STAGE"),
    "a pepper without its secret": ({"KUULOLLA_PEPPER": "2:,1:old"}, "KUULOLLA_PEPPER"),
    "a pepper without its key id": ({"KUULOLLA_PEPPER": ":new"}, "KUULOLLA_PEPPER"),
    "an empty pepper after a comma": ({"KUULOLLA_PEPPER": "2:new,"}, "KUULOLLA_PEPPER"),
    "an empty token after a comma": ({"TWILIO_AUTH_TOKEN": "old,"}, "TWILIO_AUTH_TOKEN"),
    "one key id for two peppers": ({"KUULOLLA_PEPPER": "1:new,1:old"}, "KUULOLLA_PEPPER"),
}


@pytest.mark.parametrize(("differs", "named"), WRONG.values(), ids=WRONG)
def test_a_wrong_setting_is_named_and_its_value_is_not_told(differs: dict[str, str], named: str) -> None:
    with pytest.raises(SettingsMissing) as missing:
        settings(**differs)
    assert str(missing.value).startswith(named)
    assert "old" not in str(missing.value)


def test_the_writing_pepper_comes_first() -> None:
    assert [pepper.key_id for pepper in settings(KUULOLLA_PEPPER="2:new, 1:old").peppers] == ["2", "1"]


def test_a_pepper_may_be_a_parameters_name() -> None:
    read = settings_from({**ENVIRONMENT, "KUULOLLA_PEPPER": "/kuulolla/pepper"}, lambda _: {"/kuulolla/pepper": "3:x"})
    assert [(pepper.key_id, pepper.secret) for pepper in read.peppers] == [("3", b"x")]


def test_both_secrets_are_fetched_together() -> None:
    asked: list[list[str]] = []

    def read_parameters(names: Sequence[str]) -> dict[str, str]:
        asked.append(list(names))
        return {"/p": "2:new,1:old", "/t": "one, two\n"}

    read = settings_from({**ENVIRONMENT, "KUULOLLA_PEPPER": "/p", "TWILIO_AUTH_TOKEN": "/t"}, read_parameters)
    assert asked == [["/p", "/t"]]
    assert [pepper.key_id for pepper in read.peppers] == ["2", "1"]
    assert (read.twilio_auth_tokens, read.sending_token) == (("one", "two"), "one")


def test_a_parameter_that_does_not_exist_is_named() -> None:
    with pytest.raises(SettingsMissing, match="KUULOLLA_PEPPER names the parameter /p, which does not exist"):
        settings_from({**ENVIRONMENT, "KUULOLLA_PEPPER": "/p"}, lambda _: {})


def test_secrets_are_not_in_what_settings_print() -> None:
    made = settings(KUULOLLA_PEPPER="2:hidden-new,1:hidden-old", TWILIO_AUTH_TOKEN="hidden-token")
    assert "hidden" not in repr(made)
    assert "hidden" not in str(made)
    assert "hidden" not in repr(made.peppers[0])
    given = {name: SIGN_IN[name] for name in OF_SIGN_IN}
    hidden = settings(**given | {"KUULOLLA_OIDC_CLIENT_SECRET": "hidden", "KUULOLLA_SESSION_KEY": "hidden" * 6})
    assert "hidden" not in repr(hidden)


# --- the README


def test_every_setting_is_in_the_readme() -> None:
    readme = README.read_text(encoding="utf-8")
    assert [name for name in (*SIGN_IN, "AWS_ENDPOINT_URL") if f"`{name}`" not in readme] == []


def test_every_door_is_in_the_readme(deployed: Flask) -> None:
    readme = README.read_text(encoding="utf-8")
    assert [rule.rule for rule in deployed.url_map.iter_rules() if f"{rule.rule}`" not in readme] == []
