"""The counter: a member of staff stands beside the customer and writes down what is said.

Outside world: the person's own hands and ears. The matter belongs to the organisation at whose
door it was brought, which is one of the organisations the person is posted to.
"""
