"""A world on each engine, empty before each test."""

from uuid import uuid4

import pytest

from local.ministack import aws_at
from survey_flow.library import Library
from tests.races.engines import ENGINES, emptied_world
from tests.world import World, made_world


@pytest.fixture(scope="module")
def prefixes() -> dict[str, str]:
    """By engine, what the names of the tables begin with that were made on it."""
    return {}


@pytest.fixture(params=ENGINES)
def emptied(
    request: pytest.FixtureRequest, library: Library, prefixes: dict[str, str], monkeypatch: pytest.MonkeyPatch
) -> World:
    """A world over tables with nothing in them, which are made once a module: it takes longer than a race."""
    address: str = request.getfixturevalue(request.param)
    for name, value in aws_at(address).items():
        monkeypatch.setenv(name, value)
    if request.param not in prefixes:
        prefix = prefixes[request.param] = f"race{uuid4().hex[:8]}-"
        made_world(library, prefix=prefix)
    return emptied_world(library, prefixes[request.param])
