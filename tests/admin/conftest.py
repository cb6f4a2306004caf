"""What the tests of forms write first."""

import pytest

from tests.support import factories


@pytest.fixture
def rows():
    """Write what the rules of the database collide with."""
    institution = factories.make_institution(
        name="Kazan Federal University", slug="kfu", ror_id="https://ror.org/05256ym39"
    )
    lab = factories.make_lab(institution, slug="taken")
    role = factories.make_role(code="vector", name="Vector", group="chain", position=1)
    factories.make_role(code="clinic", group="chain", position=2)
    factories.make_participation(institution, role)
    factories.make_participation(lab=lab, role=role)
    factories.make_name(institution, value="КФУ")
    return {"$institution": institution.pk, "$lab": lab.pk}
