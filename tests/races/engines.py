"""Tables on each engine that keeps its promises, made once a module, as making them takes longer than a race."""

from collections.abc import Iterator
from uuid import uuid4

import pytest

from local.ministack import aws_at
from survey_flow.library import Library
from tests.world import World, empty_tables, made_world, world_over

ENGINES = [
    pytest.param("ministack", marks=pytest.mark.engine, id="MiniStack"),
    pytest.param("second_engine", marks=pytest.mark.second_engine, id="DynamoDB Local"),
]


def tables_on(engine: pytest.FixtureRequest, library: Library, name: str) -> Iterator[str]:
    """For a module's fixture: the prefix of tables that are there, on the engine that its parameter names."""
    address: str = engine.getfixturevalue(engine.param)
    prefix = f"{name}{uuid4().hex[:8]}-"
    with pytest.MonkeyPatch.context() as patch:
        for variable, value in aws_at(address).items():
            patch.setenv(variable, value)
        made_world(library, prefix=prefix)
        yield prefix


def emptied_world(library: Library, prefix: str) -> World:
    """A world over those tables, with nothing in them."""
    world = world_over(library, prefix=prefix)
    empty_tables()
    return world
