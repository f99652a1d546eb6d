"""Where the carrier tells what became of a message, and how it repeats what it could not tell."""

# Without them a callback that met a fault or a limit is never told again, and a contact that failed is not given back.
# The fragment is for Twilio alone: it is neither asked for nor signed.
# Source: https://www.twilio.com/docs/usage/webhooks/webhooks-connection-overrides
STATUS_OVERRIDES = "rc=3&rp=all"


def status_address(public_url: str, *, about: str = "") -> str:
    """`about` is the invitation whose opening the message is; of others nothing is asked but a refusal."""
    query = f"?invitation={about}" if about else ""
    return f"{public_url}/sms/status{query}#{STATUS_OVERRIDES}"
