"""Optical captions made radar's: what a radar image cannot show is taken out, the rest is kept.

In this order: sentences about sky, weather, light, text, watermarks or cameras go; colours go, and
sentences that say nothing else; shadows go; things below three pixels go; counts stay where boxes
agree and become plurals elsewhere; words for photographs become words for radar images.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable

from backend.language.record import Record
from backend.language.words import plural

COLOURS = (
    "amber", "azure", "beige", "black", "blue", "bronze", "brown", "color", "colored", "colorful",
    "colors", "colour", "coloured", "colourful", "colours", "cream", "crimson", "cyan", "emerald",
    "golden", "gray", "grayish", "green", "greenish", "grey", "greyish", "hue", "hues", "khaki",
    "lilac", "magenta", "maroon", "multicolored", "multicoloured", "ochre", "orange", "pink",
    "purple", "red", "reddish", "scarlet", "silver", "silvery", "tan", "teal", "tint", "tints",
    "turquoise", "vermilion", "violet", "white", "whitish", "yellow", "yellowish", "bluish",
    "brownish", "blackish", "pinkish", "purplish",
)  # fmt: skip
"""No sentence that was rewritten holds one of these words."""
DROPPED = (
    "sky", "skies", "cloud", "clouds", "cloudy", "weather", "sunny", "sun", "sunlight", "sunlit",
    "sunshine", "rain", "rainy", "fog", "foggy", "haze", "hazy", "daylight", "lighting", "light",
    "lights", "text", "caption", "logo", "watermark", "watermarks", "camera", "lens", "exposure",
)  # fmt: skip
SHADOWS = ("shadow", "shadows", "shade", "shaded", "shady")
SMALL_M = {
    "people": 0.6, "person": 0.6, "persons": 0.6, "pedestrian": 0.6, "pedestrians": 0.6,
    "man": 0.6, "men": 0.6, "woman": 0.6, "women": 0.6, "child": 0.6, "children": 0.6,
    "marking": 0.2, "markings": 0.2, "crosswalk": 3.0, "crosswalks": 3.0, "arrow": 1.0,
    "arrows": 1.0, "umbrella": 2.0, "umbrellas": 2.0, "bicycle": 1.8, "bicycles": 1.8,
    "motorcycle": 2.2, "motorcycles": 2.2, "bench": 2.0, "benches": 2.0, "lamp": 0.5, "lamps": 0.5,
}  # fmt: skip
"""Very small things, with their length in metres."""
LEAST_PX = 3
"""What is smaller than so many pixels cannot be seen."""
PICTURES = {
    "aerial photographs": "radar images", "aerial photograph": "radar image",
    "satellite photographs": "radar images", "satellite photograph": "radar image",
    "aerial photos": "radar images", "aerial photo": "radar image",
    "satellite photos": "radar images", "satellite photo": "radar image",
    "aerial images": "radar images", "aerial image": "radar image",
    "satellite images": "radar images", "satellite image": "radar image",
    "optical images": "radar images", "optical image": "radar image",
    "aerial views": "radar views", "aerial view": "radar view",
    "bird's-eye view": "radar view", "bird's eye view": "radar view",
    "photographs": "radar images", "photograph": "radar image",
    "photos": "radar images", "photo": "radar image",
}  # fmt: skip
"""Words for the picture, and what radar's are called."""
_TO_TWENTY = (
    "one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen "
    "sixteen seventeen eighteen nineteen twenty"
)
NUMBERS = {word: number for number, word in enumerate(_TO_TWENTY.split(" "), start=1)}


def _any(words: Iterable[str]) -> str:
    """Return a pattern of whole words, the longest ones first."""
    return "|".join(sorted(map(re.escape, words), key=len, reverse=True))


