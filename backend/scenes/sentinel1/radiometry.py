"""GRD and RTC: two product types of one radar, and how much one is brighter.

RTC (gamma nought, flattened by the terrain) is brighter than GRD (sigma nought). An encoder whose
weights saw the one is given the other after a constant offset: the difference of global means. It
takes away the bulk of the difference and knows nothing of the terrain.
"""

MEAN_DB = {
    "GRD": {"VV": -12.60, "VH": -20.29},
    "RTC": {"VV": -10.93, "VH": -17.33},
}
"""Global means of both product types in dB."""


def offset_db(product_type: str | None, seen: str | None) -> dict[str, float]:
    """Return what to add to a scene's dB for an encoder that saw `seen`; empty for nothing."""
    if product_type is None or seen is None or product_type == seen:
        return {}
    return {
        band: round(MEAN_DB[seen][band] - mean, 2) for band, mean in MEAN_DB[product_type].items()
    }
