"""The edge: HTTP, Lambda, Twilio, DynamoDB."""
