"""Editors who write and visitors who read, all through nginx; they write down what they sent and what came back."""

import http.client
import re
import threading
import time
from dataclasses import dataclass, field
from http.cookies import SimpleCookie
from typing import NamedTuple
from urllib.parse import urlencode

from tools.cluster.forms import Form

PASSWORD = "only-for-the-cluster-42"
EDITION = re.compile(r"Writer (\d+) of (\d+) edition (\d+)")
ADDRESSES = [
    "/",
    "/institutions/",
    "/institutions/?q=writer",
    "/institutions/?country=KZ&sort=name",
    "/institutions/{slug}/",
    "/institutions.json?q=writer",
    "/institutions.csv",
    "/coverage/",
    "/ru/institutions/?q=writer",
]
PAUSE = 0.05  # seconds between two requests of a visitor; a person takes longer


class Answer(NamedTuple):
    """What a visitor got: when (by the monotonic clock), for which address, and the editions that it showed."""

    at: float
    address: str
    status: int
    tag: str
    editions: frozenset


@dataclass
class Record:
    """What happened: all answers, and of each edition that an editor sent whether it was acknowledged."""

    begins: int  # the number of the log before the first edit
    answers: list = field(default_factory=list)
    writes: list = field(default_factory=list)  # (at, slug, name, status or 0)
    read_back: list = field(default_factory=list)  # (at, status, whether the page showed what was just saved)
    broken: list = field(default_factory=list)  # (at, who, error) without an answer


class Client(threading.Thread):
    """Somebody who goes on until `enough` is set."""

    def __init__(self, front, record, enough):
        super().__init__(daemon=True)
        self.front, self.record, self.enough = front, record, enough

    def run(self):
        while not self.enough.is_set():
            try:
                self.turn()
            except Exception as error:  # a connection that broke, most of all; the table counts them all
                self.record.broken.append((time.monotonic(), type(self).__name__, repr(error)))
                time.sleep(0.2)


class Visitor(Client):
    def __init__(self, *args, number, slugs):
        super().__init__(*args)
        self.count, self.slugs = number, slugs

    def turn(self):
        self.count += 1
        address = ADDRESSES[self.count % len(ADDRESSES)].format(slug=self.slugs[self.count % len(self.slugs)])
        status, headers, body = self.front.get(address)
        editions = frozenset(EDITION.findall(body.decode()))
        self.record.answers.append(Answer(time.monotonic(), address, status, headers.get("ETag", ""), editions))
        time.sleep(PAUSE)


class Editor(Client):
    """Renames one institution after the other: “Writer 1 of 3 edition 7” is the seventh name of the third."""

    def __init__(self, *args, number, rows):
        super().__init__(*args)
        self.number, self.rows = number, rows  # (key, slug) of those that only this editor touches
        self.edition = 0
        self.cookies = {}

    def turn(self):
        if not any("sessionid" in name for name in self.cookies) and not self._sign_in():
            time.sleep(1)
            return
        self.edition += 1
        place = self.edition % len(self.rows)
        key, slug = self.rows[place]
        name = f"Writer {self.number} of {place} edition {self.edition}"
        address = f"/admin/partners/institution/{key}/change/"
        status, _headers, page = self._ask("GET", address)
        if status != 200:
            self.record.answers.append(Answer(time.monotonic(), address, status, "", frozenset()))
            time.sleep(0.2)
            return
        sent = Form(page, "institution_form").filled(name=name)
        at = time.monotonic()
        try:
            status, _headers, page = self._ask("POST", address, sent)
        except (OSError, http.client.HTTPException):
            status = 0
        self.record.writes.append((at, slug, name, status))
        if status == 302:
            status, _headers, page = self._ask("GET", f"/institutions/{slug}/")
            self.record.read_back.append((time.monotonic(), status, name in page))
        elif status == 200:
            raise RuntimeError(re.findall(r'class="errorlist[^>]*>.*?</ul>', page, re.DOTALL)[:3])

    def _sign_in(self):
        _status, _headers, page = self._ask("GET", "/admin/login/")
        form = Form(page, "login-form")
        sent = form.filled(username=f"editor{self.number}", password=PASSWORD)
        status, *_rest = self._ask("POST", "/admin/login/?next=/admin/", sent)
        return status == 302

    def _ask(self, method, address, fields=None):
        headers = {
            "Cookie": "; ".join(f"{name}={value}" for name, value in self.cookies.items()),
            "Referer": f"https://localhost:{self.front.tls}{address}",
        }
        if fields is not None:
            headers["Content-Type"] = "application/x-www-form-urlencoded"
        status, headers, body = self.front.ask(method, address, urlencode(fields) if fields else None, headers)
        for cookie in headers.get_all("Set-Cookie", []):
            self.cookies |= {name: morsel.coded_value for name, morsel in SimpleCookie(cookie).items()}
        return status, headers, body.decode()
