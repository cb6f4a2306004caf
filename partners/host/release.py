"""Which code writes the pages: equal on every host that runs the same, another after each change."""

import hashlib
import sys
from functools import cache
from pathlib import Path

from django.conf import settings

ROOT = Path(__file__).resolve().parents[2]
# The code, the texts in each language, the templates, and the versions of everybody else's code.
MADE_OF = (
    "partners/**/*.py",
    "partners/models/*.toml",
    "consortium/**/*.py",
    "consortium/locale/**/*.mo",
    "templates/**/*.*",
    "requirements.txt",
)
FILES = "staticfiles.json"  # the names that static files have in the pages


@cache
def release() -> str:
    """Return a hash of all that a page is made of beside the data; reads two megabytes once a process."""
    paths = sorted(path for pattern in MADE_OF for path in ROOT.glob(pattern) if path.is_file())
    digest = hashlib.sha256(repr((sys.version_info[:3], settings.TIME_ZONE)).encode())
    for path in [*paths, *Path(settings.STATIC_ROOT).glob(FILES)]:
        content = path.read_bytes()
        name = path.relative_to(ROOT) if path in paths else path.name
        digest.update(f"{name} {len(content)}\n".encode())
        digest.update(content)
    return digest.hexdigest()[:16]
