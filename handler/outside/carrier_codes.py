"""Twilio's error codes that mean something to the use cases. Source: https://www.twilio.com/docs/api/errors"""

# The number has opted out of this sender at the carrier.
OPTED_OUT_AT_CARRIER = 21610
