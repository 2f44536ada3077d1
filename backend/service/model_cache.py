"""Models, loaded once and kept."""

import gc
import threading
from collections.abc import Callable, Sequence
from concurrent.futures import Future, wait
from functools import partial
from pathlib import Path
from typing import Any, TypeVar

from backend.describers import Describer
from backend.describers.offered import open_offered
from backend.encoders import Encoder, EncoderSpec, encoder_spec, load_encoder
from backend.errors import HeadUnknown
from backend.link import LinkHead, find_head
from backend.progress import Progress
from backend.text import TextEncoder, load_text_encoder

A = TypeVar("A")
T = TypeVar("T")

POLL_S = 0.2
"""How often a job that waits for a model reports, and so can be cancelled."""

_load_encoder = partial(load_encoder, precision="auto")


class ModelCache:
    """Encoders and text encoders by name, and how fast each encoder has been here.

    Heads may be trained anew while the service runs: they are read again when their file changes.
    """

    def __init__(self) -> None:
        self._loaded: dict[tuple[Any, ...], Future[Any]] = {}
        self._lock = threading.Lock()
        self._loading = threading.Lock()
        self._describer: Describer | None = None
        self._measured: dict[str, tuple[int, float]] = {}

    def spec(self, encoder: str) -> EncoderSpec:
        """Return an encoder's specification without loading the encoder.

        Raises:
            EncoderUnknown: there is no encoder of this name.
            WeightsMissing: its weights are not on this machine.
            WeightsInvalid: its weights are damaged.
        """
        spec = encoder_spec(encoder)
        return load_encoder(encoder).spec if spec.unavailable else spec

    def head(self, name: str | None, spec: EncoderSpec) -> LinkHead:
        """Return the head of this name, checked against the encoder and its own text encoder.

        Raises:
            HeadUnknown: there is none, or `name` is a path: a client must not choose files.
            HeadInvalid: its file is damaged.
            HeadMismatch: it belongs to another encoder or text space.
        """
        if name is not None and Path(name).name != name:
            raise HeadUnknown(
                f"There is no head {name!r}; over HTTP a head is chosen by its name.",
                "GET /v1/capabilities lists the heads.",
            )
        head = find_head(name, spec)
        head.check(spec, load_text_encoder(head.meta.text).space)
        return head

    def encoder(self, name: str, progress: Progress) -> Encoder:
        """Return the loaded encoder.

        Raises:
            EncoderUnknown: there is no encoder of this name.
            WeightsMissing: its weights are not on this machine.
        """
        return self._once(progress, _load_encoder, name)

    def text_encoder(self, name: str, phrases: Sequence[str], progress: Progress) -> TextEncoder:
        """Return the text encoder after it has embedded `phrases`, which it then remembers."""
        encoder = self._once(progress, load_text_encoder, name)
        if phrases:
            self.watch("Reading the phrases", progress, encoder.embed, phrases)
        return encoder

    def describer(self, name: str) -> Describer:
        """Return the describer of a name: the last one while its files are the same, loaded or not.

        One model is kept, as some take most of a computer's memory.

        Raises:
            GlueLinkError: what `open_offered` raises.
        """
        found = open_offered(name)
        if not found.needs_pixels:
            return found
        with self._lock:
            if self._describer is None or self._describer.name != found.name:
                self._describer = found
            return self._describer

    def watch(self, stage: str, progress: Progress, work: Callable[[A], T], argument: A) -> T:
        """Return what some work of a model returns; a cancel need not wait for its end."""
        return self._watched(stage, progress, self._in_thread(work, argument))

    def record_speed(self, encoder: str, windows: int, seconds: float) -> None:
        """Remember how long `windows` took."""
        with self._lock:
            before = self._measured.get(encoder, (0, 0.0))
            self._measured[encoder] = (before[0] + windows, before[1] + seconds)

    def measured(self) -> dict[str, tuple[int, float]]:
        """Return windows and seconds of each encoder that has encoded here."""
        with self._lock:
            return dict(self._measured)

    def expected_seconds(self, encoder: str, windows: int) -> float | None:
        """Return how long `windows` should take; None while this process has encoded none."""
        if not windows:
            return 0.0
        done, took = self._measured.get(encoder, (0, 0.0))
        return round(windows * took / done, 1) if done else None

    def _once(self, progress: Progress, load: Callable[[str], T], name: str) -> T:
        """Return `load(name)`, kept; a load that failed is tried again by the next who asks."""
        with self._lock:
            future = self._loaded.get((load, name))
            if future is None or (future.done() and future.exception()):
                future = self._loaded[load, name] = self._in_thread(partial(_kept, load), name)
        return self._watched(f"Loading {name}", progress, future)

    def _in_thread(self, load: Callable[[A], T], argument: A) -> Future[T]:
        """Start `load(argument)` in a thread that never keeps the process alive.

        One load at a time, whoever asked for it: a load goes on after its job was cancelled, and
        libraries that import their parts when they are needed fail when two threads do so at once.
        """
        future: Future[T] = Future()

        def fulfil() -> None:
            try:
                with self._loading:
                    future.set_result(load(argument))
            except BaseException as error:
                future.set_exception(error)

        threading.Thread(target=fulfil, name="loader", daemon=True).start()
        return future

    @staticmethod
    def _watched(stage: str, progress: Progress, future: Future[T]) -> T:
        """Wait for the future's result. A cancel need not wait; what is loaded is kept."""
        while not future.done():
            progress(stage, 0, 1)
            wait([future], timeout=POLL_S)
        return future.result()


def _kept(load: Callable[[str], T], name: str) -> T:
    """Return `load(name)`, which the garbage collector does not look at from now on.

    Libraries come with hundreds of thousands of objects that stay: each full collection would go
    through them, and no reply be sent meanwhile (0.15 s).
    """
    loaded = load(name)
    gc.collect()
    gc.freeze()
    return loaded
