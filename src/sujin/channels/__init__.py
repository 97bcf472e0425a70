"""Doors in. Each folder turns one outside world into a Draft and knows nothing of the others."""
