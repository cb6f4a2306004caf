"""Many texts in one."""

from hypothesis import given
from hypothesis import strategies as st

from partners.search.packed import Packed


@given(st.lists(st.text(st.characters(codec="utf-8"), max_size=20)))
def test_packed_texts_come_out_as_they_went_in(texts):
    packed = Packed(texts)

    assert list(packed) == texts
    assert len(packed) == len(texts)
    assert [packed[at] for at in range(len(texts))] == texts
