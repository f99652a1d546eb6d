"""The machine: one thing after another is done to the world and told to the model."""

from tests.model.asking import Asking
from tests.model.sending import Sending
from tests.model.talking import Talking


class Steps(Asking, Sending, Talking):
    """Everything that may happen."""
