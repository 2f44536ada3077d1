"""Layouts that corpora and boxes are published in, each a value in `LAYOUTS` of a module here.

A new module is a new layout; nothing else names it. base: what a layout is, with an example.
"""
