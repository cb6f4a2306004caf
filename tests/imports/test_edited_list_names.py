"""Names in one language, which a file has in columns of their own."""

import pytest

from partners.models import NameKind
from tests.support.factories import make_institution, make_name
from tests.support.list_file import export, load, rows_of, written

pytestmark = pytest.mark.django_db


def test_a_name_that_somebody_edited_since_stays_unless_it_is_replaced():
    kfu = make_institution(slug="kfu", name="KFU")
    edited = make_name(kfu, value="КФУ", language="ru")
    make_name(kfu, value="ҚФУ", language="kk", kind=NameKind.OFFICIAL)
    header, [row] = rows_of(export())
    mark = row[header.index("as_of")]
    edited.value = "Казанский университет"
    edited.save()

    def imported(mark, **options):
        content = written(["slug", "name:ru", "name:kk", "as_of"], [["kfu", "КазФУ", "Қазан ФУ", mark]])
        told = load(content, **options)
        return sum("left as it is" in line for line in told), set(kfu.names.values_list("value", flat=True))

    assert imported(mark) == (1, {"Казанский университет", "Қазан ФУ"})
    assert imported(mark, replace=True) == (0, {"КазФУ", "Қазан ФУ"})
    edited.save()
    of_a_former_release = mark.rpartition("n")[0]
    assert imported(of_a_former_release) == (0, {"КазФУ", "Қазан ФУ"})
