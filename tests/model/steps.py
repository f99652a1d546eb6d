"""The machine: one thing after another is done to the world and told to the model."""

from hypothesis import strategies as st
from hypothesis.stateful import rule

from tests.model import truths
from tests.model.asking import ASKS, Asking, Asks
from tests.model.being import TO_THE_END
from tests.model.sending import Sending
from tests.model.talking import Elsewhere, Talking
from tests.model.texts import EVERYTHING, Text


class Steps(Asking, Sending, Talking):
    """Everything that may happen."""

    @rule(asks=ASKS, meanwhile=st.one_of(st.sampled_from(Elsewhere), st.sampled_from(EVERYTHING)))
    def something_is_said_while_an_opening_waits(self, asks: Asks, meanwhile: Elsewhere | Text) -> None:
        tomorrow = Asks(asks.number, asks.place, asks.language, tomorrow=True, occasion=asks.occasion)
        self._invite_anew(asks.place, tomorrow.of(self.clock.now), None, None)
        if isinstance(meanwhile, Elsewhere):
            self.tell(asks.number, meanwhile, None)
        else:
            self._text_and_tell(asks.number, meanwhile, None)
        self.wait_for_the_opening(asks.number)

    def teardown(self) -> None:
        """Everything comes to its end, and once more with whoever may be asked then."""
        try:
            for _ in range(2):
                self.carrier.moods, self.carrier.deaf = [], False
                self._go_on_until(self.clock.now + TO_THE_END)
                self.holds()
                truths.hold_in_the_end(self.world, self.model, self.carrier, self.logged, self.left_at_carrier)
                self.everybody_is_invited()
        finally:
            self.stop()
