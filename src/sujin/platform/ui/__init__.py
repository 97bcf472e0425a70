"""What every screen shares: listings, form fields, and the words for time.

Promises: nothing here reads the clock or the database on its own; a listing reads at most one page
of rows and counts at most ``ceiling + 1`` of them; every sentence shown can be translated.
"""
