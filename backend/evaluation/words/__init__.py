"""Measures of generated text: captions, answers, retrieval and how diverse a corpus is.

tokens       how texts are split into words
pairs        captions and references as numbers; bleu, rouge, cider: a measure each
measures     the figures of all measures, with intervals
answers      question accuracy by three rules; sarchat: the scores of SARChat-2M
retrieval    recall both ways; rescoring: in two steps; searching: as it is printed and written
diversity    MTLD; similarity: mean and variance of all cosines in one pass
joined       a file of answers beside a corpus; vectors: a file of vectors
report       everything that is measured; tables: as it is printed and written
"""
