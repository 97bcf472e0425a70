"""The bulletin of a quarter by groups of banks: figures, and the forms in which they are told."""
