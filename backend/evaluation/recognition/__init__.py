"""Measures of what is recognised in chips: classes, boxes and segments, each beside chance.

classes   top-1, top-3: which class a chip is of
boxes     AP at IoU 0.5
segments  overall accuracy and mean IoU
report    a file of predictions beside a corpus; tables: as it is printed; published: papers' rows
"""
