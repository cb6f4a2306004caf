"""The description of the API judged by others: it is OpenAPI 3.1, and no answer is outside of it."""

import pytest
from django.core import signals
from django.core.handlers.wsgi import WSGIHandler
from django.db import close_old_connections
from hypothesis import HealthCheck, Phase, given, settings

from tests.support.directory import make_directory
from tests.support.factories import make_consortium

schemathesis = pytest.importorskip("schemathesis")
checks = pytest.importorskip("schemathesis.specs.openapi.checks")
openapi_spec_validator = pytest.importorskip("openapi_spec_validator")

pytestmark = [pytest.mark.judge, pytest.mark.django_db]
BOUNDED = settings(
    max_examples=15, derandomize=True, database=None, phases=[Phase.generate], suppress_health_check=list(HealthCheck)
)
# A pattern says what a code looks like, not which ones are known: who asks for another is told so by 400.
EXCLUDED = [checks.positive_data_acceptance]


@pytest.fixture
def description(client):
    make_consortium(licence="CC0 1.0", licence_url="https://creativecommons.org/publicdomain/zero/1.0/")
    make_directory(7, institutions=20)
    return client.get("/api/v1/openapi.json", headers={"host": "localhost"}).json()


@pytest.fixture
def application(description):
    """Return the application as schemathesis calls it: the test's connection stays open between requests.

    Only now, because Django's client, which asked for the description, connects these receivers again.
    """
    between = [signals.request_started, signals.request_finished]
    for signal in between:
        signal.disconnect(close_old_connections)
    yield WSGIHandler()
    for signal in between:
        signal.connect(close_old_connections)


def test_description_is_openapi(description):
    openapi_spec_validator.validate(description)
    with pytest.raises(openapi_spec_validator.validation.exceptions.OpenAPIValidationError):
        openapi_spec_validator.validate(description | {"paths": {"/roles": {"get": {}}, "no-slash": {}}})


@pytest.mark.parametrize("mode", schemathesis.GenerationMode)
def test_no_answer_is_outside_the_description(description, application, mode):
    schema = schemathesis.openapi.from_dict(description)
    schema.app = application
    asked = set()
    for found in schema.get_all_operations():
        operation = found.ok()

        @BOUNDED
        @given(operation.as_strategy(generation_mode=mode))
        def check(case):
            asked.add(case.path)
            # Answers are not compressed: what calls the application here does not unpack them.
            case.call_and_validate(headers={"accept-encoding": "identity"}, excluded_checks=EXCLUDED)

        check()
    assert len(asked) == len(description["paths"])
