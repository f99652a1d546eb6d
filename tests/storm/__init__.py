"""A storm: many numbers are asked at once while the carrier misbehaves, deliverers die and items of the queue are lost.

The parts are real: MiniStack's tables, queue and keys, Twilio's client, the stand-in carrier, the app's webhooks. What
must be true afterwards stands in truths.py.
"""
