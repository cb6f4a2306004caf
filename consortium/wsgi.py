"""The entry point of the application server."""

import os
import tempfile

from django.conf import settings
from django.core.wsgi import get_wsgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "consortium.settings")

if settings.METRICS_TOKEN:
    # Where prometheus-client adds up the workers' figures; it has to know before it is imported.
    os.environ.setdefault("PROMETHEUS_MULTIPROC_DIR", tempfile.mkdtemp(prefix="directory-metrics-"))

application = get_wsgi_application()

from partners.models.deadline import for_web_requests  # noqa: E402 - settings come first

application = for_web_requests(application)
