"""Figures for Prometheus: what the workers of this host answered, hold and wait for, added up over all of them."""

import hmac
import os
import time
from functools import cache
from http import HTTPStatus
from typing import NamedTuple

from django.conf import settings
from django.core.exceptions import MiddlewareNotUsed
from django.db import DatabaseError
from django.http import Http404, HttpResponse
from django.views.decorators.http import require_safe
from prometheus_client import CONTENT_TYPE_LATEST, CollectorRegistry, Counter, Gauge, Histogram, generate_latest
from prometheus_client.core import GaugeMetricFamily
from prometheus_client.multiprocess import MultiProcessCollector

from partners.index.current import indexes_held, latest_position
from partners.models.log.triggers import CHANCE_BITS
from partners.views import lane
from partners.views.public import page_cache

SECONDS = (0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5)  # bounds of the histogram

_here = CollectorRegistry()  # the figures of this process, where it is the only one


class _Figures(NamedTuple):
    """What a worker counts, and what it holds: of the latter its latest figure."""

    requests: Counter
    seconds: Histogram
    position: Gauge
    builds: Gauge
    answers: Gauge
    bytes: Gauge
    hits: Gauge


@cache
def _figures():
    def gauge(name, words, mode, *labels):
        return Gauge(f"directory_{name}", words, labels, multiprocess_mode=mode, registry=_here)

    return _Figures(
        Counter("directory_requests", "Answers by view and status.", ["view", "status"], registry=_here),
        Histogram("directory_request_seconds", "Until the answer is ready.", ["view"], buckets=SECONDS, registry=_here),
        gauge("index_position", "Edits that the index of the slowest worker holds.", "livemin", "list"),
        gauge("index_builds", "Times that a list was read at once.", "max", "list"),
        gauge("kept_answers", "Finished answers in memory.", "livesum"),
        gauge("kept_bytes", "The memory that they take.", "livesum"),
        gauge("kept_hits", "Answers sent from memory.", "sum"),
    )


class Measured:
    """Middleware that counts each answer by its view and status, and writes down what this worker holds."""

    def __init__(self, get_response):
        if not settings.METRICS_TOKEN:
            raise MiddlewareNotUsed
        self.get_response = get_response

    def __call__(self, request):
        began = time.perf_counter()
        response = self.get_response(request)
        figures, view = _figures(), _view_of(request)
        figures.requests.labels(view, response.status_code).inc()
        figures.seconds.labels(view).observe(time.perf_counter() - began)
        for name, (number, builds) in indexes_held().items():
            figures.position.labels(name).set(number >> CHANCE_BITS)
            figures.builds.labels(name).set(builds)
        figures.answers.set(len(page_cache))
        figures.bytes.set(page_cache.bytes)
        figures.hits.set(page_cache.hits)
        return response


def _view_of(request):
    """Return the name of a request's view; addresses that lead nowhere have one between them."""
    if match := request.resolver_match:
        return match.view_name
    return "static" if request.path.startswith(settings.STATIC_URL) else "none"


class _OfHost:
    """What every worker of this host would say alike, looked up when Prometheus asks: the log and the large files."""

    def collect(self):
        try:
            if position := latest_position():
                yield GaugeMetricFamily(
                    "directory_log_position", "Edits that the log counts.", position[1] >> CHANCE_BITS
                )
        except DatabaseError:
            pass  # what is away has no figure; the requests that failed have
        try:
            files, size, wanted = lane.figures()
        except OSError:
            return
        yield GaugeMetricFamily("directory_files", "Large files that wait for who asks again.", files)
        yield GaugeMetricFamily("directory_files_bytes", "The room that they take.", size)
        yield GaugeMetricFamily("directory_files_wanted", "Large files that somebody waits for.", wanted)


@require_safe
def metrics(request):
    """Answer the figures to who has the token; one query.

    :raises Http404: without `METRICS_TOKEN`.
    """
    if not settings.METRICS_TOKEN:
        raise Http404
    if not hmac.compare_digest(request.headers.get("Authorization", "").encode(), _expected()):
        return HttpResponse(
            "Bearer token, please.\n",
            status=HTTPStatus.UNAUTHORIZED,
            content_type="text/plain",
            headers={"WWW-Authenticate": "Bearer"},
        )
    registry = CollectorRegistry()
    if folder := os.environ.get("PROMETHEUS_MULTIPROC_DIR"):
        MultiProcessCollector(registry, folder)
    else:
        registry.register(_here)
    registry.register(_OfHost())
    return HttpResponse(generate_latest(registry), content_type=CONTENT_TYPE_LATEST)


def _expected():
    return f"Bearer {settings.METRICS_TOKEN}".encode()
