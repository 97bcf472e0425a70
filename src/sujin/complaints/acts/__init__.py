"""The verbs of a complaint, in the order of its life.

receive  recognise  register  triage  route  settle       the first second
claim  hand_over  recuse                                   whose it is
respond  annotate  attach  reveal                          work
recode  retier  reclassify                                 what it is called
merge  part  unlink  distinguish  withdraw                 how it stops being one of its own
"""
