"""Every error a user can mend.

    GlueLinkError
     ├─ of scenes       SceneUnreadable, BandMissing, BandsUnclear, NotRadar, UnitsUnclear,
     │                  YearUnclear, NotGeoreferenced, PixelsUnfit, SceneInUse,
     │                  SceneUnknown (LookupError)
     ├─ of areas        AreaInvalid, AreaOutsideScene
     ├─ of catalogues   CatalogueUnreachable, ImageryMissing, ExtraMissing (ImportError)
     ├─ of phrases      PhraseInvalid (ValueError)
     ├─ of encoders     EncoderUnknown, TextEncoderUnknown (LookupError), EncoderBroken,
     │                  DateMissing, DatesTooFew
     ├─ of describers   DescriberUnknown (LookupError)
     ├─ of weights      WeightsMissing (FileNotFoundError), WeightsInvalid, DownloadFailed
     ├─ of heads        HeadUnknown (LookupError), HeadInvalid, HeadMismatch
     ├─ of surveys      SurveyInvalid
     ├─ of truths       TruthInvalid
     ├─ of corpora      CorpusInvalid
     ├─ of texts        RecordInvalid (ValueError), ReplyInvalid
     ├─ of stores       StoreInvalid, NotEncoded, BlocksFailed, ClusterUnreachable
     ├─ of options      ConfigInvalid
     ├─ of the machine  DiskFull, OutputUnwritable, OutOfMemory (MemoryError),
     │                  OutOfTime (TimeoutError), WorkerKilled
     ├─ of uploads      UploadUnknown (LookupError), UploadConflict, ChecksumMismatch,
     │                  VersionUnsupported
     └─ of the service  Unauthorized, HostRefused, RequestInvalid, TooLarge, JobTooLarge,
                        RangeInvalid, JobUnknown (LookupError), JobKilled, Busy

In brackets: the builtin that an error is as well, where a caller would expect it. The others are
none, because code between them and their caller translates OSError or ValueError, or runs inside a
validator that does.

`backend.service.errors` maps each class to an HTTP status; commands print message and remedy, and
exit with 2.
"""

import re


class GlueLinkError(Exception):
    """Base of all errors that a user can mend."""

    code = "error"
    """The name of the class as it travels over HTTP: `scene_unreadable`. It never changes."""

    def __init_subclass__(cls) -> None:
        cls.code = re.sub(r"(?<=[a-z])(?=[A-Z])", "_", cls.__name__).lower()

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


class BandMissing(GlueLinkError):
    """The scene lacks VV or VH."""


class BandsUnclear(GlueLinkError):
    """Several bands of a scene can be VV or VH, and nothing says which are meant."""

    code = "bands_unclear"


class NotRadar(GlueLinkError):
    """The raster's bands or values cannot be Sentinel-1 backscatter."""


class UnitsUnclear(GlueLinkError):
    """The values fit neither dB, linear power nor digital numbers."""


class YearUnclear(GlueLinkError):
    """An embedding is there for several years, or not for the one that was asked for."""


class NotGeoreferenced(GlueLinkError):
    """The raster has no map coordinates, or none that reach a UTM zone."""


class PixelsUnfit(GlueLinkError):
    """The pixels are too coarse or too fine for Sentinel-1."""


class CatalogueUnreachable(GlueLinkError):
    """A STAC catalogue, or a file it lists, cannot be reached or answers wrongly."""


class ImageryMissing(GlueLinkError):
    """A STAC catalogue has no scene that fits, or none of this id."""


class ExtraMissing(GlueLinkError, ImportError):
    """Packages that only some of the work needs are not installed."""


class SceneUnknown(GlueLinkError, LookupError):
    """No scene is registered under this id."""


class SceneInUse(GlueLinkError):
    """The scene cannot be forgotten while a job reads it."""


class AreaInvalid(GlueLinkError):
    """The area is not a polygon, or has no extent, or its CRS is unknown."""


class AreaOutsideScene(GlueLinkError):
    """The area and the scene do not overlap."""


