"""Every figure we claim, one script each; ``python -m bench`` runs them and prints one table."""
