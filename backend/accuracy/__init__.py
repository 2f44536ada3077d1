"""How right a map is, by places whose truth somebody knows.

measures   areas under curves, thresholds, exact intervals, and the paired test of two maps
truth      the labels of a map's cells, from polygons, points or a raster
report     a map against its truth, or two maps on the same places

Example:
    accuracy = judge(Path("water.tif"), Path("fields.geojson"), ["water"])
    print(accuracy.auc.value, accuracy.precision.low)
"""

from typing import TYPE_CHECKING

from backend.modules import lazy_names

if TYPE_CHECKING:
    from backend.accuracy.measures import Accuracy, Comparison, Estimate, compare, measure
    from backend.accuracy.report import judge

__all__ = ["Accuracy", "Comparison", "Estimate", "compare", "judge", "measure"]

__getattr__ = lazy_names(
    __name__,
    {
        "measures": ("Accuracy", "Comparison", "Estimate", "compare", "measure"),
        "report": ("judge",),
    },
)
