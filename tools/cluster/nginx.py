"""nginx by the shipped configuration, in a folder of its own, on free ports, with a certificate of its own."""

import http.client
import os
import shutil
import socket
import ssl
import subprocess
import time
from contextlib import contextmanager
from pathlib import Path

ROOT = Path(__file__).parents[2]
SHIPPED = ROOT / "deploy" / "nginx" / "directory.conf"
NAME = "directory.example"
NGINX = shutil.which("nginx") or shutil.which("nginx", path="/usr/sbin")

AROUND = """{user}
daemon off;
pid {folder}/nginx.pid;
error_log stderr warn;
events {{ worker_connections 512; }}
http {{
    include /etc/nginx/mime.types;
    client_body_temp_path {folder}/body;
    proxy_temp_path {folder}/proxy;
    fastcgi_temp_path {folder}/fastcgi;
    uwsgi_temp_path {folder}/uwsgi;
    scgi_temp_path {folder}/scgi;
    include {folder}/directory.conf;
}}
"""


def free_ports(count):
    """Return ports that nobody listens at just now."""
    sockets = [socket.create_server(("127.0.0.1", 0)) for _turn in range(count)]
    ports = [one.getsockname()[1] for one in sockets]
    for one in sockets:
        one.close()
    return ports


def written(folder, plain, tls, readers, writer, rate):
    """Write the configuration for a folder, and return its path; files, ports and the limit are not as shipped.

    :param readers: the ports of all application servers; `writer` is the one whose database can be written to.
    """
    text = SHIPPED.read_text()
    servers = "".join(f"\n    server 127.0.0.1:{port} max_fails=0;" for port in readers)
    for shipped, here in {
        "upstream directory {\n    server 127.0.0.1:8000 max_fails=0;": f"upstream directory {{{servers}",
        "    server 127.0.0.1:8000 max_fails=0;": f"    server 127.0.0.1:{writer} max_fails=0;",
        "rate=30r/s": f"rate={rate}",
        "rate=2r/s": f"rate={rate}",
        "listen 80;": f"listen 127.0.0.1:{plain};",
        "listen 443 ssl http2;": f"listen 127.0.0.1:{tls} ssl http2;",
        "    listen [::]:80;\n": "",
        "    listen [::]:443 ssl http2;\n": "",
        "/etc/letsencrypt/live/directory.example": str(folder),
        "/var/cache/nginx/directory": f"{folder}/copies",  # nginx deletes what it does not know there
        "/var/log/nginx/directory.log": f"{folder}/access.log",
        "/opt/directory/deploy": str(ROOT / "deploy"),
        "$host$request_uri": f"$host:{tls}$request_uri",
        "proxy_set_header Host $host;": "proxy_set_header Host $http_host;",
    }.items():
        assert shipped in text, shipped
        text = text.replace(shipped, here)
    (folder / "directory.conf").write_text(text)
    user = "" if os.geteuid() else "user root;"  # folders of tests are their owner's alone
    (folder / "nginx.conf").write_text(AROUND.format(folder=folder, user=user))
    return folder / "nginx.conf"


def certified(folder):
    """Make a certificate that nobody else trusts."""
    command = ["openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes"]
    command += ["-keyout", folder / "privkey.pem", "-out", folder / "fullchain.pem", "-days", "2"]
    command += ["-subj", f"/CN={NAME}", "-addext", f"subjectAltName=DNS:{NAME},DNS:localhost,IP:127.0.0.1"]
    subprocess.run(command, check=True, capture_output=True)


def configuration_test(conf):
    """Return what `nginx -t` says of a configuration: (exit code, words)."""
    done = subprocess.run([NGINX, "-t", "-c", conf], capture_output=True, text=True, check=False)
    return done.returncode, done.stderr


class Front:
    """A running nginx: `plain` and `tls` are its ports."""

    def __init__(self, folder, plain, tls):
        self.folder, self.plain, self.tls = folder, plain, tls
        self.context = ssl.create_default_context(cafile=folder / "fullchain.pem")

    def start(self):
        with (self.folder / "error.log").open("a") as log:
            self.process = subprocess.Popen([NGINX, "-c", self.folder / "nginx.conf"], stderr=log)
        until = time.monotonic() + 20
        while time.monotonic() < until:
            try:
                socket.create_connection(("127.0.0.1", self.tls)).close()
                return
            except ConnectionRefusedError:
                if self.process.poll() is not None:
                    break
        raise RuntimeError((self.folder / "error.log").read_text())

    def stop(self):
        self.process.terminate()
        self.process.wait()

    def ask(self, method, address, body=None, headers=None, *, tls=True):
        """Ask on a new connection; return (status, headers, body)."""
        if tls:
            connection = http.client.HTTPSConnection("localhost", self.tls, context=self.context, timeout=60)
        else:
            connection = http.client.HTTPConnection("localhost", self.plain, timeout=60)
        try:
            connection.request(method, address, body, headers or {})
            answer = connection.getresponse()
            return answer.status, answer.headers, answer.read()
        finally:
            connection.close()

    def get(self, address, **headers):
        return self.ask("GET", address, headers=headers)


@contextmanager
def front(folder, *readers, rate="30r/s"):
    """Yield a Front to application servers at some ports; the first is the one that can be written to."""
    certified(folder)
    plain, tls = free_ports(2)
    written(folder, plain, tls, readers, readers[0], rate)
    running = Front(folder, plain, tls)
    running.start()
    try:
        yield running
    finally:
        running.stop()
