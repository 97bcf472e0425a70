"""Pages of the room: the library, one item, one version, what is in whose care."""
