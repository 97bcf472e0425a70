"""The laboratory: a synthetic bank whose truth is known.

诉金示范银行 (Sujin Demonstration Bank) does not exist. Everything here is drawn from a seed by
our own grammar: no sentence, name or number belongs to a real customer.
``cast`` names the people that tests and the demonstration share; ``bank`` plants the organisation;
``people`` invents customers; ``grammar`` writes what they say; ``volume`` says how many come on
which day; ``plants`` hides waves, events, repeats, organised agents and gaming; ``story`` tells it
all in time order; ``truth`` writes down what was hidden; ``lookalikes`` tells, beside a story, of
innocents who look like a group. Promise: the same seed, plan, dates and size give the same bytes;
no clock is read, and nothing outside ``truth`` writes a file.
"""
