"""A recorded run: MiniStack, the carrier and the app as separate processes, and one youth who answers."""

import re

import pytest

from tests.machine import Machine

pytestmark = pytest.mark.engine
PHONE = "+358401234567"
NUMBER_IN_ANY_SPELLING = re.compile(r"401234567|40 123 4567")


def test_a_survey_from_invitation_to_counts_the_next_contact_and_a_refusal(running: Machine) -> None:
    key = running.key("kotka", "send")
    status, invitation = running.invite(key)
    assert (status, invitation["status"]) == (201, "sending")
    (opening,) = running.wait_for_messages(PHONE, 1)
    assert opening["body"].startswith("Hei Nuorten Matalasta!")

    assert "A Sain apua" in running.text(PHONE, "9 koska kuunneltiin")
    assert "Mikä oli hyvää" in running.text(PHONE, "3524")
    assert running.text(PHONE, "Oli kiva käydä. Soittakaa 040 123 4567").startswith("Kiitos vastauksistasi!")

    rows = running.rows()
    (response,) = rows["responses"]
    assert re.fullmatch(r"2026-11#youth#[0-9a-f-]{36}", response["month_group_id"]["S"])
    (counts,) = rows["counts"]
    for column in ("nps_9", "apu_3", "tosissaan_5", "vaikutus_2", "hyoty_4", "jatkuu_2", "avoin_written", "finished"):
        assert counts[column] == {"N": "1"}, column
    (tombstone,) = rows["conversations"]
    assert tombstone["state"] == {"S": "closed"}
    assert not {"dialogue", "sealed_number", "invitation_id", "due"} & tombstone.keys()
    everything = repr(rows) + "".join(log.read_text() for log in running.logs)
    assert not NUMBER_IN_ANY_SPELLING.search(everything)

    status, refusal = running.invite(key)
    assert (status, refusal["allowed_from"]) == (409, "2027-02-24")
    assert refusal["type"].endswith("throttled")
    running.forward("P3M")
    assert running.invite(key)[0] == 201
    running.wait_for_messages(PHONE, 8)

    assert "START" in running.text(PHONE, "STOP")
    running.forward("P4M")
    status, refusal = running.invite(key)
    assert status == 409
    assert refusal["type"].endswith("opted-out")