class PhraseInvalid(GlueLinkError, ValueError):
    """A phrase is empty, or too long, or there are too many."""


class EncoderUnknown(GlueLinkError, LookupError):
    """There is no encoder of this name."""


class TextEncoderUnknown(GlueLinkError, LookupError):
    """There is no text encoder of this name."""


class DescriberUnknown(GlueLinkError, LookupError):
    """There is no describer of this name."""


class HeadUnknown(GlueLinkError, LookupError):
    """There is no head of this name or at this path."""


class HeadInvalid(GlueLinkError):
    """The head's file is damaged or its tensors have the wrong shape."""


class HeadMismatch(GlueLinkError):
    """The head belongs to another encoder or another text space."""


class WeightsMissing(GlueLinkError, FileNotFoundError):
    """A model's weights are not on this machine."""


class WeightsInvalid(GlueLinkError):
    """A file of weights is damaged, unsafe or another model's."""


class DownloadFailed(GlueLinkError):
    """A published file cannot be fetched, or is not what was published."""


class EncoderBroken(GlueLinkError):
    """An encoder of another package cannot be used."""


class DateMissing(GlueLinkError):
    """The encoder needs the scene's date, which is not known."""


class DatesTooFew(GlueLinkError):
    """The encoder takes several dates of a place, and the scene has fewer."""


class SurveyInvalid(GlueLinkError):
    """The survey cannot be used: no points, no split, wrong shapes, NaN."""


class TruthInvalid(GlueLinkError):
    """Labels cannot be read, do not meet the map, or are too few."""


class RecordInvalid(GlueLinkError, ValueError):
    """The record of a chip cannot be used: a field is missing or wrong, a box lies elsewhere."""


class ReplyInvalid(GlueLinkError):
    """A model gives no reply, or none that can be used: a field is missing, or it is empty."""


class CorpusInvalid(GlueLinkError):
    """A corpus of chips and texts is none, or a record of it cannot be what it is meant to be."""


class StoreInvalid(GlueLinkError):
    """A feature store is none, is of another version, is damaged or cannot be read."""


class NotEncoded(GlueLinkError):
    """An area is asked that is not encoded, by who wants nothing encoded."""


class BlocksFailed(GlueLinkError):
    """Some blocks of a region could not be encoded; the others are in the store."""


class ClusterUnreachable(GlueLinkError):
    """The scheduler of a cluster does not answer, or was lost."""


class ConfigInvalid(GlueLinkError):
    """A configuration file or option has an unknown key or an impossible value."""


class DiskFull(GlueLinkError):
    """The result does not fit on the disk."""


class OutputUnwritable(GlueLinkError):
    """The result's folder does not exist or may not be written."""


class OutOfMemory(GlueLinkError, MemoryError):
    """The device has too little memory for the smallest piece of work."""


class OutOfTime(GlueLinkError, TimeoutError):
    """A job has run for as long as one may."""


class WorkerKilled(GlueLinkError):
    """A process that worked beside this one was killed."""


class UploadUnknown(GlueLinkError, LookupError):
    """There is no such upload."""


class UploadConflict(GlueLinkError):
    """The upload stands elsewhere than the request takes it to."""


class ChecksumMismatch(GlueLinkError):
    """What came is not what was sent."""


class VersionUnsupported(GlueLinkError):
    """The request speaks another version of tus."""


class Unauthorized(GlueLinkError):
    """The request has no token or a wrong one."""


class HostRefused(GlueLinkError):
    """The request's Host header is not a name of this service."""


class RequestInvalid(GlueLinkError):
    """The request does not follow the protocol."""


class TooLarge(GlueLinkError):
    """The request or the upload is larger than the service takes."""


class JobTooLarge(GlueLinkError):
    """A job would cost more than the service allows."""


class RangeInvalid(GlueLinkError):
    """The range of bytes does not lie in the file."""


class JobUnknown(GlueLinkError, LookupError):
    """There is no such job, or no such file of it."""


class JobKilled(GlueLinkError):
    """The service was killed twice while the job ran."""


class Busy(GlueLinkError):
    """The queue is full."""
