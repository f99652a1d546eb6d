"""Sparing the processor at a cold start: imported before everything else (handler/__init__.py).

What no byte code holds is compiled at every start: the methods of dataclasses, 0.4 ms a class, of which the webhook's
function has seventy; and regular expressions, 160 in the libraries that it imports, 18 ms. Packaging compiles the same
once (infra/packaging/cold_start_code.py). What is not found there, or was made by another Python, is compiled as ever:
it costs time, and nothing else changes.
"""

import dataclasses
import gc
import marshal
import sys
from collections.abc import Callable, Mapping
from hashlib import sha256
from pathlib import Path
from re import _compiler  # type: ignore[attr-defined]
from typing import Any

COMPILED = f"cold_start.{sys.implementation.cache_tag}.marshal"
# Imports leave 90,000 objects, and most of them stay. Looking them through for cycles every 2,000 objects, as Python
# does by itself, is a twentieth of a cold start; a request leaves few, so that memory hardly grows by looking seldom.
_OBJECTS_BETWEEN_LOOKS = 150_000

Run = Callable[[str, dict[str, Any], dict[str, Any]], None]


def key_of(source: str) -> bytes:
    return sha256(source.encode()).digest()


def run_with(run: Run) -> None:
    """What dataclasses run their source with from now on, in place of the built-in `exec`."""
    dataclasses.exec = run  # type: ignore[attr-defined]


def _spare(compiled: Path) -> None:
    gc.set_threshold(_OBJECTS_BETWEEN_LOOKS, *gc.get_threshold()[1:])
    if not compiled.exists():  # everywhere but in a package
        return
    methods, magic, expressions = marshal.loads(compiled.read_bytes())  # noqa: S302 our own file, made when packaging
    _spare_dataclasses(methods)
    if magic == _compiler.MAGIC:
        _spare_expressions(expressions)


def _spare_dataclasses(methods: Mapping[bytes, bytes]) -> None:
    def run(source: str, names: dict[str, Any], made: dict[str, Any]) -> None:
        code = methods.get(key_of(source))
        exec(marshal.loads(code) if code else source, names, made)  # noqa: S102, S302 as dataclasses do

    run_with(run)


def _spare_expressions(tables: Mapping[tuple[object, int], bytes]) -> None:
    """By their text and flags. The engine looks the tables through before it takes them, as it does the compiler's."""
    compile_anew = _compiler.compile

    def compiled(text: Any, flags: int = 0) -> Any:
        made = tables.get((text, flags))
        return _compiler._sre.compile(text, *marshal.loads(made)) if made else compile_anew(text, flags)  # noqa: S302

    _compiler.compile = compiled


_spare(Path(__file__).parent / COMPILED)
