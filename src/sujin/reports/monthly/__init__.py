"""The month's bulletin (通报) of the house or of one branch: counts, times, and what was done."""
