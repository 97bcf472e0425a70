"""The early-warning detectors beside their peers, each claim one file.

``noufaily`` draws the 42 published weekly scenarios, ``daily`` daily series of another shape,
``real`` reads labelled series nobody here wrote, ``discovery`` asks a promise of many series at
once. Every threshold is set on seeds other than the one reported on. ``python -m bench.watch
--seed 7`` prints the table of the 42 scenarios and ends in a verdict; the others are run as
``python -m bench.watch.daily`` …
"""
