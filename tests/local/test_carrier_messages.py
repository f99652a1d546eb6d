"""The real Twilio SDK against the carrier's REST API."""

import re
from datetime import UTC, datetime, timedelta

import pytest
from twilio.base.exceptions import TwilioRestException
from twilio.rest import Client

from local.carrier.testing import ACCOUNT, SENDER, World, call, sdk, until

MOBILE = "+358401234567"
OTHER = "+358501112233"
SERVICE = "MG0123456789abcdef0123456789abcdef"


def delivered(client: Client, sid: str) -> None:
    until(lambda: client.messages(sid).fetch().status == "delivered")


def test_a_created_message_looks_like_twilios(client: Client) -> None:
    before = datetime.now(UTC).replace(microsecond=0)
    message = client.messages.create(to=MOBILE, from_=SENDER, body="Hei €")

    assert re.fullmatch(r"SM[0-9a-f]{32}", message.sid)
    assert (message.to, message.from_, message.body, message.status) == (MOBILE, SENDER, "Hei €", "queued")
    assert (message.direction, message.num_segments, message.num_media) == ("outbound-api", "1", "0")
    assert (message.account_sid, message.api_version) == (ACCOUNT, "2010-04-01")
    assert message.uri == f"/2010-04-01/Accounts/{ACCOUNT}/Messages/{message.sid}.json"
    assert message.date_created >= before
    assert (message.error_code, message.messaging_service_sid) == (None, None)


def test_a_message_arrives_and_says_when_it_was_sent(client: Client) -> None:
    sid = client.messages.create(to="+358 40 123 4567", from_=SENDER, body="Hei").sid
    delivered(client, sid)

    message = client.messages(sid).fetch()
    assert message.to == MOBILE
    assert message.date_sent is not None


def test_a_messaging_service_takes_the_place_of_the_sender(client: Client) -> None:
    message = client.messages.create(to=MOBILE, messaging_service_sid=SERVICE, body="Hei")

    assert (message.status, message.from_, message.messaging_service_sid) == ("accepted", None, SERVICE)
    delivered(client, message.sid)
    assert client.messages(message.sid).fetch().from_ == SENDER


@pytest.mark.parametrize(
    ("form", "code", "status"),
    [
        pytest.param({"to": "+35840"}, 21211, 400, id="too short"),
        pytest.param({"to": "0401234567"}, 21211, 400, id="not E.164"),
        pytest.param({"to": "+358999999999999"}, 21211, 400, id="nobody's number"),
        pytest.param({"to": ""}, 21604, 400, id="no recipient"),
        pytest.param({"to": "+358912345678"}, 21614, 400, id="Helsinki landline"),
        pytest.param({"to": "+358531234567"}, 21614, 400, id="Kouvola landline"),
        pytest.param({"to": SENDER}, 21266, 400, id="to ourselves"),
        pytest.param({"body": ""}, 21602, 400, id="no body"),
        pytest.param({"body": "a" * 1601}, 21617, 400, id="one letter too many"),
        pytest.param({"from_": OTHER}, 21606, 400, id="a sender that is not ours"),
        pytest.param({"from_": ""}, 21603, 400, id="no sender"),
        pytest.param({"status_callback": "sms/status"}, 21609, 400, id="callback without a host"),
        pytest.param({"validity_period": 40000}, 21624, 400, id="valid for too long"),
        pytest.param({"schedule_type": "fixed"}, 20001, 400, id="scheduling, which is not stood in for"),
    ],
)
def test_what_twilio_refuses_is_refused(net: World, client: Client, form: dict, code: int, status: int) -> None:
    with pytest.raises(TwilioRestException) as refused:
        client.messages.create(**({"to": MOBILE, "from_": SENDER, "body": "Hei"} | form))

    assert (refused.value.code, refused.value.status) == (code, status)
    assert net.carrier.network.messages() == []


def test_the_longest_body_is_taken(client: Client) -> None:
    assert client.messages.create(to=MOBILE, from_=SENDER, body="a" * 1600).num_segments == "11"


def test_a_phone_set_to_be_a_landline_is_refused_whatever_its_number(net: World, client: Client) -> None:
    net.control("POST", f"/phones/{MOBILE}", {"kind": "landline"})

    with pytest.raises(TwilioRestException, match="not a valid mobile number") as refused:
        client.messages.create(to=MOBILE, from_=SENDER, body="Hei")
    assert refused.value.code == 21614


