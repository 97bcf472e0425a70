"""What to say and do, dated and approved: scenarios, scripts, guidelines, look-ups.

An empty room for now: its floor is enforced, its tables come with its first noun.
"""
