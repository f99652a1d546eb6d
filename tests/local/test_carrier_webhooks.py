"""What the application is posted, how it is signed, and what its answers become."""

import logging
import threading

import pytest
from flask import Response

from local.carrier.outbound import Order
from local.carrier.testing import ACCOUNT, SENDER, TOKEN, World, twiml, until, world
from local.carrier.webhooks import WebhookFailed

MOBILE = "+358401234567"
OTHER = "+358501112233"
SERVICE = "MG0123456789abcdef0123456789abcdef"


def send(net: World, body: str = "Hei", *, callback: str = "/sms/status?invitation=7", to: str = MOBILE) -> str:
    message = net.carrier.outbound.accept(Order(to=to, body=body, callback=net.app.public_url + callback))
    net.carrier.outbound.dispatch(message.sid)
    return message.sid


def test_an_inbound_message_is_posted_as_twilio_posts_it(net: World) -> None:
    sid = net.text(MOBILE, "9 hyvä & ystävällinen")["sid"]

    (post,) = net.app.at("/sms/inbound")
    assert post.signed
    assert post.headers["Content-Type"].startswith("application/x-www-form-urlencoded")
    assert "I-Twilio-Idempotency-Token" in post.headers
    assert post.form == {
        "MessageSid": sid,
        "SmsSid": sid,
        "SmsMessageSid": sid,
        "AccountSid": ACCOUNT,
        "ApiVersion": "2010-04-01",
        "From": MOBILE,
        "FromCountry": "FI",
        "FromState": "",
        "FromCity": "",
        "FromZip": "",
        "To": SENDER,
        "ToCountry": "FI",
        "ToState": "",
        "ToCity": "",
        "ToZip": "",
        "Body": "9 hyvä & ystävällinen",
        "NumMedia": "0",
        "NumSegments": "1",
        "SmsStatus": "received",
    }


def test_the_public_address_is_signed_though_another_one_is_posted_to() -> None:
    with world(public_url="https://kuulolla.example/prod") as net:
        net.text(MOBILE, "9")
        sid = send(net)
        until(lambda: net.app.statuses(sid) == ["queued", "sent", "delivered"])

        assert [post.path for post in net.app.posts[:2]] == ["/sms/inbound", "/sms/status?invitation=7"]
        assert all(post.signed for post in net.app.posts)


def test_a_messaging_service_is_named() -> None:
    with world(service=SERVICE) as net:
        net.text(MOBILE, "9")
        assert net.app.posts[0].form["MessagingServiceSid"] == SERVICE


def test_pictures_come_with_their_addresses(net: World) -> None:
    sid = net.text(MOBILE, "", num_media=2)["sid"]

    form = net.app.posts[0].form
    assert sid.startswith("MM")
    assert (form["NumMedia"], form["Body"]) == ("2", "")
    assert form["MediaUrl1"].startswith("https://api.twilio.com/")
    assert net.app.posts[0].signed


@pytest.mark.parametrize(
    ("answer", "sent"),
    [
        pytest.param(twiml("<Response><Message>Kiitos</Message></Response>"), ["Kiitos"], id="one"),
        pytest.param(twiml("<Response><Message><Body>Kiitos ä</Body></Message></Response>"), ["Kiitos ä"], id="body"),
        pytest.param(
            twiml("<Response><Message>1</Message><Message>2</Message></Response>"), ["1", "2"], id="two, in order"
        ),
        pytest.param(twiml("<Response/>"), [], id="none"),
        pytest.param(twiml("", status=204), [], id="no content"),
        pytest.param(twiml("Kiitos", content_type="text/plain; charset=utf-8"), ["Kiitos"], id="plain text is sent"),
        pytest.param(twiml("", content_type="text/plain"), [], id="empty plain text"),
    ],
)
def test_the_answer_becomes_messages(net: World, answer: Response, sent: list[str]) -> None:
    net.app.answers = [answer]

    result = net.text(MOBILE, "9")

    assert (result["status"], result["error_code"]) == ("received", None)
    assert [(one["body"], one["status"]) for one in result["replies"]] == [(body, "delivered") for body in sent]
    shown = net.control("GET", f"/phones/{MOBILE}/messages")["messages"]
    assert [one["body"] for one in shown] == ["9", *sent]
    assert [one["direction"] for one in shown[1:]] == ["outbound-reply"] * len(sent)


