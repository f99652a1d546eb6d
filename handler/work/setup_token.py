"""Changing Twilio's token without a message lost.

Twilio signs webhooks with the primary token, and takes API calls with the primary and the secondary one. So the new
one may send at once, while it is still secondary, and both are accepted in signatures; then it is promoted; then the
old one goes.
Source: https://www.twilio.com/docs/iam/api/secondary_authtoken
"""

from collections.abc import Callable

from handler.outside.secret_parameters import Held
from handler.outside.twilio_setup import TokenRefused, TwilioSetup
from handler.work.setup_secrets import CannotBe, token_from, tokens_in

# Asks Twilio with this token.
Ask = Callable[[str], TwilioSetup]


def with_new_token(held: Held, typed: str, ask: Ask) -> str:
    """The value with the new token first. Raises CannotBe, also when Twilio does not know the new one yet."""
    tokens = tokens_in(held.value)
    if len(tokens) > 1:
        raise CannotBe("The token is being changed already: go on with --step drop.")
    new = token_from(typed)
    if new in tokens:
        raise CannotBe("That is the token in use. Make a secondary one in Twilio's console, and give that.")
    if not _works(new, ask):
        raise CannotBe("Twilio does not know this token: make a secondary one in its console, and give exactly that.")
    return ",".join((new, *tokens))


def with_one_token(held: Held, ask: Ask) -> str:
    """The value with the token that Twilio still takes, alone. Raises CannotBe while it takes both."""
    tokens = tokens_in(held.value)
    if len(tokens) == 1:
        raise CannotBe("There is only one token: begin with --step add.")
    working = [token for token in tokens if _works(token, ask)]
    if len(working) > 1:
        raise CannotBe("Twilio still takes the old token: promote the secondary one in its console, then try again.")
    if not working:
        raise CannotBe(
            "Twilio takes neither token: make a secondary one in its console, and call whoever else has changed it."
        )
    return working[0]


def _works(token: str, ask: Ask) -> bool:
    try:
        ask(token).account()
    except TokenRefused:
        return False
    return True
