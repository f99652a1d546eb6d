"""What was left out is not missed: each library does what we use it for, with the package alone beside it."""

import subprocess
from pathlib import Path

import pytest

from infra.packaging.runtime import runtime_python
from tests.environment import ENVIRONMENT

pytestmark = pytest.mark.runtime

USES = {
    "entry points": """
        import handler.app, handler.jobs
        assert callable(handler.app.sms) and callable(handler.app.web) and callable(handler.jobs.deliver)
        """,
    "every module of ours": """
        import importlib, pathlib
        for path in sorted(pathlib.Path(folder).glob("handler/**/*.py")) + sorted(
            pathlib.Path(folder).glob("survey_flow/**/*.py")
        ):
            name = ".".join(path.relative_to(folder).with_suffix("").parts).removesuffix(".__init__")
            importlib.import_module(name)
        """,
    "clients of the services that we call": """
        from botocore.session import Session
        for service in ("dynamodb", "kms", "ssm", "sqs", "sesv2"):
            client = Session().create_client(service, region_name="eu-north-1")
            assert "eu-north-1" in client.meta.endpoint_url, client.meta.endpoint_url
        """,
    "requests to them, signed": """
        from botocore.session import Session
        from botocore.stub import Stubber
        ssm = Session().create_client("ssm", region_name="eu-north-1")
        with Stubber(ssm) as stub:
            stub.add_response("get_parameters", {"Parameters": [], "InvalidParameters": ["/a"]})
            assert ssm.get_parameters(Names=["/a"], WithDecryption=True)["InvalidParameters"] == ["/a"]
        """,
    "the carrier's client": """
        from handler.outside.carrier import Outgoing, TryLater, TwilioCarrier
        carrier = TwilioCarrier(
            account_sid="AC" + "0" * 32, auth_token="t", api_url="http://127.0.0.1:9", sender="MG" + "0" * 32, seconds=1
        )
        try:
            carrier.send(Outgoing("+358401234567", "x", "https://kuulolla.example", 60))
        except Exception as fault:
            assert type(fault).__name__ == "OutcomeUnknown", fault
        """,
    "signatures": """
        from twilio.request_validator import RequestValidator
        validator = RequestValidator("t")
        assert validator.validate("https://a", {"b": "c"}, validator.compute_signature("https://a", {"b": "c"}))
        """,
    "public holidays": """
        from datetime import date
        from handler.holidays_fi import is_finnish_holiday
        assert is_finnish_holiday(date(2026, 12, 6)) and not is_finnish_holiday(date(2026, 12, 7))
        """,
    "phone numbers as they are typed": """
        from survey_flow.typed_number import typed_number
        import phonenumbers
        assert phonenumbers.is_valid_number(phonenumbers.parse("040 123 4567", "FI"))
        assert phonenumbers.is_valid_number(phonenumbers.parse("+46 70 123 45 67", None))
        """,
    "Finnish time": """
        import os
        os.environ["PYTHONTZPATH"] = ""
        from datetime import datetime
        from zoneinfo import ZoneInfo, reset_tzpath
        reset_tzpath()
        assert str(datetime(2026, 7, 1, tzinfo=ZoneInfo("Europe/Helsinki")).utcoffset()) == "3:00:00"
        """,
    "workbooks": """
        from handler.outside.sheets import as_workbook
        from handler.outside.spreadsheet import read_table
        made = as_workbook("t", ["a", "b"], [["x", 1], [None, 2]])
        assert [row.cells for row in read_table(made).rows][0][:2] == ("a", "b")
        """,
    "the poster's code": """
        import io, segno
        made = io.BytesIO()
        segno.make("https://kuulolla.example", error="m").save(made, kind="svg")
        assert b"<svg" in made.getvalue()
        """,
    "pictures in mails": """
        import io, png
        made = io.BytesIO()
        png.Writer(1, 1, greyscale=True).write(made, [[0]])
        assert made.getvalue().startswith(b"\\x89PNG")
        """,
    "the handbook": """
        from markdown_it import MarkdownIt
        assert "<h1>" in MarkdownIt().render("# a")
        """,
    "the compiled library": """
        from handler.templates import load_library
        assert load_library().surveys["nuorten-matala-nuori"]
        """,
}


def run(folder: Path, code: str) -> subprocess.CompletedProcess[str]:
    """By the runtime's Python, without site-packages: the package alone is there."""
    lines = [line.removeprefix("        ") for line in code.strip("\n").splitlines()]
    program = "\n".join(["import sys; folder = sys.argv[1]; sys.path.insert(0, folder)", *lines])
    environment = {**ENVIRONMENT, "AWS_ACCESS_KEY_ID": "test", "AWS_SECRET_ACCESS_KEY": "test"}
    environment |= {"PYTHONDONTWRITEBYTECODE": "1"}
    command = [runtime_python(), "-s", "-S", "-P", "-W", "error", "-c", program, str(folder)]
    return subprocess.run(command, env=environment, capture_output=True, text=True, check=False)


