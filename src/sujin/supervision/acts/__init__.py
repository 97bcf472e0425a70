"""The verbs of supervision: watch, explain, judge, settle."""
