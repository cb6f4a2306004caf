"""What the code says that documents and tests name as well."""

import re
from pathlib import Path

ROOT = Path(__file__).parents[2]
READ_SETTING = re.compile(r'\benv\.\w+\(\s*"([A-Z][A-Z0-9_]+)"')


def settings_that_are_read():
    """Return the names of the variables that the code reads as settings."""
    return {name for path in (ROOT / "consortium").glob("*.py") for name in READ_SETTING.findall(path.read_text())}
