"""The edge: HTTP, Lambda, Twilio, DynamoDB."""

from handler import cold_start as cold_start
