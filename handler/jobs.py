"""What runs without HTTP, as it is wired for real. The entry points of the queue and the schedules come with them."""

import random
from collections.abc import Callable

from handler.holidays_fi import is_finnish_holiday
from handler.outside.carrier import TwilioCarrier
from handler.outside.sealing import KmsSealing
from handler.settings import Settings
from handler.work.deliver import Delivery
from handler.work.parts import Parts


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