@pytest.mark.parametrize(
    ("answer", "code"),
    [
        pytest.param(twiml("<Response><Message>"), 12100, id="broken XML"),
        pytest.param(twiml(""), 12100, id="empty XML"),
        pytest.param(twiml('<!DOCTYPE a [<!ENTITY b "c">]><Response>&b;</Response>'), 12100, id="entities"),
        pytest.param(twiml("<html></html>", content_type="text/html"), 12100, id="a page"),
        pytest.param(twiml("<Response><Redirect>/x</Redirect></Response>"), 12200, id="a verb not stood in for"),
        pytest.param(twiml("{}", content_type="application/json"), 12300, id="JSON"),
        pytest.param(twiml("nope", status=403), 11200, id="forbidden"),
    ],
)
def test_an_answer_that_twilio_cannot_use_is_noted_and_nothing_is_sent(net: World, answer: Response, code: int) -> None:
    net.app.answers = [answer]

    result = net.text(MOBILE, "9")

    assert (result["status"], result["error_code"], result["replies"]) == ("failed", code, [])
    assert net.log_codes(MOBILE) == [code]


@pytest.mark.parametrize(
    ("body", "code"),
    [
        pytest.param("<Message></Message>", 14103, id="empty"),
        pytest.param(f"<Message>{'a' * 1601}</Message>", 21617, id="too long"),
        pytest.param('<Message to="nobody">a</Message>', 21211, id="to nobody"),
    ],
)
def test_a_reply_that_cannot_be_sent_fails_and_is_noted(net: World, body: str, code: int) -> None:
    net.app.answers = [twiml(f"<Response>{body}</Response>")]

    (reply,) = net.text(MOBILE, "9")["replies"]

    assert (reply["status"], reply["error_code"]) == ("failed", code)


def test_a_reply_has_its_own_status_callback(net: World) -> None:
    answer = f'<Response><Message statusCallback="{net.app.public_url}/sms/status?reply=1">Kiitos</Message></Response>'
    net.app.answers = [twiml(answer)]

    (reply,) = net.text(MOBILE, "9")["replies"]

    assert net.app.statuses(reply["sid"]) == ["queued", "sent", "delivered"]


def test_a_failing_application_is_asked_three_times_in_all(net: World) -> None:
    net.app.answers = [
        twiml("", status=502),
        twiml("", status=500),
        twiml("<Response><Message>ok</Message></Response>"),
    ]

    assert [one["body"] for one in net.text(MOBILE, "9")["replies"]] == ["ok"]
    assert len({post.form["MessageSid"] for post in net.app.posts}) == 1
    assert len({post.headers["I-Twilio-Idempotency-Token"] for post in net.app.posts}) == 1
    assert len(net.app.posts) == 3


def test_an_application_that_stays_broken_is_noted_as_11200(net: World) -> None:
    net.app.answers = [twiml("error", status=500, content_type="text/plain")]

    assert net.text(MOBILE, "9")["error_code"] == 11200
    assert len(net.app.posts) == 3
    assert net.log_codes(MOBILE) == [11200]


def test_an_application_that_is_not_there_is_noted_as_11200() -> None:
    with world(app_url="http://127.0.0.1:1") as net:
        assert net.text(MOBILE, "9")["error_code"] == 11200


def test_an_application_that_is_too_slow_is_not_waited_for() -> None:
    answered = threading.Event()

    def slow(_post: object) -> Response:
        answered.wait(5)
        return twiml("<Response/>")

    with world(timeout=0.1, retries=0) as net:
        net.app.answers = [slow]
        assert net.text(MOBILE, "9")["error_code"] == 11200
        answered.set()


FALLBACK = "https://kuulolla.example/sms/fallback"
BROKEN = {
    "an error": (twiml("", status=503), "11200", 3),
    "a page that is not there": (twiml("", status=404), "11200", 1),
    "an answer that cannot be used": (twiml("<Response>"), "12100", 1),
}


@pytest.mark.parametrize(("answer", "code", "tries"), BROKEN.values(), ids=BROKEN)
def test_a_fallback_is_asked_when_the_webhook_has_failed(answer: Response, code: str, tries: int) -> None:
    said = twiml("<Response><Message>Hetki</Message></Response>")
    with world(public_url="https://kuulolla.example", fallback_url=FALLBACK) as net:
        net.app.answers = [*[answer] * tries, said]
        result = net.text(MOBILE, "9")

        assert (result["status"], [one["body"] for one in result["replies"]]) == ("received", ["Hetki"])
        assert net.log_codes(MOBILE) == [int(code)]
        (asked,), posts = net.app.at("/sms/fallback"), net.app.at("/sms/inbound")
        assert asked.signed
        failed = {"ErrorCode": code, "ErrorUrl": "https://kuulolla.example/sms/inbound"}
        assert asked.form == {**posts[0].form, **failed}
        assert len(posts) == tries


def test_a_fallback_is_not_asked_when_the_webhook_has_answered() -> None:
    with world(public_url="https://kuulolla.example", fallback_url=FALLBACK) as net:
        net.text(MOBILE, "9")
        assert net.app.at("/sms/fallback") == []


