"""The case and its docket: from the door to a handler's desk, and on to the answer.

A complaint is one matter of one customer (or of up to five who act together), however often and
through however many channels it was told. It is registered, triaged and routed in one transaction;
from that second on there is always exactly one accountable person, until it is closed.

It promises: every change is an Entry; the row is a cache of the docket; nobody sees, counts or
finds a case outside the person's reach; what the customer said is kept word for word, sealed.
"""