def test_an_opted_out_phone_is_refused_until_it_opts_in(net: World, client: Client) -> None:
    net.control("POST", f"/phones/{MOBILE}", {"opted_out": True})
    with pytest.raises(TwilioRestException) as refused:
        client.messages.create(to=MOBILE, from_=SENDER, body="Hei")
    assert (refused.value.code, refused.value.status) == (21610, 400)

    net.control("POST", f"/phones/{MOBILE}", {"opted_out": False})
    assert client.messages.create(to=MOBILE, from_=SENDER, body="Hei").sid


def test_a_wrong_token_is_refused(net: World) -> None:
    with sdk(net, token="wrong") as client:
        with pytest.raises(TwilioRestException) as refused:
            client.messages.create(to=MOBILE, from_=SENDER, body="Hei")
        assert (refused.value.code, refused.value.status) == (20003, 401)


def test_another_account_or_no_sign_in_at_all_is_refused(net: World, client: Client) -> None:
    assert call("GET", f"{net.url}/2010-04-01/Accounts/{ACCOUNT}/Messages.json")[0] == 401
    with pytest.raises(TwilioRestException, match="Authenticate"):
        client.api.accounts("AC" + "0" * 32).messages.create(to=MOBILE, from_=SENDER, body="Hei")


def test_the_account_can_be_fetched(client: Client) -> None:
    assert client.api.accounts(ACCOUNT).fetch().status == "active"


def test_what_is_not_there_is_not_found(client: Client) -> None:
    for act in (client.messages("SM" + "0" * 32).fetch, client.messages("SM" + "0" * 32).delete):
        with pytest.raises(TwilioRestException) as refused:
            act()
        assert (refused.value.code, refused.value.status) == (20404, 404)
    with pytest.raises(TwilioRestException) as refused:
        client.messages("SM" + "0" * 32).media("ME0").fetch()
    assert (refused.value.code, refused.value.status) == (20404, 404)


def test_redacting_empties_twilios_record_but_not_the_phone(net: World, client: Client) -> None:
    sid = client.messages.create(to=MOBILE, from_=SENDER, body="salaista").sid
    delivered(client, sid)

    assert client.messages(sid).update(body="").body == ""
    assert client.messages(sid).fetch().body == ""
    shown = net.control("GET", f"/phones/{MOBILE}/messages")["messages"]
    assert [(one["body"], one["record"]) for one in shown] == [("salaista", {"kept": True, "body": ""})]


def test_deleting_removes_twilios_record_but_not_the_phones(net: World, client: Client) -> None:
    sid = client.messages.create(to=MOBILE, from_=SENDER, body="salaista").sid
    delivered(client, sid)

    assert client.messages(sid).delete()
    assert client.messages.list() == []
    shown = net.control("GET", f"/phones/{MOBILE}/messages")["messages"]
    assert [(one["body"], one["record"]) for one in shown] == [("salaista", {"kept": False, "body": None})]
    with pytest.raises(TwilioRestException) as gone:
        client.messages(sid).delete()
    assert gone.value.code == 20404


def test_an_inbound_message_can_be_fetched_and_deleted(net: World, client: Client) -> None:
    sid = net.text(MOBILE, "9 hyvin meni")["sid"]

    message = client.messages(sid).fetch()
    assert (message.direction, message.status, message.from_, message.to) == ("inbound", "received", MOBILE, SENDER)
    assert client.messages(sid).delete()


@pytest.mark.parametrize("change", [{"body": "toinen"}, {}, {"body": "", "status": "canceled"}, {"status": "sent"}])
def test_an_update_redacts_or_cancels_and_nothing_else(client: Client, change: dict) -> None:
    sid = client.messages.create(to=MOBILE, from_=SENDER, body="Hei").sid
    delivered(client, sid)
    with pytest.raises(TwilioRestException) as refused:
        client.messages(sid).update(**change)
    assert refused.value.code == 30400


