"""Supervision: who looks whether the figures are what the work is, and hears the unit concerned.

Surveys, inspections, star rating, suggestions and training have their floor here, too.
"""
