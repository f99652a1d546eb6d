"""The core: surveys, replies, dialogue, contact policy, masking, statistics. No I/O, no clock, no AWS, no Flask."""
