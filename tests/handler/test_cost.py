"""What conversations cost: segments sent and messages received, counted at the closing and priced in the results."""

from flask.testing import FlaskClient

from survey_flow.sms_text import size
from tests.world import PHONE, World


def test_a_closing_counts_the_segments_sent_and_the_messages_received(world: World) -> None:
    world.opened()
    replies = [world.text(body) for body in ("9", "HELP", "3524", "OHITA")]
    opening = world.carrier.sent[0].text
    columns = world.columns()
    assert columns["segments_out"] == sum(size(text).segments for text in (opening, *replies))
    assert columns["messages_in"] == 4


def test_a_reminder_is_one_segment_more(world: World) -> None:
    world.opened()
    world.lapse(hours=97)
    opening, reminder = world.carrier.sent
    assert world.columns()["segments_out"] == size(opening.text).segments + size(reminder.text).segments


def test_the_results_name_the_price_and_the_senders_form_does_not(client: FlaskClient, world: World) -> None:
    for number in range(20):
        phone = PHONE[:-2] + f"{number:02}"
        world.opened(number=phone)
        for body in ("9", "3524", "OHITA"):
            world.text(body, number=phone)
    columns = world.columns()
    amount = columns["segments_out"] * 0.08 + columns["messages_in"] * 0.0075
    said = client.get("/results?unit=kotka").text
    assert f"{amount:.2f} USD".replace(".", ",") in said
    assert "USD" not in client.get("/").text
