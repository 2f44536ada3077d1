"""Recognisers: small networks on any encoder's frozen features, each for one task.

base      what all of them are; classes, counts, segments, boxes: one file each
geometry  overlaps of boxes, and which of them are kept
truth     what is right of the chips of a corpus, by task
features  the feature grids of chips
files     a recogniser as one file
asking    what a recogniser finds in the chips of a corpus, as the file that is measured
"""
