"""The directions of views; without torch, for those who only read or simulate points."""

VIEWS = ("north", "east", "south", "west")
