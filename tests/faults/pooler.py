"""PgBouncer in transaction mode before the server of the tests: two connections for whoever comes."""

import os
import pwd
import shutil
import socket
import subprocess
import tempfile
from contextlib import contextmanager, suppress
from pathlib import Path

from django.db import connection

from tests.support.servers import SYSTEM_USER

SETTINGS = """
[databases]
* = host={host} port={server_port} user={user}
[pgbouncer]
listen_addr = 127.0.0.1
listen_port = {port}
unix_socket_dir =
auth_type = any
pool_mode = transaction
default_pool_size = 2
max_client_conn = 200
"""


def program():
    """Return where PgBouncer is, or nothing; Debian puts it where only root looks."""
    return shutil.which("pgbouncer", path=f"{os.environ['PATH']}:/usr/sbin")


@contextmanager
def pooled():
    """Yield the port of 127.0.0.1 at which PgBouncer listens until the end of the block."""
    params = connection.get_connection_params()
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    with tempfile.TemporaryDirectory(prefix="pooler-") as folder:
        settings = Path(folder, "pgbouncer.ini")
        text = SETTINGS.format(
            host=params["host"], server_port=params.get("port") or 5432, user=params["user"], port=port
        )
        settings.write_text(text)
        user = {}
        if os.geteuid() == 0:  # which PgBouncer refuses to run as
            account = pwd.getpwnam(SYSTEM_USER)
            os.chown(folder, account.pw_uid, account.pw_gid)
            user = {"user": account.pw_uid, "group": account.pw_gid}
        server = subprocess.Popen([program(), "-q", settings], stderr=subprocess.DEVNULL, **user)
        try:
            while server.poll() is None:
                with suppress(OSError), socket.create_connection(("127.0.0.1", port)):
                    break
            yield port
        finally:
            server.kill()
            server.wait()
