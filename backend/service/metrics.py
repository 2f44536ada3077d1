"""`GET /metrics`: the state of the service in the text form of Prometheus.

It needs the token, as every route but health does: it tells how busy a machine is, and with what.
Prometheus sends one (`authorization: credentials_file` in its configuration).
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sized
from typing import TYPE_CHECKING

from fastapi import APIRouter, Request, Response
from fastapi.responses import PlainTextResponse

from backend import __version__
from backend.errors import ExtraMissing
from backend.service.context import open_store
from backend.service.device import describe_device
from backend.service.messages import BoundedRoute
from backend.service.routes import GUARDED, Running, failures
from backend.service.service import Service

if TYPE_CHECKING:
    from prometheus_client import Metric

metrics = APIRouter(route_class=BoundedRoute, **GUARDED)


@metrics.get("/metrics", response_class=PlainTextResponse, responses=failures(409))
async def get_metrics(request: Request, service: Running) -> Response:
    """Return queue, jobs, encoding, store, uploads, connections and memory, for Prometheus."""
    connections = getattr(request.app.state, "connections", ())
    content, media_type = await service.watch(measured, service, connections)
    return Response(content, media_type=media_type)


def measured(service: Service, connections: Sized) -> tuple[bytes, str]:
    """Return the state of a service as Prometheus reads it, and the media type of that.

    Raises:
        ExtraMissing: the package that writes this form is not installed.
    """
    try:
        from prometheus_client import CollectorRegistry, ProcessCollector, exposition
    except ImportError as error:
        raise ExtraMissing(
            "Prometheus needs a package that is not installed.",
            'Install it: pip install "gluelink[metrics]".',
        ) from error
    registry = CollectorRegistry()
    registry.register(_OfService(service, len(connections)))
    # Memory, time and open files of the service and of what computes for it; on Linux.
    ProcessCollector(registry=registry)
    ProcessCollector("gluelink_compute", lambda: service.computing.process, registry=registry)
    return exposition.generate_latest(registry), exposition.CONTENT_TYPE_LATEST


class _OfService:
    """What is told of one service, looked up anew each time."""

    def __init__(self, service: Service, connections: int) -> None:
        self._service, self._connections = service, connections

    def describe(self) -> list[Metric]:
        """Name nothing in advance."""
        return []

    def collect(self) -> Iterator[Metric]:
        """Yield each metric."""
        from prometheus_client.core import InfoMetricFamily

        yield InfoMetricFamily("gluelink", "Version.", {"version": __version__})
        yield from self._jobs()
        yield from self._encoding()
        yield from self._disk()
        yield _gauge("gluelink_connections", "Connections of clients.", self._connections)
        device = describe_device()
        yield _gauge("gluelink_device_memory_bytes", "Memory there is.", device.memory_total)
        yield _gauge("gluelink_device_memory_free_bytes", "Memory left.", device.memory_free)

    def _jobs(self) -> Iterator[Metric]:
        from prometheus_client.core import GaugeMetricFamily

        jobs = self._service.jobs.all()
        waiting = sum(job.state == "queued" for job in jobs)
        yield _gauge("gluelink_queue_length", "Jobs that wait.", waiting)
        labels = ["kind", "state"]
        family = GaugeMetricFamily("gluelink_jobs", "Jobs that are kept.", labels=labels)
        for (kind, state), number in sorted(Counter((job.kind, job.state) for job in jobs).items()):
            family.add_metric([kind, state], number)
        yield family

    def _encoding(self) -> Iterator[Metric]:
        from prometheus_client.core import CounterMetricFamily

        windows = CounterMetricFamily("gluelink_windows", "Windows encoded.", labels=["encoder"])
        seconds = CounterMetricFamily(
            "gluelink_encoding_seconds", "Time of jobs that encoded.", labels=["encoder"]
        )
        for encoder, (done, took) in sorted(self._service.computing.speeds.items()):
            windows.add_metric([encoder], done)
            seconds.add_metric([encoder], took)
        yield windows
        yield seconds

    def _disk(self) -> Iterator[Metric]:
        uploads = self._service.uploads.all()
        received = sum(upload.received for upload in uploads)
        yield _gauge("gluelink_uploads", "Files sent or being sent.", len(uploads))
        yield _gauge("gluelink_uploads_bytes", "Bytes of these that have come.", received)
        store = open_store(self._service.settings)
        if store is not None:
            yield _gauge("gluelink_store_bytes", "What the store holds.", store.home.size(""))
            if store.cap is not None:
                yield _gauge("gluelink_store_cap_bytes", "What it may hold.", store.cap)


def _gauge(name: str, about: str, value: float) -> Metric:
    from prometheus_client.core import GaugeMetricFamily

    return GaugeMetricFamily(name, about, value)
