"""Warnings, events, meetings, rectification and its verification; so far: evidence files.

An evidence file says that complaints of several customers point at one hand, and why, for a human
who decides what to make of it. It promises: nothing below this floor can read it, so no right, no
clock, no order and no outcome of a case depends on it; every look at one is an entry; it holds no
personal data in the clear; what was found by a machine is never called more than a finding.
"""
