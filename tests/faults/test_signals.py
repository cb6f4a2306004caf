"""TERM and HUP under load: who asks gets a whole answer."""

import signal
import threading

import pytest

from tests.faults.site import serve
from tests.support.factories import make_consortium, make_institution

pytestmark = pytest.mark.django_db(transaction=True)

CLIENTS = 4
ADDRESSES = ["/institutions/", "/institutions.csv", "/labs/?q=a", "/institutions.xlsx"]


@pytest.mark.parametrize("name", ["SIGHUP", "SIGTERM"])
def test_signal_loses_no_request_and_shortens_no_file(name, database_url, static, tmp_path):
    make_consortium()
    for _count in range(30):
        make_institution(is_published=True)
    answers, faults, enough = [], [], threading.Event()

    def ask(site, address):
        while not enough.is_set():
            try:
                answers.append((address, site.get(address)))
            except Exception as error:
                faults.append(error)
                return

    with serve(database_url, static, tmp_path / "log") as site:
        assert site.get_until("/institutions/", 200, 60).status == 200
        clients = [threading.Thread(target=ask, args=[site, address]) for address in ADDRESSES]
        for client in clients:
            client.start()
        while len(answers) < CLIENTS * 5 and not faults:
            enough.wait(0.05)
        site.server.send_signal(getattr(signal, name))
        if name == "SIGTERM":
            site.server.wait()
            site.start()  # a successor at the same socket, as after a release
        before = len(answers)
        while len(answers) < before + CLIENTS * 10 and not faults:
            enough.wait(0.05)
        enough.set()
        for client in clients:
            client.join()
    assert faults == []
    assert {answer.status for _address, answer in answers} == {200}
    for address, answer in answers:
        if "." in address:
            assert len(answer.body) == int(answer.headers["Content-Length"])
