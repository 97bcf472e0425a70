"""The verbs of the platform."""
