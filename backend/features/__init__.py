"""From a scene to features.

lattice   the fixed cells and windows of an encoder
plan      the cells that an area asks for, and the windows that answer them
block     `encode_block`: arrays in, arrays out, for one block of the lattice
strips    a scene read, encoded and blended from north to south
"""