def test_a_message_on_the_way_can_be_cancelled_but_not_deleted(net: World, client: Client) -> None:
    net.control("POST", "/hold", {"what": "outbound"})
    sid = client.messages.create(to=MOBILE, from_=SENDER, body="Hei").sid
    until(net.carrier.holds.parked)
    with pytest.raises(TwilioRestException) as refused:
        client.messages(sid).delete()
    assert refused.value.code == 20009

    assert client.messages(sid).update(status="canceled").status == "canceled"
    net.control("POST", "/release")
    until(lambda: net.carrier.busy == 0)
    assert client.messages(sid).fetch().status == "canceled"
    with pytest.raises(TwilioRestException) as late:
        client.messages(sid).update(status="canceled")
    assert late.value.code == 30409


def test_the_list_is_filtered_by_number_newest_first(net: World, client: Client) -> None:
    first = client.messages.create(to=MOBILE, from_=SENDER, body="1").sid
    other = client.messages.create(to=OTHER, from_=SENDER, body="2").sid
    answer = net.text(MOBILE, "kiitos")["sid"]

    assert [message.sid for message in client.messages.list()] == [answer, other, first]
    assert [message.sid for message in client.messages.list(to=MOBILE)] == [first]
    assert [message.sid for message in client.messages.list(to=MOBILE, from_=SENDER)] == [first]
    assert [message.sid for message in client.messages.list(from_=MOBILE)] == [answer]


def test_the_list_is_filtered_by_when_it_was_sent(net: World, client: Client) -> None:
    noon = datetime(2026, 11, 24, 12, tzinfo=UTC)
    for hours in (0, 1, 24):
        net.carrier.clock.follow(noon + timedelta(hours=hours))
        delivered(client, client.messages.create(to=MOBILE, from_=SENDER, body=f"{hours}").sid)

    def bodies(**filters: object) -> list[str]:
        return [message.body for message in client.messages.list(**filters)]

    assert bodies(date_sent_after=noon + timedelta(minutes=30)) == ["24", "1"]
    assert bodies(date_sent_before=noon + timedelta(minutes=30)) == ["0"]
    assert bodies(date_sent_after="2026-11-25") == ["24"]
    assert bodies(date_sent_before="2026-11-24") == ["1", "0"]
    assert bodies(date_sent="2026-11-24") == ["1", "0"]
    assert bodies(date_sent_after=noon + timedelta(minutes=30), date_sent_before="2026-11-24") == ["1"]


def test_a_list_longer_than_a_page_is_streamed_even_while_it_is_being_deleted(client: Client) -> None:
    sent = [client.messages.create(to=MOBILE, from_=SENDER, body=str(number)).sid for number in range(7)]
    for sid in sent:
        delivered(client, sid)

    seen = []
    for message in client.messages.stream(to=MOBILE, page_size=2):
        seen.append(message.sid)
        message.delete()
    assert seen == sent[::-1]
    assert client.messages.list() == []


def test_a_page_tells_where_it_is(client: Client) -> None:
    for number in range(3):
        client.messages.create(to=MOBILE, from_=SENDER, body=str(number))

    page = client.messages.page(page_size=2, to=MOBILE)
    assert len(list(page)) == 2
    following = page.next_page()
    assert following is not None
    assert [message.body for message in following] == ["0"]
    assert following.next_page_url is None


@pytest.mark.parametrize("accepted", [True, False])
def test_a_fault_asked_for_hides_whether_the_message_left(net: World, client: Client, accepted: bool) -> None:
    net.control("POST", "/faults", {"create": 503, "accepted": accepted})

    with pytest.raises(TwilioRestException) as refused:
        client.messages.create(to=MOBILE, from_=SENDER, body="Hei")
    assert refused.value.status == 503
    assert len(client.messages.list(to=MOBILE)) == int(accepted)
    assert client.messages.create(to=MOBILE, from_=SENDER, body="Hei").status == "queued"


def test_a_message_that_is_held_past_its_validity_fails(net: World, client: Client) -> None:
    net.control("POST", "/hold", {"what": "outbound", "number": MOBILE})
    sid = client.messages.create(to=MOBILE, from_=SENDER, body="Hei", validity_period=60).sid
    until(net.carrier.holds.parked)
    net.carrier.clock.follow(datetime.now(UTC) + timedelta(minutes=2))
    net.control("POST", "/release", {"number": MOBILE})

    message = until(lambda: (found := client.messages(sid).fetch()).status == "failed" and found)
    assert message.error_code == 30036
