"""Dual towers: a vision transformer for chips and a BERT for texts, with one shared space.

sizes      how large a tower is; tower: the networks and what they give
losses     ITC with soft targets, ITM with hard negatives, MLM: plain functions of tensors
momentum   the slowly moving copy of a tower, and the queue of its vectors
words      texts of several fragments as tokens, and which of them may be masked
files      a tower as one file: weights, sizes, vocabulary, card
"""
