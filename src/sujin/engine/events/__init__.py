"""Events: what is to be expected of one, what it did bring, and whether the line was in time."""
