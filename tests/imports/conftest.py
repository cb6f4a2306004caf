"""What the tests of files write."""

import pytest


@pytest.fixture
def write(tmp_path):
    """Return a function that writes a text into a file and returns its path."""

    def write(text):
        file = tmp_path / "file.toml"
        file.write_text(text, encoding="utf-8")
        return file

    return write
