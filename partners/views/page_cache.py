"""Finished answers, for as long as nothing changes that they show: in the memory of this process, and in files.

After an edit a page is made once, and not once in each worker: who made it writes it where the others look.
"""

import hashlib
import json
import mmap
import threading
import time
from collections import OrderedDict
from datetime import date
from functools import partial
from typing import NamedTuple

from django.http import HttpResponse

from ..host.answers import read_answer, write_answer
from ..host.background import do_later
from ..middleware.compression import ENCODINGS, IDENTITY, encoding_for

OVERHEAD = 2_000  # bytes that an answer takes beside its body and its address
MB = 1_000_000
OUTLIVES = 300  # seconds that an answer may be sent after the database was last heard of
LARGEST = 8  # an answer that takes more than this part of the whole would push out too many others


class Moment(NamedTuple):
    """When an answer was made: where the data stood, and on which day."""

    epoch: int
    number: int
    day: date

    def is_before(self, other: "Moment") -> bool:
        """Say whether the data of this moment is known to be older; epochs have no order, and clocks are set back."""
        return self.epoch == other.epoch and self.number < other.number

    def __str__(self):
        return f"{self.epoch}-{self.number}-{self.day}"


class Answer:
    """An answer as it goes out to everybody: its headers, and its body in each encoding that somebody asked for.

    A body lies apart, in pages of memory of its own.
    """

    def __init__(self, headers: dict[str, str], body: bytes, encoding: str = IDENTITY):
        self.headers = headers
        self.bodies = {encoding: _apart(body)}

    @classmethod
    def of(cls, response: HttpResponse) -> "Answer":
        """Return a response as everybody may get it."""
        return cls(dict(response.headers), response.content)

    @classmethod
    def packed(cls, content: bytes) -> "Answer":
        """Return an answer from what `pack()` made of it."""
        head, body = content.split(b"\n", 1)
        encoding, headers = json.loads(head)
        return cls(headers, body, encoding)

    def pack(self) -> bytes:
        """Return it as one text: a line with its encoding and headers, and its body."""
        encoding, body = next(iter(self.bodies.items()))
        return json.dumps([encoding, self.headers]).encode() + b"\n" + body[:]

    def response(self, accepted: str) -> HttpResponse:
        """Return a response in the encoding that an Accept-Encoding header likes best; compressed once for all."""
        encoding = encoding_for(accepted, self.headers["Content-Type"])
        if (body := self.bodies.get(encoding)) is None:
            body = self.bodies[encoding] = _apart(ENCODINGS[encoding].compress(self.plain()))
            if encoding != IDENTITY:
                self.bodies.pop(IDENTITY, None)  # compressed takes a sixth of the room, and is unpacked in no time
        response = HttpResponse(body[:], headers=self.headers)
        if encoding != IDENTITY:
            response.headers["Content-Encoding"] = encoding
        return response

    def plain(self) -> bytes:
        """Return the body as it was made."""
        encoding, body = next(iter(self.bodies.items()))
        return ENCODINGS[encoding].decompress(body[:])

    @property
    def bytes(self) -> int:
        """Return the memory that it takes, roughly."""
        return OVERHEAD + sum(-len(body) // mmap.PAGESIZE * -mmap.PAGESIZE for body in list(self.bodies.values()))


class PageCache:
    """The answers of one moment by address, at most so many bytes; who was asked for least recently goes first.

    As many bytes of them at most are written into files, once for each address; nobody waits for that, nor until what
    is outdated has gone.
    """

    def __init__(self, most: int):
        self.most = most  # bytes
        self.bytes = 0
        self.written = 0  # bytes, of this moment
        self.hits = 0  # answers that were not made anew
        self._moment = None
        self._true_at = 0  # by time.monotonic(): when the database last said that it is at this moment
        self._answers = OrderedDict()  # address -> (Answer, its bytes)
        self._lock = threading.Lock()

    def __contains__(self, address: tuple) -> bool:
        """Say whether there is an answer, perhaps of another moment."""
        return address in self._answers

    def __len__(self) -> int:
        return len(self._answers)

    def get(self, address: tuple, moment: Moment) -> Answer | None:
        """Return the answer of a moment, or nothing; those of an older one are deleted."""
        with self._lock:
            if not self._is_at(moment):
                return None
            self._true_at = time.monotonic()
            if address in self._answers:
                self._answers.move_to_end(address)
                self.hits += 1
                return self._answers[address][0]
        if (content := read_answer(str(moment), _name_of(address))) is None:
            return None
        answer = Answer.packed(content)
        with self._lock:
            self._hold(address, moment, answer)
            self.hits += 1
        return answer

    def last(self, address: tuple) -> tuple[Answer, int] | None:
        """Return an answer that was true when the database was last heard of, and how many seconds ago that was.

        Nothing where there is none, or it is too long ago.
        """
        with self._lock:
            age = int(time.monotonic() - self._true_at)
            return (self._answers[address][0], age) if address in self._answers and age <= OUTLIVES else None

    def put(self, address: tuple, moment: Moment, answer: Answer) -> None:
        """Hold an answer, or weigh it anew, unless one of a newer moment is here or it is too large."""
        with self._lock:
            if not self._hold(address, moment, answer) or self.written > self.most:
                return
            self.written += answer.bytes
        do_later(partial(self._write, moment, _name_of(address), answer.pack()))

    def _hold(self, address, moment, answer):
        """Do what `put()` says; say whether the address is held, and was not before."""
        size = answer.bytes + len(repr(address))
        if not self._is_at(moment) or size > self.most / LARGEST:
            return False
        before, freed = self._answers.pop(address, (None, 0))
        self._answers[address] = (answer, size)
        self.bytes += size - freed
        while self.bytes > self.most:
            _address, (_answer, freed) = self._answers.popitem(last=False)
            self.bytes -= freed
        return before is None

    def _write(self, moment, name, content):
        """Write for other workers what is of the latest moment still; nothing that an edit withdrew meanwhile."""
        if moment == self._moment:
            write_answer(str(moment), name, content)

    def _is_at(self, moment):
        """Say whether the answers here are of a moment, after deleting older ones."""
        if moment == self._moment:
            return True
        if self._moment is not None and moment.is_before(self._moment):
            return False
        self._clear()
        self._moment, self._true_at = moment, time.monotonic()
        return True

    def _clear(self):
        outdated, self._answers = self._answers, OrderedDict()
        self.bytes = self.written = 0
        do_later(outdated.clear)  # thousands of bodies go back to the system


def _name_of(address):
    return hashlib.sha256(repr(address).encode()).hexdigest()


def _apart(body):
    """Return bytes that lie in pages of their own, which the system has back when they go.

    Among the objects of requests they would leave gaps there, another half of what they take.
    """
    try:
        pages = mmap.mmap(-1, len(body), flags=mmap.MAP_PRIVATE)
    except (OSError, ValueError):  # as many as the system allows are there; or it is empty
        return body
    pages.write(body)
    return pages
