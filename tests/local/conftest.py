"""The real Twilio SDK, pointed at the stand-in carrier."""

from collections.abc import Iterator

import pytest
from twilio.rest import Client

from local.carrier.testing import World, sdk


@pytest.fixture
def client(net: World) -> Iterator[Client]:
    with sdk(net) as made:
        yield made
