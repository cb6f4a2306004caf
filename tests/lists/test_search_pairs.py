"""What people type in five languages finds whom they mean, first; alone and among five hundred others."""

import json
from pathlib import Path

import pytest

from partners.imports.consortium_file import load, read
from partners.lists.filters import InstitutionFilter
from partners.models import Institution
from tests.support.ror import SLICE
from tests.support.ror import load as load_registry

ROOT = Path(__file__).parents[2]
PAIRS = json.loads((ROOT / "tests/data/search-pairs.json").read_text(encoding="utf-8"))

pytestmark = pytest.mark.django_db


def first(text):
    """Return the slug of the best institution for a text, or nothing."""
    filterset = InstitutionFilter.asking(q=[text])
    keys = filterset.results.keys(0, 1)
    return Institution.objects.get(pk=keys[0]).slug if keys else None


@pytest.mark.parametrize("with_registry", [False, True], ids=["alone", "with-the-slice"])
def test_the_one_that_is_meant_comes_first(one_index, with_registry):
    load(read(ROOT / "partners/seeds/cart.toml"))
    if with_registry:
        load_registry(SLICE)
    pairs = {(language, text): slug for language, of_language in PAIRS.items() for text, slug in of_language.items()}

    found = {(language, text): first(text) for language, text in pairs}

    assert len(pairs) >= 60
    assert found == pairs
