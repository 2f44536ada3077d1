"""Words of the backend that stand among the panel's own: options of a scene, stages of a job.

They come as text, and are translated where they are known here. The backend's sentences are not.
"""

from __future__ import annotations

from .translation import mark, tr

LOADING = "Loading "

KNOWN = (
    mark("Units"),
    mark("What the values of the file are; detected when left out."),
    mark("linear power"),
    mark("amplitude"),
    mark("digital numbers"),
    mark("Scale"),
    mark("What stored values are multiplied with to have the units; the file's own if left out."),
    mark("Offset"),
    mark("What is added to stored values after the scale; the file's own if left out."),
    mark("DN offset in dB"),
    mark("For digital numbers: dB = 20 log10(DN) + this."),
    mark("Date"),
    mark("The day of the acquisition, year-month-day; of an embedding, the year."),
    mark("Product type"),
    mark("What the scene is, if neither its name nor its tags say so."),
    mark("Noise floor in dB"),
    mark("Treat pixels below this in both bands as no data; -40 if left out."),
    mark("Speckle filter"),
    mark("Filter speckle first."),
    mark("refined Lee"),
    mark("Band numbers"),
    mark("Number of the band, from 1, in a file that does not name its bands."),
    mark("Other dates"),
    mark(
        "Another date of the same place: its file, or its day in a file that holds several. "
        "Most encoders take the mean of their power; some take each date by itself."
    ),
    mark("Tiles of an index"),
    mark("Folder or address of the tiles that an index lists; beside it when left out."),
    mark("Waiting"),
    mark("Starting"),
    mark("Encoding windows"),
    mark("Encoding blocks"),
    mark("Checking blocks"),
    mark("Checking pixels"),
    mark("Reading the phrases"),
    mark("Writing the map"),
    mark("Fetching imagery"),
    mark("Waiting for another fetch of this scene"),
    mark("Measuring"),
)


def translated(text: str) -> str:
    """Return a word of the backend in QGIS's language; as it came where it is not known."""
    if text.startswith(LOADING):
        return tr("Loading {model}", model=text[len(LOADING) :])
    return tr(text)
