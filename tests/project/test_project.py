"""What must stay true of the project as a whole: who imports whom, migrations, templates, shipped files."""

import ast
import hashlib
import re
from pathlib import Path

import pytest
from django.contrib.staticfiles import finders
from django.core.management import call_command

ROOT = Path(__file__).parents[2]
TEMPLATES = sorted(path.relative_to(ROOT).as_posix() for path in (ROOT / "templates").rglob("*.*"))

DATA = re.compile(r'<script type="application/ld\+json">{{ linked_data }}</script>')  # is not run by any browser
INLINE = re.compile(
    r"\sstyle=|\son[a-z]+=|<style|<script(?![^>]*\ssrc=)|\|\s*safe\b|autoescape (?:off|false)|javascript:"
)
# Jinja2's block tags take the line break after them along, unless they end with a plus.
TOUCHING = re.compile(
    r"</(?:a|small|span|strong|time)>{% end(?:for|if|with) %}\n *{% (?:for|if|with) [^%]*%}(?:<[a-z]|{{).*"
)

# Room -> the rooms of partners/ that it may import, beside its own, `models` and `addresses`; those two no other.
ROOMS = re.compile(r"^\| `(\w+)(?:/|\.py)` \|.*\|([^|]*)\|$", re.MULTILINE)
MAY_IMPORT = {
    room: set(re.findall(r"`(\w+)`", others))
    for room, others in ROOMS.findall((ROOT / "docs" / "architecture.md").read_text())
}

# The files of others that our pages load, as they were when somebody looked at them.
SHIPPED = {
    "js-lib-bootstrap5/css/bootstrap-reboot.min.css": "97cbede68a33bfde7c78c77d4c5b0f016825f4924af5829f6d54acf2672143ce",  # noqa: E501
    "admin/css/forms.css": "bccb52c9fc42dac8730b7208062f11a0fe97c4dbb0bc5047bb0d6f24cca8ef1a",
    "admin/css/changelists.css": "a9a35fc49948fcd6ab2a6d088f24e49ad468357bcea151df321a0ebd58db1383",
    "mfa/js/webauthn-json.js": "d7088f0d91b85ad37c2d8c1f34710f0f495fa17732e686cea6abdd5599ddf56d",
    "fonts/LICENSE.txt": "a2a09da98a3d0d1ec79fc2d6deeac748b20a8153e26699552e7b59b5a40b63a3",
    "fonts/onest-latin.woff2": "ce70d4444c005f66c94fa26566988373ccaf1d937becd55e594fba8238218816",
    "fonts/onest-latin-ext.woff2": "0fe9590fc6feff1631d1f99503c9d9f1ec4d69176fec17c11325b7cbb2a5c46c",
    "fonts/onest-cyrillic.woff2": "339dd4c3b3f6d7f056af89f5a3a41d2623d20e8f2f8f81944d089489a3de5384",
    "fonts/onest-cyrillic-ext.woff2": "0f0fa502728b8e397ee71c084c9525e26cb932889c356c2c118a39cad2a7b7c4",
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


def test_module_imports_only_the_rooms_that_the_architecture_allows():
    strays = {}
    for path in sorted((ROOT / "partners").rglob("*.py")):
        name = path.relative_to(ROOT / "partners").as_posix()
        room = name.partition("/")[0].removesuffix(".py")
        ground = set() if room in ("models", "addresses") else {"models", "addresses"}
        allowed = {room, *ground, *MAY_IMPORT.get(room, ())}
        if stray := set(imported_rooms(path)) - allowed:
            strays[name] = stray
    assert strays == {}


def test_the_architecture_names_every_room():
    names = {path.name.removesuffix(".py") for path in (ROOT / "partners").iterdir()}
    assert names - {"__init__", "__pycache__"} == MAY_IMPORT.keys()


@pytest.mark.django_db
def test_models_have_no_pending_migration():
    call_command("makemigrations", check=True, dry_run=True, verbosity=0)


@pytest.mark.parametrize("template", TEMPLATES)
def test_template_has_no_inline_style_or_script_and_escapes_everything(template):
    text = (ROOT / template).read_text()
    assert INLINE.findall(DATA.sub("", text)) == []


@pytest.mark.parametrize("template", TEMPLATES)
def test_template_keeps_what_stands_in_a_row_apart(template):
    assert TOUCHING.findall((ROOT / template).read_text()) == []


@pytest.mark.parametrize("name", SHIPPED)
def test_file_of_another_project_is_the_one_that_was_looked_at(name):
    assert hashlib.sha256(Path(finders.find(name)).read_bytes()).hexdigest() == SHIPPED[name]


def test_fonts_of_all_languages_are_no_more_than_60_kb():
    assert sum(path.stat().st_size for path in (ROOT / "static" / "fonts").glob("*.woff2")) <= 60_000


def test_templates_load_our_own_files_and_those_that_were_looked_at():
    text = "".join((ROOT / template).read_text() for template in TEMPLATES)
    names = set(re.findall(r"\bstatic[( ]['\"](.+?)['\"]", text))
    assert {name for name in names if not (ROOT / "static" / name).is_file()} - SHIPPED.keys() == set()


def test_file_is_short_enough_to_be_read_at_once():
    rooms = ["consortium", "partners", "tests", "tools"]
    paths = [path for room in rooms for path in (ROOT / room).rglob("*.py") if "migrations" not in path.parts]
    paths += (ROOT / "static").rglob("*.css")
    assert {str(path.relative_to(ROOT)) for path in paths if len(path.read_text().splitlines()) > 300} == set()
