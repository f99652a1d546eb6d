"""The doors, as tests/handler has them."""

from tests.handler.conftest import app, client

__all__ = ["app", "client"]
