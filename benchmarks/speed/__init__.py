"""How much CPU a message takes: in Kuulolla, in its libraries alone (the floor), and in a tutorial's design."""
