"""What models and their fields are called, in every language: for editors, and for visitors who read of changes."""

import io
import re

import pytest
from django.apps import apps
from django.conf import settings
from django.core.management import call_command
from django.utils.functional import Promise
from django.utils.translation import override

from partners.models import Country, Institution, Participation
from tests.support import factories
from tests.support.changes import edit, shown_changes
from tests.support.editor import address, listing
from tools import messages

MODELS = list(apps.get_app_config("partners").get_models())
OTHERS = [code for code, _name in settings.LANGUAGES if code != settings.LANGUAGE_CODE]


def names_of(model):
    """Return {what: its name} of a model and of its own fields; a key that Django adds by itself is left out."""
    names = {"model": model._meta.verbose_name, "models": model._meta.verbose_name_plural}
    own = [field for field in model._meta.get_fields() if not field.auto_created]
    return names | {field.name: field.verbose_name for field in own}


@pytest.fixture(scope="module")
def translations():
    """Return {language: what its catalogue says}."""
    return {language: {message.string for message in messages.read(language)} for language in ("ru", "kk")}


@pytest.mark.parametrize("model", MODELS, ids=lambda model: model._meta.model_name)
@pytest.mark.parametrize("language", ["ru", "kk"])
def test_model_and_each_of_its_fields_has_a_name_in_the_catalogue(model, language, translations):
    names = names_of(model)
    assert {what: name for what, name in names.items() if not isinstance(name, Promise)} == {}
    with override(language):  # a plural made of a singular and “s” is lazy, too
        texts = {what: str(name) for what, name in names.items()}
    assert {what: name for what, name in texts.items() if name not in translations[language]} == {}


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("language", "new", "changed"),
    [
        ("en", ["State: planned", "Since: "], ["Signed on: ", "Address: "]),
        ("ru", ["Состояние: планируется", "Начало: "], ["Дата подписания: ", "Адрес: "]),
        ("zh-hans", ["状态：计划中", "开始日期："], ["签署日期：", "地址："]),
    ],
)
def test_changes_name_the_fields_in_the_visitors_language(language, new, changed):
    institution = factories.make_institution(slug="old", standing="signed")
    factories.make_participation(institution, state="planned", since="2026-01-01")
    edit(institution, slug="new", signed_on="2026-02-01")
    with override(language):
        (_changed, _name, of_institution), (_added, _role, of_role), *_others = shown_changes()
    assert all(field.startswith(label) for field, label in zip(of_role, new, strict=True)), of_role
    assert all(field.startswith(label) for field, label in zip(sorted(of_institution), sorted(changed), strict=True))


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("model", "title", "columns"),
    [
        (Participation, "участие", ["Учреждение", "Лаборатория", "Роль", "Состояние", "Начало", "Окончание"]),
        (Country, "страна", ["Название", "Код", "Своё название", "Целевая страна"]),
    ],
)
def test_list_of_the_editors_speaks_the_language(admin_client, model, title, columns):
    factories.make_participation()
    with override("ru"):
        response = admin_client.get(listing(model))
    assert f"<h1>Выберите {title} для изменения</h1>" in response.text
    assert re.findall(r'<div class="text"><(?:a|span)[^>]*>([^<]+)</', response.text) == columns


@pytest.mark.django_db
def test_form_of_the_editors_speaks_the_language(admin_client):
    with override("ru"):
        page = admin_client.get(address(Institution)).text
    shown = [*re.findall(r"<label[^>]*>\s*([^<]+?):?\s*<", page), *re.findall(r"<h2[^>]*>\s*([^<]+?)\s*<", page)]
    assert {"Название", "Год основания", "Сведения", "Названия", "Контакты"} <= set(shown)
    assert [text for text in shown if not re.search("[а-я]", text)] == []


@pytest.mark.django_db(transaction=True)
def test_names_are_no_business_of_the_database():
    sql = io.StringIO()
    call_command("sqlmigrate", "partners", "0012_names", stdout=sql)
    assert {line for line in sql.getvalue().splitlines() if line and not line.startswith("--")} <= {"BEGIN;", "COMMIT;"}
