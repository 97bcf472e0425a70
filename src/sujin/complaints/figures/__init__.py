"""漏斗与时效: the figures that follow from who had the ball.

Each module asks one kind of question of the cases of a ``Selection``; nothing here decides who may
ask: a selection starts with what its reader may see.
"""
