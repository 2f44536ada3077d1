"""Words of the backend that stand among the panel's own: options of a scene, stages of a job.

They come as text, and are translated where they are known: stages are listed here, options are
taken from the backend by `python -m scripts.translations`. The backend's sentences are not.
"""

from __future__ import annotations

from .translation import mark, tr

LOADING = "Loading "

KNOWN = (
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
    mark("Writing"),
)


def translated(text: str) -> str:
    """Return a word of the backend in QGIS's language; as it came where it is not known."""
    if text.startswith(LOADING):
        return tr("Loading {model}", model=text[len(LOADING) :])
    return tr(text)
