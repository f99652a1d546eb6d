"""Faults that no engine for one machine has: throttling, resets and conflicts, put in front of one by microburst."""
