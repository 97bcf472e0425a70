"""The hotline: an agent writes while the customer speaks, or the telephone system sends the call.

Outside world: a telephony platform that posts one JSON object a call, with a bearer token and an
identity of its own for every call, and repeats the request whenever it did not hear the answer.
"""