_SENTENCE = re.compile(r"(?<=[.!?])\s+")
_COLOUR = rf"(?:(?:dark|light|bright|pale|deep|vivid)(?: |-))?(?:{_any(COLOURS)})\b"
_COLOURS = rf"\b{_COLOUR}(?:(?:, and |, | and | or |-|/){_COLOUR})*"
_HAS_COLOUR = re.compile(rf"\b(?:{_any(COLOURS)})\b", re.IGNORECASE)
_ONLY_COLOUR = re.compile(
    rf"[^,;]*\b(?:is|are|was|were|looks?|appears?|seems?)(?: \w+ly| very| mostly| all)? {_COLOURS}"
    r"(?: in)?[.!?]?",
    re.IGNORECASE,
)
_BESIDE = re.compile(
    rf"(?P<in> (?:in|of|with) {_COLOURS}(?=[,.;!?]|$| (?:and|on|in|at|near|beside|along)\b))"
    rf"|(?P<before>(?:, | and ){_COLOURS}(?=[,.;!?]|$))"
    rf"|(?P<list>{_COLOURS}(?:, and | and |, |-| )?)",
    re.IGNORECASE,
)
_DANGLING = re.compile(
    r"\b(?:a|an|the|of|in|with|and|or|is|are|was|were|by|very|its|their|to|from)\s*[,.;!?]|^\W*$",
    re.IGNORECASE,
)
_ARTICLE = re.compile(r"\b(?P<article>an?) (?P<next>\w)", re.IGNORECASE)
_UNITS = r"(?:m|km|cm|metres?|meters?|kilometres?|kilometers?|%|percent|per cent|hectares?|ha)\b"
_COUNT = re.compile(
    rf"(?<![\w.,-])(?P<number>{_any(NUMBERS)}|\d+)(?![\w.,-]) (?!(?:of|{_UNITS})\b)"
    r"(?P<rest>[\w'-]+(?: [\w'-]+)?)",
    re.IGNORECASE,
)
_PICTURE = re.compile(rf"\b(?:{_any(PICTURES)})\b", re.IGNORECASE)


def rewrite(caption: str, record: Record | None = None) -> str:
    """Return an optical caption as radar's; empty where nothing of it can be seen.

    `record` is what is known of the chip: counts are kept where its boxes agree, and small things
    are judged by its metres per pixel; without them both go.

    Example:
        rewrite("An aerial view of a red ship. The sky is clear.")  # "A radar view of a ship."
    """
    found = caption
    while True:  # what a word leaves behind may be for an earlier rule
        before, found = found, _once(found, record)
        if found == before:
            return found


def _once(caption: str, record: Record | None) -> str:
    sentences = (_sentence(each.strip(), record) for each in _SENTENCE.split(caption.strip()))
    return " ".join(each for each in sentences if each)


def _sentence(sentence: str, record: Record | None) -> str:
    """Return one sentence rewritten; empty where it goes."""
    words = {word.lower() for word in re.findall(r"[\w'-]+", sentence)}
    if words & {*DROPPED} or words & {*SHADOWS} or _too_small(words, record):
        return ""
    if _ONLY_COLOUR.fullmatch(sentence):
        return ""
    bare = _without_colours(sentence)
    if not bare:
        return ""
    counted = _COUNT.sub(lambda match: _count(match, record), bare)
    if counted != bare and record is not None:
        plurals = {plural(each.category) for each in record.objects or ()}
        counted = re.sub(rf"\b(is|was) (?=(?:{_any(plurals)})\b)", _are, counted)
    named = _PICTURE.sub(_picture, counted)
    return sentence if named == sentence else _tidied(named)


def _too_small(words: set[str], record: Record | None) -> bool:
    """Return whether a sentence speaks of something that is smaller than three pixels."""
    metres = record.metres_per_pixel if record else None
    sizes = [SMALL_M[word] for word in words if word in SMALL_M]
    return any(metres is None or size < LEAST_PX * metres for size in sizes)


def _without_colours(sentence: str) -> str:
    """Return a sentence without its colours; empty where it says nothing then."""
    if not _HAS_COLOUR.search(sentence):
        return sentence
    bare = _BESIDE.sub("", sentence)
    bare = re.sub(r"\s+", " ", re.sub(r"\s+([,.;!?])", r"\1", bare)).strip()
    return "" if _DANGLING.search(bare) or _HAS_COLOUR.search(bare) else bare


def _count(match: re.Match[str], record: Record | None) -> str:
    """Return a counted noun: as it is where boxes agree, else without its number."""
    number, rest = match["number"], match["rest"]
    value = NUMBERS.get(number.lower()) or int(number)
    counts = Counter(each.category.lower() for each in (record and record.objects) or ())
    words = rest.lower().split()
    for noun, found in counts.items():
        if (noun in words or plural(noun) in words) and found == value:
            return match[0]
    if value != 1:
        return rest
    head = next((word for word in rest.split() if word.lower() in counts), None)
    return rest.replace(head, plural(head)) if head else match[0]


def _are(match: re.Match[str]) -> str:
    return {"is": "are ", "was": "were "}[match[1]]


def _picture(match: re.Match[str]) -> str:
    name = PICTURES[match[0].lower()]
    return name.capitalize() if match[0][0].isupper() else name


def _tidied(sentence: str) -> str:
    """Return a sentence with single blanks, right articles and a capital, as if typed anew."""
    text = re.sub(r"\s+", " ", sentence).strip(" ,;")

    def article(match: re.Match[str]) -> str:
        right = "an" if match["next"].lower() in "aeio" else "a"
        written = right.capitalize() if match["article"][0].isupper() else right
        return f"{written} {match['next']}"

    text = _ARTICLE.sub(article, text)
    return text[:1].upper() + text[1:]
