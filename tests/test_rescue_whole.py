"""The webhook is out of order: what is texted meanwhile is taken by the fallback, and answered by the rescue."""

import re

import pytest

from tests.machine import Machine
from tests.polling import until

pytestmark = pytest.mark.engine
PHONE = "+358401234567"
NUMBER_IN_ANY_SPELLING = re.compile(r"401234567|40 123 4567")


def break_the_webhook(running: Machine, *, heard: bool) -> None:
    """The next text's webhook fails; `heard`: the app has heard it, and its answer is lost."""
    fault = {"on": "inbound", "status": 503, "accepted": heard}
    assert running.call("POST", f"{running.carrier}/_control/faults", fault)[0] == 201


@pytest.mark.parametrize("heard", [False, True], ids=["not heard", "heard, and its answer lost"])
def test_a_survey_is_answered_though_the_webhook_answers_nothing(running: Machine, heard: bool) -> None:
    assert running.invite(running.key("kotka", "send"))[0] == 201
    running.wait_for_messages(PHONE, 1)
    for place, body in enumerate(("9", "3524", "salainen asia")):
        running.forward("PT5M")  # what comes within seconds of a question may have been written before it
        break_the_webhook(running, heard=heard)
        assert running.text(PHONE, body) == ""
        running.wait_for_messages(PHONE, 3 + 2 * place)
    bodies = [message["body"] for message in running.messages(PHONE)]
    assert "A Sain apua" in bodies[2]
    assert "Mikä oli hyvää" in bodies[4]
    assert bodies[6].startswith("Kiitos vastauksistasi!")
    assert len(bodies) == 7

    until(lambda: running.rows()["responses"], what="the response")
    rows = running.rows()
    assert rows["counts"][0]["nps_9"] == {"N": "1"}
    (tombstone,) = rows["conversations"]
    assert not {"dialogue", "sealed_number", "asked_at", "due"} & tombstone.keys()
    told = "".join(log.read_text() for log in running.logs)
    assert told.count("FallbackUsed") >= 3
    assert told.count("Rescued") >= 3
    assert not NUMBER_IN_ANY_SPELLING.search(repr(rows) + told)
    assert "salainen asia" not in told
