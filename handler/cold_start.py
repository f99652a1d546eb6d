"""Sparing the processor at a cold start: imported before everything else (handler/__init__.py).

A dataclass writes its methods as source and compiles it at every start, for no byte code holds them: 0.4 ms a class,
and the webhook's function has seventy. Packaging compiles the same source once (infra/packaging/dataclass_code.py).
What is not found there, or was made by another Python, is compiled as ever: it costs time, and nothing else changes.
"""

import dataclasses
import gc
import marshal
import sys
from collections.abc import Callable
from hashlib import sha256
from pathlib import Path
from typing import Any

COMPILED = f"dataclass_code.{sys.implementation.cache_tag}.marshal"
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
    codes: dict[bytes, bytes] = marshal.loads(compiled.read_bytes())  # noqa: S302 our own file, made when packaging

    def run(source: str, names: dict[str, Any], made: dict[str, Any]) -> None:
        code = codes.get(key_of(source))
        exec(marshal.loads(code) if code else source, names, made)  # noqa: S102, S302 as dataclasses do

    run_with(run)


_spare(Path(__file__).parent / COMPILED)
