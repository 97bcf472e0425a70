"""The judgement of the house: pure functions from facts and tables to reasoned verdicts.

It reads words, classifies, tiers, routes, recognises repeats, computes limits, watches series,
verifies effects, rates, simulates and learns. It promises:

* the same answer for the same facts: no clock, no file, no socket, no Django, no unseeded chance;
* values in, frozen values out, and no verdict without the row, the words or the week that made it;
* rules are given as tables; nothing an officer could argue about is written in the code;
* time in proportion to the text, however hostile the text.
"""
