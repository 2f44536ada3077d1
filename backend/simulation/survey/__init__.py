"""A simulated survey, with captions in place of photographs.

build      writes the survey cache
points     places points in landscapes, and cuts windows and views around them
captions   says what a view shows; words: what people call each class
"""
