"""What the model found and has to keep away from until it is mended."""

from datetime import timedelta

import pytest

from handler.work.fold_sends import fold_recent
from handler.work.opt_out import staff_opt_out
from handler.work.recount import Scope, rows_beside_their_folds
from tests.handler.looking import refused
from tests.world import PHONE, World


@pytest.mark.xfail(strict=True, reason="the row of a refusal is written anew by its repeat, and leaves its month")
def test_a_refusal_that_is_repeated_in_a_later_month_stays_counted_where_it_was(world: World) -> None:
    staff_opt_out(world.parts, PHONE, who="person:1")
    for _ in range(2):
        refused(world, idempotency_key="visit")
        fold_recent(world.parts)
        world.clock.now += timedelta(days=60)
    assert not any(row.differs for row in rows_beside_their_folds(world.parts, Scope()))
