"""The Processing algorithms, one module each; `provider` finds them.

They run in models, in batch and in `qgis_process` without a window. An algorithm is a subclass of
`algorithm.Algorithm` in a module of its own, named as its id; no list names it.
"""
