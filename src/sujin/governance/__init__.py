"""Warnings, events, meetings, rectification and its verification.

An empty room for now: its floor is enforced, its tables come with its first noun.
"""
