"""Files that editors bring in: in a private folder, each for its uploader alone, out of reach after a day."""

import json
import os
import re
import secrets
import shutil
import stat
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, BinaryIO

from ..host import lane_is_free, locked, private_folder, written_whole
from ..models import Operation

LARGEST = 50_000_000  # bytes of a list
LASTS = 24 * 60 * 60  # seconds
TOKEN = re.compile(r"[0-9a-f]{32}")  # with no dash in front, which a command takes for an option
LANE = "imports"  # of the processes that work on large ones
AT_WORK = {"compare": "comparing", "write": "writing"}  # the step of what is wanted
ROWS, FILE, STATE, CORRECTED = "rows.jsonl", "file", "state.json", "corrections.json"
OPERATIONS = {"list": Operation.Kind.IMPORT, "release": Operation.Kind.REGISTRY}  # by which each kind is written


class TooLargeError(ValueError):
    """An upload has more bytes than a file of its kind may have."""


@dataclass
class Upload:
    """One file that somebody brought, what is known of it, and how far the work is."""

    token: str
    user: int  # the uploader's key
    name: str  # of the file
    kind: str  # "list", or "release" of the registry
    step: str = "waiting"  # waiting, comparing, compared, writing, written, failed
    wanted: str = "compare"  # or "write"
    read: int = 0  # rows so far
    summary: dict[str, Any] = field(default_factory=dict)
    options: dict[str, Any] = field(default_factory=dict)
    problem: str = ""  # what went wrong, a code or words
    since: float = field(default_factory=time.time)
    begun: float = 0  # when the work on it was last claimed

    @property
    def folder(self) -> Path:
        return private_folder("uploads") / self.token

    @property
    def file(self) -> Path:
        return self.folder / FILE

    @property
    def corrections(self) -> dict[int, dict[str, str]]:
        """Return {line: its cells by column} of all lines that came back corrected."""
        path = self.folder / CORRECTED
        lines = json.loads(path.read_bytes()) if path.exists() else {}
        return {int(line): cells for line, cells in lines.items()}

    @property
    def is_at_work(self) -> bool:
        return self.step in ("waiting", "comparing", "writing")

    def save(self, **changes: Any) -> None:
        """Store what is known."""
        for name, value in changes.items():
            setattr(self, name, value)
        with written_whole(self.folder / STATE) as file:
            file.write(json.dumps(self.__dict__).encode())

    @contextmanager
    def claimed(self, step: str, **changes: Any) -> Iterator[bool]:
        """Yield whether the work is ours until the end: it still stands at a step, and nobody else has it.

        Of two who press a button at once, one gets it; that it is at work is stored before anything is done.
        """
        with self._locked() as is_ours:
            is_ours = is_ours and self._step_now() == step
            if is_ours:
                self.save(step=AT_WORK[changes.get("wanted", self.wanted)], begun=time.time(), **changes)
            yield is_ours

    def notice_stop(self) -> None:
        """Say how the work ended where nobody does it any more: its process was stopped, and could not say so.

        Who works on it holds the lock of its folder or its lane. What was written has an Operation.
        """
        if self.step not in AT_WORK.values():
            return
        with self._locked() as is_ours:
            if not is_ours or not lane_is_free(LANE) or self._step_now() != self.step:
                return
            if self.step == "comparing":
                self.save(step="failed")
            elif self._is_written():
                self.save(step="written")
            else:
                self.save(step="compared", wanted="compare", problem="stopped")

    @contextmanager
    def _locked(self):
        folder = os.open(self.folder, os.O_RDONLY)
        try:
            with locked(folder) as is_ours:
                yield is_ours
        finally:
            os.close(folder)

    def _step_now(self):
        now = find(self.token)
        return now and now.step

    def _is_written(self):
        begun = datetime.fromtimestamp(self.begun, UTC)
        written = Operation.objects.filter(kind=OPERATIONS[self.kind], user=self.user, label=self.name)
        return written.filter(moment__gte=begun).exists()

    def correct(self, lines: dict[int, dict[str, str]]) -> None:
        """Store corrected lines beside those of former rounds; the last word on a cell counts."""
        known = self.corrections
        known |= {line: known.get(line, {}) | cells for line, cells in lines.items()}
        with written_whole(self.folder / CORRECTED) as file:
            file.write(json.dumps(known).encode())

    def put(self, file: BinaryIO, most: int = LARGEST) -> None:
        """Store the file; what is larger leaves nothing behind.

        :raises TooLargeError: then.
        """
        size = 0
        with written_whole(self.file) as copy:
            while block := file.read(1_000_000):
                size += len(block)
                if size > most:
                    raise TooLargeError(most)
                copy.write(block)

    def write_rows(self, rows: Iterator[dict]) -> None:
        """Store the rows of the preview, one a line."""
        with written_whole(self.folder / ROWS) as file:
            for row in rows:
                file.write(json.dumps(row, ensure_ascii=False).encode() + b"\n")

    def rows(self, states: set[str] | None, start: int, most: int) -> tuple[list[dict], int]:
        """Return some rows of the preview whose states are among those wanted, and how many there are."""
        path, found, count = self.folder / ROWS, [], 0
        if not path.exists():
            return [], 0
        with path.open("rb") as file:
            for line in file:
                row = json.loads(line)
                if states is None or states & set(row["states"]):
                    if start <= count < start + most:
                        found.append(row)
                    count += 1
        return found, count


def begin(user: int, name: str, kind: str, **options: Any) -> Upload:
    """Make room for a new file; those of yesterday go."""
    sweep()
    upload = Upload(secrets.token_hex(16), user, name[-100:], kind, options=options)
    upload.folder.mkdir(mode=stat.S_IRWXU)
    upload.save()
    return upload


def find(token: str, user: int | None = None) -> Upload | None:
    """Return the upload of a token, where it is the user's; nothing for another one, or none."""
    if not TOKEN.fullmatch(token):
        return None
    try:
        upload = Upload(**json.loads((private_folder("uploads") / token / STATE).read_bytes()))
    except FileNotFoundError:
        return None
    is_over = time.time() - upload.since > LASTS
    return None if is_over or (user is not None and upload.user != user) else upload


def sweep() -> None:
    """Delete what is older than a day."""
    for folder in private_folder("uploads").iterdir():
        if time.time() - folder.lstat().st_mtime > LASTS:
            shutil.rmtree(folder, ignore_errors=True)
