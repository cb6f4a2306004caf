"""What must stay true of the project as a whole: who imports whom, migrations, templates, shipped files."""

import ast
import hashlib
import re
from pathlib import Path

import pytest
from django.contrib.staticfiles import finders
from django.core.management import call_command

ROOT = Path(__file__).parent.parent
TEMPLATES = sorted(path.relative_to(ROOT).as_posix() for path in (ROOT / "templates").rglob("*.*"))

INLINE = re.compile(
    r"\sstyle=|\son[a-z]+=|<style|<script(?![^>]*\ssrc=)|\|\s*safe\b|autoescape (?:off|false)|javascript:"
)
# Jinja2's block tags take the line break after them along, unless they end with a plus.
TOUCHING = re.compile(
    r"</(?:a|small|span|strong|time)>{% end(?:for|if|with) %}\n *{% (?:for|if|with) [^%]*%}(?:<[a-z]|{{).*"
)

# Room -> the rooms of partners/ that it may import; its own room is always open to it.
MAY_IMPORT = {
    # What knows nothing of ours.
    "addresses": set(),
    "models": set(),
    "packed": set(),
    "postings": set(),
    "search": {"packed"},
    "facets": set(),
    "exports": set(),
    "calendars": set(),
    # How a list is answered.
    "index": {"packed", "postings", "search"},
    "reader": {"facets", "index", "models", "search"},
    "list_rows": {"addresses", "models", "reader"},
    "answers": set(),
    "search_filter": {"models", "reader", "search"},
    "reasons": {"models", "search"},
    "list_filter": {"addresses", "answers", "facets", "models", "reader", "search", "search_filter"},
    "filters": {"facets", "list_filter", "models"},
    "columns": {"exports"},
    # The boards: each asks a list's question.
    "coverage": {"answers", "facets", "models"},
    "board_filter": {"coverage", "facets", "filters", "list_filter", "models"},
    "pipeline": {"calendars", "coverage", "facets", "models"},
    "compare": {"coverage", "facets", "filters", "models"},
    "map": {"facets", "models"},
    "map_filter": {"addresses", "filters", "list_filter", "map"},
    "changes": {"board_filter", "coverage", "list_filter", "models"},
    # What people and programs meet.
    "views": {"addresses", "answers", "board_filter", "calendars", "changes", "columns", "compare", "coverage"}
    | {"exports", "facets", "filters", "list_rows", "map", "map_filter", "models", "pipeline", "reader", "reasons"},
    "urls": {"views"},
    "admin": {"facets", "models"},
    "imports": {"columns", "exports", "models", "search"},
    "management": {"imports", "models"},
    "migrations": {"models"},
    "checks": {"models"},
    "apps": {"checks", "models"},
    "__init__": set(),
}

# The files of others that our pages load, as they were when somebody looked at them.
SHIPPED = {
    "js-lib-bootstrap5/css/bootstrap.min.css": "3c8f27e6009ccfd710a905e6dcf12d0ee3c6f2ac7da05b0572d3e0d12e736fc8",
    "django_htmx/htmx-2.min.js": "71ea67185bfa8c98c39d31717c6fce5d852370fcdfd129db4543774d3145c0de",
}


def imported_rooms(path):
    """Yield the rooms of partners/ that a module imports: ``partners.models.lab`` and ``.lab`` are in ``models``."""
    package = path.relative_to(ROOT).parent.parts
    for node in ast.walk(ast.parse(path.read_text())):
        if isinstance(node, ast.ImportFrom):
            base = [*package[: len(package) - node.level + 1]] if node.level else []
            base += node.module.split(".") if node.module else []
            names = [base] if len(base) > 1 else [[*base, alias.name] for alias in node.names]
        elif isinstance(node, ast.Import):
            names = [alias.name.split(".") for alias in node.names]
        else:
            continue
        yield from (name[1] for name in names if name[0] == "partners" and len(name) > 1)


def test_modules_import_only_the_rooms_that_the_architecture_allows():
    strays = {}
    for path in sorted((ROOT / "partners").rglob("*.py")):
        name = path.relative_to(ROOT / "partners").as_posix()
        room = name.partition("/")[0].removesuffix(".py")
        if stray := set(imported_rooms(path)) - MAY_IMPORT.get(room, set()) - {room}:
            strays[name] = stray
    assert strays == {}


@pytest.mark.django_db
def test_models_have_no_pending_migration():
    call_command("makemigrations", check=True, dry_run=True, verbosity=0)


@pytest.mark.parametrize("template", TEMPLATES)
def test_template_has_no_inline_style_or_script_and_escapes_everything(template):
    text = (ROOT / template).read_text()
    assert INLINE.findall(text) == []


@pytest.mark.parametrize("template", TEMPLATES)
def test_template_keeps_what_stands_in_a_row_apart(template):
    assert TOUCHING.findall((ROOT / template).read_text()) == []


@pytest.mark.parametrize("name", SHIPPED)
def test_file_of_another_project_is_the_one_that_was_looked_at(name):
    assert hashlib.sha256(Path(finders.find(name)).read_bytes()).hexdigest() == SHIPPED[name]


def test_templates_load_our_own_files_and_those_that_were_looked_at():
    text = "".join((ROOT / template).read_text() for template in TEMPLATES)
    names = set(re.findall(r"\bstatic[( ]['\"](.+?)['\"]", text))
    assert {name for name in names if not (ROOT / "static" / name).is_file()} - SHIPPED.keys() == set()
