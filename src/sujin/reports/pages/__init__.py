"""Resources of the room."""
