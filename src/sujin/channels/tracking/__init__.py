"""The tracking page: number and code open the state of one matter, for half an hour.

The outside world it knows is a browser. It promises that the code is in no address and no log,
that a wrong code and an unknown number look the same, cost the same and are counted the same, and
that whoever looks sees units, dates and public steps only: no names of staff, no internal reasons.
"""
