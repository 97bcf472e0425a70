"""One resource per file; each page makes one call down."""