def test_a_fallback_that_fails_too_ends_it() -> None:
    with world(public_url="https://kuulolla.example", fallback_url=FALLBACK, retries=0) as net:
        net.app.answers = [twiml("", status=503)]
        assert net.text(MOBILE, "9")["status"] == "failed"
        assert net.log_codes(MOBILE) == [11200, 11200]
        assert [post.path for post in net.app.posts] == ["/sms/inbound", "/sms/fallback"]


@pytest.mark.parametrize("accepted", [False, True], ids=["not heard", "heard, and its answer lost"])
def test_a_webhook_can_be_made_to_fail(accepted: bool) -> None:
    with world(public_url="https://kuulolla.example", fallback_url=FALLBACK) as net:
        net.app.answers = [twiml("<Response><Message>Kiitos</Message></Response>"), twiml("<Response/>")][
            not accepted :
        ]
        net.control("POST", "/faults", {"on": "inbound", "status": 503, "accepted": accepted, "number": MOBILE})
        assert (net.text(MOBILE, "9")["replies"], len(net.app.at("/sms/inbound"))) == ([], int(accepted))
        assert len(net.app.at("/sms/fallback")) == 1
        net.text(MOBILE, "9")
        assert len(net.app.at("/sms/inbound")) == int(accepted) + 1


def test_a_delivered_message_is_called_back_in_order(net: World) -> None:
    sids = [send(net, f"{number}", callback=f"/sms/status?invitation={number}") for number in range(5)]

    for number, sid in enumerate(sids):
        until(lambda sid=sid: net.app.statuses(sid) == ["queued", "sent", "delivered"])
        posts = [post for post in net.app.posts if post.form["MessageSid"] == sid]
        assert {post.path for post in posts} == {f"/sms/status?invitation={number}"}
        assert all(post.signed for post in posts)
        assert {(post.form["From"], post.form["To"], post.form["AccountSid"]) for post in posts} == {
            (SENDER, MOBILE, ACCOUNT)
        }
        assert not any("ErrorCode" in post.form or "Body" in post.form for post in posts)


@pytest.mark.parametrize(
    ("setting", "code"),
    [
        ({"reachable": False}, "30003"),
        ({"reachable": False, "unreachable_code": 30005}, "30005"),
        ({"reachable": False, "unreachable_code": 30006}, "30006"),
    ],
)
def test_an_unreachable_phone_is_told_by_callback(net: World, setting: dict[str, object], code: str) -> None:
    net.control("POST", f"/phones/{MOBILE}", setting)

    sid = send(net)

    until(lambda: net.app.statuses(sid) == ["queued", "sent", "undelivered"])
    assert net.app.posts[-1].form["ErrorCode"] == code
    assert "ErrorCode" not in net.app.posts[0].form


def test_retries_can_be_named_in_the_callbacks_address(net: World) -> None:
    with pytest.raises(WebhookFailed, match="1 yritystä"):
        net.carrier.callbacks.webhooks.post("http://127.0.0.1:1/status#rc=0", {})


def test_nothing_is_posted_to_another_machine(net: World) -> None:
    message = net.carrier.outbound.accept(Order(to=MOBILE, body="Hei", callback="https://example.com/status"))
    net.carrier.outbound.dispatch(message.sid)

    until(lambda: net.log_codes(MOBILE) == [11200] * 3)
    assert net.app.posts == []


def test_a_blank_token_is_refused() -> None:
    with pytest.raises(ValueError, match="blank"), world(token=" "):
        pass


def test_no_number_or_text_or_token_is_logged(
    net: World, caplog: pytest.LogCaptureFixture, capfd: pytest.CaptureFixture[str]
) -> None:
    net.app.answers = [twiml("<Response><Message>vastaus</Message></Response>")]
    caplog.set_level(logging.DEBUG)
    net.text(MOBILE, "salaista")
    sid = send(net)
    until(lambda: len(net.app.statuses(sid)) == 3)

    out, err = capfd.readouterr()
    for secret in (MOBILE, MOBILE[1:], "salaista", "vastaus", TOKEN):
        assert secret not in caplog.text + out + err + repr(net.carrier.config)


def test_two_messages_can_be_with_the_application_at_once(net: World) -> None:
    both = threading.Barrier(2, timeout=5)

    def meet(_post: object) -> Response:
        both.wait()
        return twiml("<Response/>")

    net.app.answers = [meet]
    threads = [threading.Thread(target=net.text, args=(number, "9")) for number in (MOBILE, OTHER)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert net.log_codes(MOBILE) + net.log_codes(OTHER) == []
