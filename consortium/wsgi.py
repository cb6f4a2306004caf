"""The entry point of the application server."""

import os

from django.core.wsgi import get_wsgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "consortium.settings")

application = get_wsgi_application()

from partners.models.deadline import for_web_requests  # noqa: E402 - settings come first

application = for_web_requests(application)
