"""A world on each engine, empty before each test."""

from collections.abc import Iterator

import pytest

from survey_flow.library import Library
from tests.races.engines import ENGINES, emptied_world, tables_on
from tests.world import World


@pytest.fixture(scope="module", params=ENGINES)
def tables(request: pytest.FixtureRequest, library: Library) -> Iterator[str]:
    """The prefix of tables that are there."""
    yield from tables_on(request, library, "race")


@pytest.fixture
def emptied(tables: str, library: Library) -> World:
    """A world over the tables, with nothing in them."""
    return emptied_world(library, tables)
