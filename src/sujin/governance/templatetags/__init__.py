"""Words and numbers of the room's templates."""
