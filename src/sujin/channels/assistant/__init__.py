"""The assistant: at any hour a customer asks, and is answered with released knowledge or a person.

Outside world: a browser, or a machine with a bearer token that asks for somebody. It promises that
nothing is answered but word for word from a version that is served to the public at that moment,
cited by title, number and day; that whoever complains, is in danger or asks for a person gets one;
that the person who takes over reads everything that was said; and that no personal data is kept
before somebody hands a matter over.
"""
