"""VV and VH of one acquisition, as they were found."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path

from backend.errors import GlueLinkError
from backend.scenes.files import Band
from backend.scenes.sentinel1.units import Claim


@dataclass(frozen=True)
class Pair:
    """VV and VH of one patch."""

    vv: Band
    vh: Band
    """The same as VV where there is no VH."""
    reason: str
    """How they were told apart, in one sentence."""
    sure: bool = True
    """False where nothing names them but their order."""
    by: str = "names"
    """What told them apart, in a few words."""
    claim: Claim | None = None
    """What names and tags say of the units."""
    date: str | None = None
    """Of the acquisition, ISO, where a name or tag of the bands says so."""
    product_type: str | None = None
    """GRD or RTC, where names or tags say so."""
    is_plain: bool = False
    """Whether the bands have no words but those of polarisation, quantity and units."""

    @property
    def files(self) -> list[Path]:
        """The one or two files."""
        return list(dict.fromkeys([self.vv.path, self.vh.path]))

    @property
    def alone(self) -> bool:
        """True where there is no VH."""
        return self.vv == self.vh

    def swapped(self) -> "Pair":
        """Return the pair whose VH is this one's VV."""
        reason = (
            f"The two bands have no names; band {self.vh.number} is brighter and is taken as VV, "
            f"and band {self.vv.number} as VH."
        )
        return replace(self, vv=self.vh, vh=self.vv, reason=reason, by="their brightness")


@dataclass(frozen=True)
class FoundPairs:
    """The pairs of a file or a folder."""

    pairs: Sequence[Pair]
    unused: Sequence[str] = ()
    """The names of rasters that are not used."""
    notes: Sequence[str] = ()
    """What was chosen where there were several, in sentences."""
    problems: Mapping[Path, GlueLinkError] = field(default_factory=dict)
    """Why files are in no pair."""
