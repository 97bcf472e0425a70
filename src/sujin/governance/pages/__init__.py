"""Pages of the room, one resource each."""
