"""Each failure has a page of its own, with the content policy and without a trace of the code."""

import logging
import sqlite3
import subprocess
import sys

import psycopg2
import pytest
from django.conf import settings
from django.core.exceptions import PermissionDenied
from django.db import IntegrityError, InterfaceError, OperationalError, connection
from django.test import Client
from django.urls import path

from consortium.logs import Formatter
from consortium.urls import handler500, urlpatterns  # noqa: F401 - this module stands in for the project's addresses
from partners.views.errors import is_away

POLICY = {
    "base-uri 'none'",
    "default-src 'self'",
    "form-action 'self'",
    "frame-ancestors 'none'",
    "img-src 'self' data:",
    "object-src 'none'",
}
