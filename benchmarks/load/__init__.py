"""Thousands of conversations over a real server: signed as Twilio signs, played to their end, and counted after."""
