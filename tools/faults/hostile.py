"""Send requests that nobody means well: ``python -m tools.faults.hostile 20000 SEED``; no answer may be 5xx.

They go as bytes to gunicorn in production settings, over the demonstration directory in the environment's database.
"""

import json
import os
import random
import socket
import sys
import tempfile
import time
from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import django
from django.core.management import call_command

SEED = "partners/seeds/demo.toml"
CLIENTS = 4
SHOWN = 300  # bytes of a request that went wrong
PATHS = ["/institutions/%00/", "/institutions/%FF/labs/%ED%A0%80/", "/countries/" + "9" * 3000 + "/", "/roles/КЗ/"]
PATHS += ["/institutions.%00", "/admin/login/?next=//evil.example", "/%F0%9F%98%80/", "//evil.example/", "/ru/%2e%2e/"]
HEADERS = ["Host: evil.example", "Accept-Encoding: " + "br;q=," * 200, "Cookie: " + "a=b; " * 500]
HEADERS += ["If-None-Match: " + '"' * 999, "Accept-Language: \xff", "X-Forwarded-For: \x7f", "Range: bytes=9-1"]
METHODS = ["GET"] * 12 + ["HEAD", "POST", "PUT", "DELETE", "OPTIONS", "TRACE", "BREW", "get"]


def request(choose: random.Random) -> bytes:
    """Return one request: an odd path or odd parameters, mostly with a header of its own, sometimes no HTTP at all."""
    from tests.support.hostile import ADDRESSES, ODD, PARAMETERS

    if choose.random() < 0.02:
        return choose.randbytes(choose.randint(1, 400)) + b"\r\n\r\n"
    path = choose.choice(PATHS)
    if choose.random() < 0.8:
        values = [*ODD, "city-1", "KZ", str(10**30), "%".join("f" * 30), chr(choose.randint(33, 0xFFFF))]
        many = choose.choice([0, 1, 1, 2, 3, 5, 400])
        pairs = [f"{choose.choice(PARAMETERS)}={choose.choice(values)}" for _number in range(many)]
        path = f"{choose.choice(ADDRESSES)}?{'&'.join(pairs)}"
    headers = ["Host: 127.0.0.1", *choose.sample(HEADERS, choose.choice([0, 0, 1, 2])), "Connection: close"]
    lines = [f"{choose.choice(METHODS)} {path} HTTP/1.1", *choose.sample(headers, len(headers)), "", ""]
    return "\r\n".join(lines).encode("utf-8", "surrogatepass")


def status(port: int, content: bytes) -> tuple[int, float]:
    """Return the status of the answer, 0 where the connection was closed without one, and the seconds it took."""
    began = time.monotonic()
    with socket.create_connection(("127.0.0.1", port), timeout=60) as connection:
        try:
            connection.sendall(content)
            answer = b""
            while received := connection.recv(65536):
                answer = answer or received
        except ConnectionError:  # refused before it was read to its end
            pass
    is_http = answer.startswith(b"HTTP/1.")
    return int(answer[9:12]) if is_http else 0, time.monotonic() - began


def main(number: int, seed: int) -> dict:
    """Send the requests and return the figures."""
    from tests.faults.site import collect_static, serve

    call_command("migrate", verbosity=0)
    call_command("start_consortium", "--if-empty", SEED, verbosity=0, stdout=sys.stderr)
    choose = random.Random(seed)
    with tempfile.TemporaryDirectory(prefix="hostile-") as folder:
        static = Path(folder, "static")
        collect_static(static)
        with serve(os.environ["DATABASE_URL"], static, Path(folder, "log")) as site:
            site.get_until("/institutions/", 200, 60)
            requests = [request(choose) for _number in range(number)]
            with ThreadPoolExecutor(CLIENTS) as clients:
                answers = list(clients.map(lambda content: status(site.port, content), requests))
            for content, (code, _seconds) in zip(requests, answers, strict=True):
                if code >= 500:
                    print(code, content[:SHOWN], file=sys.stderr)
            log = site.log()
            if "Traceback" in log:
                print(log[log.index("Traceback") :][:5000], file=sys.stderr)
    classes = Counter(f"{code // 100}xx" if code else "closed" for code, _seconds in answers)
    slowest = round(max(seconds for _code, seconds in answers), 2)
    return {"requests": number, **dict(sorted(classes.items())), "slowest (s)": slowest, "wrong": classes["5xx"]}


if __name__ == "__main__":
    django.setup()
    json.dump(main(*map(int, sys.argv[1:])), sys.stdout)
