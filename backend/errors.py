"""Every error a user can mend.

    GlueLinkError
     ├─ of scenes       SceneUnreadable, BandMissing, NotRadar, UnitsUnclear, YearUnclear,
     │                  NotGeoreferenced, PixelsUnfit, SceneUnknown (LookupError), SceneInUse
     ├─ of areas        AreaInvalid, AreaOutsideScene
     ├─ of catalogues   CatalogueUnreachable, ImageryMissing, ExtraMissing (ImportError)
     ├─ of phrases      PhraseInvalid (ValueError)
     ├─ of encoders     EncoderUnknown, TextEncoderUnknown (LookupError), EncoderBroken, DateMissing
     ├─ of weights      WeightsMissing (FileNotFoundError), WeightsInvalid, DownloadFailed
     ├─ of heads        HeadUnknown (LookupError), HeadInvalid, HeadMismatch
     ├─ of surveys      SurveyInvalid
     ├─ of options      ConfigInvalid
     ├─ of the machine  DiskFull, OutputUnwritable, OutOfMemory (MemoryError)
     └─ of the service  Unauthorized, HostRefused, RequestInvalid, TooLarge, RangeInvalid,
                        JobUnknown (LookupError), Busy

In brackets: the builtin that an error is as well, where a caller would expect it. The others are
none, because code between them and their caller translates OSError or ValueError, or runs inside a
validator that does.

`backend.service.errors` maps each class to an HTTP status; commands print message and remedy, and
exit with 2.
"""


class GlueLinkError(Exception):
    """Base of all errors that a user can mend."""

    code = "error"
    """Stable; it travels over HTTP."""

    def __init__(self, message: str, remedy: str = "") -> None:
        """Keep what is shown to people.

        `message` is one sentence: what was got and what was expected. `remedy` is one more, which
        says what to do; empty where the message says it all.
        """
        super().__init__(message)
        self.message = message
        self.remedy = remedy

    def __str__(self) -> str:
        return f"{self.message} {self.remedy}".strip()


class SceneUnreadable(GlueLinkError):
    """The scene's file is missing, cut short or not a raster."""

    code = "scene_unreadable"


class BandMissing(GlueLinkError):
    """The scene lacks VV or VH."""

    code = "band_missing"


class NotRadar(GlueLinkError):
    """The raster's bands or values cannot be Sentinel-1 backscatter."""

    code = "not_radar"


class UnitsUnclear(GlueLinkError):
    """The values fit neither dB, linear power nor digital numbers."""

    code = "units_unclear"


class YearUnclear(GlueLinkError):
    """An embedding is there for several years, or not for the one that was asked for."""

    code = "year_unclear"


class NotGeoreferenced(GlueLinkError):
    """The raster has no map coordinates, or none that reach a UTM zone."""

    code = "not_georeferenced"


class PixelsUnfit(GlueLinkError):
    """The pixels are too coarse or too fine for Sentinel-1."""

    code = "pixels_unfit"


class CatalogueUnreachable(GlueLinkError):
    """A STAC catalogue, or a file it lists, cannot be reached or answers wrongly."""

    code = "catalogue_unreachable"


class ImageryMissing(GlueLinkError):
    """A STAC catalogue has no scene that fits, or none of this id."""

    code = "imagery_missing"


class ExtraMissing(GlueLinkError, ImportError):
    """Packages that only some of the work needs are not installed."""

    code = "extra_missing"


class SceneUnknown(GlueLinkError, LookupError):
    """No scene is registered under this id."""

    code = "scene_unknown"


class SceneInUse(GlueLinkError):
    """The scene cannot be forgotten while a job reads it."""

    code = "scene_in_use"


class AreaInvalid(GlueLinkError):
    """The area is not a polygon, or has no extent, or its CRS is unknown."""

    code = "area_invalid"


class AreaOutsideScene(GlueLinkError):
    """The area and the scene do not overlap."""

    code = "area_outside_scene"


class PhraseInvalid(GlueLinkError, ValueError):
    """A phrase is empty, or too long, or there are too many."""

    code = "phrase_invalid"


class EncoderUnknown(GlueLinkError, LookupError):
    """There is no encoder of this name."""

    code = "encoder_unknown"


class TextEncoderUnknown(GlueLinkError, LookupError):
    """There is no text encoder of this name."""

    code = "text_encoder_unknown"


class HeadUnknown(GlueLinkError, LookupError):
    """There is no head of this name or at this path."""

    code = "head_unknown"


class HeadInvalid(GlueLinkError):
    """The head's file is damaged or its tensors have the wrong shape."""

    code = "head_invalid"


class HeadMismatch(GlueLinkError):
    """The head belongs to another encoder or another text space."""

    code = "head_mismatch"


class WeightsMissing(GlueLinkError, FileNotFoundError):
    """A model's weights are not on this machine."""

    code = "weights_missing"


class WeightsInvalid(GlueLinkError):
    """A file of weights is damaged, unsafe or another model's."""

    code = "weights_invalid"


class DownloadFailed(GlueLinkError):
    """A published file cannot be fetched, or is not what was published."""

    code = "download_failed"


class EncoderBroken(GlueLinkError):
    """An encoder of another package cannot be used."""

    code = "encoder_broken"


class DateMissing(GlueLinkError):
    """The encoder needs the scene's date, which is not known."""

    code = "date_missing"


class SurveyInvalid(GlueLinkError):
    """The survey cannot be used: no points, no split, wrong shapes, NaN."""

    code = "survey_invalid"


class ConfigInvalid(GlueLinkError):
    """A configuration file or option has an unknown key or an impossible value."""

    code = "config_invalid"


class DiskFull(GlueLinkError):
    """The result does not fit on the disk."""

    code = "disk_full"


class OutputUnwritable(GlueLinkError):
    """The result's folder does not exist or may not be written."""

    code = "output_unwritable"


class OutOfMemory(GlueLinkError, MemoryError):
    """The device has too little memory for the smallest piece of work."""

    code = "out_of_memory"


class Unauthorized(GlueLinkError):
    """The request has no token or a wrong one."""

    code = "unauthorized"


class HostRefused(GlueLinkError):
    """The request's Host header is not a name of this service."""

    code = "host_refused"


class RequestInvalid(GlueLinkError):
    """The request does not follow the protocol."""

    code = "request_invalid"


class TooLarge(GlueLinkError):
    """The request or the upload is larger than the service takes."""

    code = "too_large"


class RangeInvalid(GlueLinkError):
    """The range of bytes does not lie in the file."""

    code = "range_invalid"


class JobUnknown(GlueLinkError, LookupError):
    """There is no such job, or no such file of it."""

    code = "job_unknown"


class Busy(GlueLinkError):
    """The queue is full."""

    code = "busy"
