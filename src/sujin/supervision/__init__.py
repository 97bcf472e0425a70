"""Surveys, inspections, star rating, suggestions, training.

An empty room for now: its floor is enforced, its tables come with its first noun.
"""