@pytest.mark.parametrize("code", USES.values(), ids=USES)
def test_the_package_alone_is_enough_for(unpacked: Path, code: str) -> None:
    done = run(unpacked, code)
    assert done.returncode == 0, done.stderr


def test_the_library_that_was_compiled_is_the_one_of_the_templates(unpacked: Path) -> None:
    """Read by the tests' Python, too: nothing in it is of one version."""
    import pickle

    from handler.templates import COMPILED, TEMPLATES, checked_library

    compiled = pickle.loads((unpacked / "templates" / COMPILED).read_bytes())  # noqa: S301 made by the test
    assert compiled == checked_library(TEMPLATES)


def test_no_dataclass_of_ours_is_compiled_at_a_cold_start(unpacked: Path) -> None:
    """What was compiled when packaging says so in its code's file name."""
    done = run(
        unpacked,
        """
        import dataclasses
        import handler.app, handler.routes.sms, handler.tables.all_tables
        found = [
            made
            for name, module in list(sys.modules.items())
            if name.startswith(("handler.", "survey_flow."))
            for made in vars(module).values()
            if dataclasses.is_dataclass(made) and made.__module__ == name
        ]
        assert len(found) > 40
        assert [made for made in found if made.__init__.__code__.co_filename != "<dataclass>"] == []
        """,
    )
    assert done.returncode == 0, done.stderr


def test_the_webhooks_function_compiles_hardly_an_expression_at_a_cold_start(unpacked: Path) -> None:
    """Nothing but what Python itself has compiled before our first line."""
    done = run(
        unpacked,
        """
        import dataclasses, hashlib, pathlib  # what handler/cold_start.py itself needs
        from re import _parser
        parse, parsed = _parser.parse, []
        _parser.parse = lambda text, *more: parsed.append(text) or parse(text, *more)
        import handler.app, handler.routes.sms, handler.tables.all_tables, apig_wsgi
        assert parsed == [], parsed
        """,
    )
    assert done.returncode == 0, done.stderr


def test_expressions_from_the_package_are_those_that_would_be_compiled(unpacked: Path) -> None:
    """Two expressions are equal when their texts, their flags and the engine's code are."""
    done = run(
        unpacked,
        """
        import marshal, pathlib, re, warnings
        from re import _compiler
        compile_anew = _compiler.compile
        from handler import cold_start
        made = marshal.loads((pathlib.Path(folder) / "handler" / cold_start.COMPILED).read_bytes())[2]
        assert len(made) > 200 and _compiler.compile is not compile_anew
        warnings.simplefilter("ignore", FutureWarning)  # of expressions in libraries
        for (text, flags) in made:
            kept, anew = _compiler.compile(text, flags), compile_anew(text, flags)
            assert (kept, kept.flags, kept.groups, kept.groupindex) == (anew, anew.flags, anew.groups, anew.groupindex)
        """,
    )
    assert done.returncode == 0, done.stderr


def test_expressions_made_for_another_engine_are_compiled_anew(unpacked: Path, tmp_path: Path) -> None:
    done = run(
        unpacked,
        f"""
        import marshal, pathlib, shutil
        other = pathlib.Path({str(tmp_path)!r}) / "handler"
        other.mkdir()
        for name in ("__init__.py", "cold_start.py"):
            shutil.copy(pathlib.Path(folder) / "handler" / name, other)
        sys.path[0] = str(other.parent)
        from re import _compiler
        compile_anew = _compiler.compile
        compiled = f"cold_start.{{sys.implementation.cache_tag}}.marshal"
        methods, magic, _ = marshal.loads((pathlib.Path(folder) / "handler" / compiled).read_bytes())
        (other / compiled).write_bytes(marshal.dumps((methods, magic + 1, {{("a", 0): b"not tables"}})))
        from handler import cold_start
        assert cold_start.__file__.startswith(str(other)) and _compiler.compile is compile_anew
        """,
    )
    assert done.returncode == 0, done.stderr


def test_the_webhooks_function_compiles_no_templates(unpacked: Path) -> None:
    done = run(
        unpacked,
        """
        from handler.app import create_app
        create_app(("sms",))
        heavy = ("msgspec", "tomllib", "holidays", "twilio.rest", "boto3", "openpyxl", "phonenumbers", "requests")
        assert [name for name in heavy if name in sys.modules] == []
        """,
    )
    assert done.returncode == 0, done.stderr
