"""What everything of ours that speaks with Twilio's SDK has in common."""

import logging
import re


def is_service(sender: str) -> bool:
    """Whether messages are sent from a Messaging Service, rather than from a number."""
    return re.fullmatch(r"MG[0-9a-f]{32}", sender) is not None


def silent_logger() -> logging.Logger:
    """The SDK logs query strings at INFO, and urllib3 addresses at DEBUG: phone numbers, both of them."""
    logging.getLogger("urllib3.connectionpool").setLevel(logging.WARNING)
    logger = logging.Logger("twilio", logging.CRITICAL)
    logger.addHandler(logging.NullHandler())
    return logger
