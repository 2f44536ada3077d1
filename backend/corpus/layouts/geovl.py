"""Records of SAR-GEOVL-1M (now FUSAR-GEOVL-1M): eight fragments for a picture.

Published records have an `image_id` and eight fields with a capital letter; training files have a
`caption` and the fields in lower case, each closed by `$`, under a key for the picture that is not
documented.
Source: Yang et al., SAR-KnowLIP (2025), and the records of its repository.
"""

from backend.corpus.files import Corpus
from backend.corpus.layouts.base import (
    UNKNOWN_LICENCE,
    Entry,
    Images,
    Layout,
    file_of,
    published,
    split_of,
)
from backend.corpus.lines import FILE, Row
from backend.corpus.records import Chip, Fragment, Text
from backend.corpus.sinks import Sinks

FIELDS = (
    "Terrain", "Functionality", "Distribution", "Layout",
    "Boundary", "Buildings", "Roads", "Water",
)  # fmt: skip
KEYS = ("image_id", "image", "img", "file_name", "filename", "image_path")
END = "$"


class Geovl(Layout):
    """Records of FUSAR-GEOVL-1M."""

    name, title = "geovl", "Records of FUSAR-GEOVL-1M"
    source, licence = "github.com/yangyifremad/FUSAR-KLIP", f"data: {UNKNOWN_LICENCE}"
    patterns = (r"(.*/)?[^/]+\.json",)
    expected = "JSON lists of records with image_id and eight fields"

    def entry(self, row: Row, images: Images) -> Entry:
        """Return the fragments of a record, each with its field as what it is about."""
        training = FIELDS[0] not in row.fields and FIELDS[0].lower() in row.fields
        key = next((name for name in KEYS if name in row.fields), KEYS[0])
        image = row.require(key, *KEYS)
        fragments = tuple(self._fragment(row, name, training) for name in FIELDS)
        taken = {key, *FIELDS, *(name.lower() for name in FIELDS)}
        more = {name: value for name, value in row.fields.items() if name not in taken}
        more["__key__"], more["__id__"], more["__training__"] = key, image, training
        chip = Chip(str(image), str(image), split=split_of(row.fields[FILE]))
        return Entry(chip, (Text(chip.name, fragments, source="chain", more=more),))

    def _fragment(self, row: Row, name: str, training: bool) -> Fragment:
        words = row.text(name.lower() if training else name)
        if not words.strip().rstrip(END):
            raise row.invalid(name, words, "some words")
        return Fragment(words.removesuffix(END) if training else words, name)

    def takes(self, text: Text) -> bool:
        """Return whether a text has all eight fields."""
        return {*FIELDS} <= {one.about for one in text.fragments}

    def write(self, corpus: Corpus, sinks: Sinks) -> None:
        """Write every text of eight fragments as a record."""
        for text in corpus.texts():
            if not self.takes(text):
                continue
            by_field = {one.about: one.text for one in text.fragments if one.about in FIELDS}
            more, training = text.more, text.more.get("__training__", False)
            record = {more.get("__key__", KEYS[0]): more.get("__id__", text.chip)}
            record |= published(more)
            for name in FIELDS:
                words = by_field[name]
                record |= {name.lower(): words + END} if training else {name: words}
            sinks.list(file_of(text, "records.json")).add(record)


LAYOUTS = (Geovl(),)
