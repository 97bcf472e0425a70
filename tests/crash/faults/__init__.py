"""The product with a fault in it, or a hand that kills it at a chosen line; outside its sources."""
