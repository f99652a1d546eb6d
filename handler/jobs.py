"""What runs without HTTP: delivering one opening, and the round every few minutes."""

import random
from collections.abc import Callable

from handler.app import make_parts
from handler.clock import utc_now
from handler.holidays_fi import is_finnish_holiday
from handler.outside.carrier import TwilioCarrier
from handler.outside.sealing import KmsSealing
from handler.settings import Settings
from handler.work.deliver import Delivery
from handler.work.parts import Clock, Parts


def make_delivery(settings: Settings, parts: Parts, *, spread: Callable[[], float] = random.random) -> Delivery:
    """Delivering as it is wired for real: KMS, Twilio's API, Finnish holidays."""
    return Delivery(
        parts=parts,
        sealing=KmsSealing(settings.sealing_key, region=settings.region),
        carrier=TwilioCarrier(
            account_sid=settings.twilio_account_sid,
            auth_token=settings.twilio_auth_token,
            api_url=settings.twilio_url,
            sender=settings.sender,
        ),
        is_holiday=is_finnish_holiday,
        public_url=settings.public_url,
        spread=spread,
    )


def make_job(settings: Settings, *, clock: Clock = utc_now) -> Delivery:
    return make_delivery(settings, make_parts(settings, clock=clock))
