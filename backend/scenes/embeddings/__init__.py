"""Embeddings of the earth, each source in a module of its own: a new module is a new source."""
