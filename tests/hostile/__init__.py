"""Input that nobody of good will sends: replies, lists, definition files and webhooks that were made to hurt.

KUULOLLA_DEPTH=20 tries twenty times as much as the ordinary run. A failure prints a line that plays it again:
@reproduce_failure for the one example. KUULOLLA_SEED=2 tries others than the ordinary run, which always tries the same.
"""
