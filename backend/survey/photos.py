"""The photographs of a survey on disk, one complete and checked file for each.

A photograph lies at FOLDER/XX/ID_VIEW.jpg, where XX spreads the points over 256 folders. Those that
could not be fetched are listed in FOLDER/failures.csv.
"""

import io
import os
import queue
import threading
import time
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Self
from urllib.parse import quote
from zlib import crc32

from PIL import Image

from backend.errors import OutputUnwritable
from backend.io.atomic import atomic
from backend.io.disk import held, writing
from backend.io.http import Client, RequestFailed, RetryPolicy, Stopped
from backend.io.tables import TableWriter
from backend.progress import Progress, silent
from backend.survey.points import Photograph, SurveyPoints, summarise

FAILURES = "failures.csv"
SUFFIXES = frozenset({".jpg", ".jpeg", ".png", ".webp", ".tif", ".tiff"})
FORMATS = ("JPEG", "PNG", "WEBP", "TIFF")
POLICY = RetryPolicy(
    tries=5, backoff_s=1.0, longest_wait_s=3600.0, delay_s=0.05, most_failures=20, connections=4
)
TICK_S = 0.2
LAST_WAIT_S = 1.0


@dataclass
class PhotoReport:
    """How many photographs of a survey were fetched, and why others were not."""

    present: int = 0
    """Photographs that an earlier run had fetched."""

    fetched: int = 0
    """URLs that were fetched, and local files that were checked."""

    failures: list[tuple[Photograph, str]] = field(default_factory=list)
    """The other photographs, each with the reason."""

    def sentences(self) -> Iterator[str]:
        """Yield what became of the photographs, in words."""
        yield f"{self.fetched:,} photographs fetched, {self.present:,} were already there."
        if self.failures:
            reasons = Counter(reason for _, reason in self.failures)
            yield f"{len(self.failures):,} could not be fetched: {summarise(reasons)}."


def photo_path(folder: Path, photograph: Photograph) -> Path:
    """Return where a photograph lies: under `folder`, or at its address when that is a path."""
    return folder / _name(photograph) if photograph.is_remote else Path(photograph.address)


def _name(photograph: Photograph) -> str:
    """Return the path of a fetched photograph within its folder."""
    suffix = os.path.splitext(photograph.address)[1].lower()
    bucket = f"{crc32(photograph.point.encode()) % 256:02x}"
    name = f"{quote(photograph.point, safe='')}_{photograph.view}"
    return f"{bucket}/{name}{suffix if suffix in SUFFIXES else '.jpg'}"


def decode_image(body: bytes) -> Image.Image:
    """Return the image in these bytes.

    Raises:
        ValueError: they are not an image, or are cut short.
    """
    try:
        image = Image.open(io.BytesIO(body), formats=FORMATS)
        image.load()
        return image
    except Image.UnidentifiedImageError:
        raise ValueError("not an image") from None
    except Exception:  # decoders fail in many ways; no picture may end the run
        raise ValueError("a damaged image") from None


def fetch_photographs(
    points: SurveyPoints,
    folder: Path,
    policy: RetryPolicy = POLICY,
    progress: Progress = silent,
) -> PhotoReport:
    """Fetch the photographs that `folder` lacks, check them, and list those that cannot be fetched.

    May be stopped or killed at any moment: every file is whole, and a later call continues from
    there.

    Raises:
        OutputUnwritable: the folder cannot be used, or another run uses it.
        DiskFull: the disk has no room for them.
    """
    report = PhotoReport()
    message = f"Another run is fetching photographs into {folder}."
    taken = OutputUnwritable(message, "Wait for it or stop it.")
    with held(folder / ".lock", taken), writing(folder):
        present = _names_in(folder)
        missing = []
        for photograph in points.photographs():
            if photograph.is_remote and _name(photograph) in present:
                report.present += 1
            else:
                missing.append(photograph)
        try:
            with _Crew(missing, folder, policy) as crew:
                for done, (photograph, reason) in enumerate(crew.results(progress), 1):
                    progress("photographs", done, len(missing))
                    if reason:
                        report.failures.append((photograph, reason))
                    else:
                        report.fetched += 1
        finally:
            _write_failures(folder / FAILURES, report)
    return report


def _names_in(folder: Path) -> set[str]:
    """Return the photographs of a folder, after removing what a killed run left half-written."""
    names = set()
    for bucket in folder.glob("[0-9a-f][0-9a-f]"):
        for name in os.listdir(bucket):
            if name.endswith((".partial", ".part")):  # .part: as older versions named them
                (bucket / name).unlink()
            else:
                names.add(f"{bucket.name}/{name}")
    return names


def _write_failures(path: Path, report: PhotoReport) -> None:
    if not report.failures:
        path.unlink(missing_ok=True)
        return
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = TableWriter(file)
        writer.add(["id", "view", "address", "reason"])
        for photograph, reason in report.failures:
            writer.add([photograph.point, photograph.view, photograph.address, reason])


class _Crew:
    """Threads that fetch, check and save photographs; once it is left, nothing is written."""

    def __init__(self, missing: list[Photograph], folder: Path, policy: RetryPolicy) -> None:
        self._folder = folder
        self._client = Client(policy)
        self._expected = len(missing)
        self._missing: queue.SimpleQueue[Photograph] = queue.SimpleQueue()
        for photograph in missing:
            self._missing.put(photograph)
        self._done: queue.SimpleQueue[tuple[Photograph, str] | Exception] = queue.SimpleQueue()
        self._saving = threading.Lock()
        # Daemons: one that waits for a host that never answers must not hold up the end.
        count = min(policy.connections, len(missing))
        self._threads = [threading.Thread(target=self._work, daemon=True) for _ in range(count)]

    def __enter__(self) -> Self:
        for thread in self._threads:
            thread.start()
        return self

    def __exit__(self, *_error: object) -> None:
        with self._saving:
            self._client.stop.set()
        deadline = time.monotonic() + LAST_WAIT_S
        for thread in self._threads:
            thread.join(max(deadline - time.monotonic(), 0))

    def results(self, progress: Progress) -> Iterator[tuple[Photograph, str]]:
        """Yield each photograph as it comes in, with why it cannot be fetched, or ""."""
        count = 0
        while count < self._expected:
            try:
                result = self._done.get(timeout=TICK_S)
            except queue.Empty:
                progress("photographs", count, self._expected)
                continue
            if isinstance(result, Exception):
                raise result
            count += 1
            yield result

    def _work(self) -> None:
        while not self._client.stop.is_set():
            try:
                photograph = self._missing.get_nowait()
            except queue.Empty:
                return
            try:
                self._done.put((photograph, self._obtain(photograph)))
            except Stopped:
                return
            except Exception as error:  # a full disk, or a fault of ours: the caller's thread ends
                self._done.put(error)
                return

    def _obtain(self, photograph: Photograph) -> str:
        """Fetch a photograph, or check a local one; return why that fails, or ""."""
        try:
            if photograph.is_remote:
                body = self._client.fetch(photograph.address, decode_image)
                self._save(photo_path(self._folder, photograph), body)
            else:
                decode_image(Path(photograph.address).read_bytes())
        except RequestFailed as error:
            return str(error)
        except (OSError, ValueError) as error:
            return getattr(error, "strerror", None) or str(error)
        return ""

    def _save(self, path: Path, body: bytes) -> None:
        with self._saving:
            if self._client.stop.is_set():
                raise Stopped
            with writing(self._folder):
                path.parent.mkdir(exist_ok=True)
                with atomic(path) as partial:
                    partial.write_bytes(body)
