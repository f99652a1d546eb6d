"""Two deeds at one moment, played in every order of their calls, and the clocks that two containers go by."""
