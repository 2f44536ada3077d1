"""What people type, as the plain questions that rules read: courtesy, compass and short forms."""

from __future__ import annotations

import re

from backend.describers.measured import BRIGHT
from backend.describers.nouns import MEANT, class_meant
from backend.language.words import plural

HARBOURS = ("harbour", "harbor", "port", "marina")
_OF_PLACE = r"(?: of (?:the|this) (?:area|scene|image|picture|map|region))?"
_COMPASS = re.compile(
    r"\b(?:north|south)(?:[- ]?(?:east|west))?(?:ern)?\b|\b(?:east|west)(?:ern)?\b", re.IGNORECASE
)
_QUARTER = re.compile(
    rf"\b(?P<lead>(?:in|on|at|to) the |(?:is|are) the )(?P<where>{_COMPASS.pattern})"
    rf"(?: (?:part|side|corner))?{_OF_PLACE}(?! of\b)(?=\W|$)",
    re.IGNORECASE,
)
_SHIPS = "|".join(sorted({*MEANT[BRIGHT], *map(plural, MEANT[BRIGHT])}, key=len, reverse=True))
_A_PLACE = r"(?:top|bottom)(?: (?:left|right))?|left|right|centre|center|middle"
_FORMS: tuple[tuple[str, str], ...] = (
    (r"\b(where|what|when|how|who)['’]s\b", r"\1 is"),
    (r"^(?:please|hello|hey|hi|ok|so|and|but)\b,? ", ""),
    (r",? please(?=[?.!]*$)", ""),
    (r"^(?:can|could|will|would) (?:you|i|we) (?:please )?(?!see\b)", ""),
    (r"^(?:i (?:want|would like|need) to know|i wonder|do you know|tell me) (?=if|whether|where|"
     r"how|what|when|which)", ""),
    (r"^(?:if|whether) there (is|are) ", r"\1 there "),
    (r"^where (?:(?:all|most of) )?the (.+?) (is|are)(?=[?.!]*$)", r"where \2 the \1"),
    (r"^how (many|much) (.+?) there (is|are)(?=[?.!]*$)", r"how \1 \2 \3 there"),
    (r"^(?:give|tell|show) me (?:the )?number of ", "how many "),
    (r"^(?:the )?number of (?!cells|pixels)", "how many "),
    (r"^(?:show|find|locate|mark|highlight|point out)(?: me)?(?: where)?(?: all)?"
     r"(?: (?:the|an?|any))? (?=[^?]+$)", "where are the "),
    (r"^(?:which|what) (?:parts|places|areas)(?: of (?:the|this) \w+)? are ", "where is "),
    (rf"\b({_SHIPS})(?: (?:are|is))?(?: there)? (?:on|in) the (?:\w+ )?(?:water|lake|river|sea|"
     r"reservoir|ocean|bay)(?=[?.!]*$| longer| larger| bigger)", r"\1"),
    (r"^is it flooded (?=(?:on|in|at) the )", "is there flooding "),
    (rf"^(is|are) the (?!(?:{_A_PLACE})\b)([\w -]+?) (?=(?:on|in|at|to) the (?:{_A_PLACE})"
     r"(?: side| corner| part)?[?.!]*$)", r"\1 there \2 "),
    (rf"^(?:is|are) the ({_A_PLACE}) (?:covered (?:by|with) )?(?!of\b|side\b)([\w -]+)(?=[?.!]*$)",
     r"is there \2 in the \1"),
)  # fmt: skip
_COMPILED = [(re.compile(form, re.IGNORECASE), plainly) for form, plainly in _FORMS]


def plain_question(typed: str) -> str:
    """Return a question without courtesy and contractions, with sides for points of the compass.

    North is up in every picture of ours. A lone noun asks whether there is one.

    Example:
        plain_question("Could you tell me if there's water in the north-east?")
    """
    text = " ".join(typed.split())
    text = re.sub(r"\bthere['’]s\b", "there is", text, flags=re.IGNORECASE)
    text = _QUARTER.sub(lambda match: match["lead"] + _side(match["where"]), text)
    for form, plainly in _COMPILED:
        text = form.sub(plainly, text)
    noun = re.sub(r"^(?:an?|any|the) |[?.!]+$", "", text, flags=re.IGNORECASE)
    if class_meant(noun) or noun.lower() in {*HARBOURS, *map(plural, HARBOURS)}:
        return f"Is there {noun}?"
    return text


def _side(where: str) -> str:
    """Return the side of the picture that a point of the compass is."""
    low = where.lower()
    down = "top" if "north" in low else "bottom" if "south" in low else ""
    across = "right" if "east" in low else "left" if "west" in low else ""
    return f"{down} {across}".strip()
