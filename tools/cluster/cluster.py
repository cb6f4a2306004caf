"""All parts together: how they are started, what dies, and what an operator does then."""

import http.client
import os
import secrets
import shutil
import subprocess
import sys
import time
from pathlib import Path

from tools.cluster import nginx
from tools.cluster.postgres import NAME, Bouncer, Part, Server

ROOT = Path(__file__).parents[2]
SEED = "partners/seeds/demo.toml"
# As the tests do, without compressing a thousand files.
COLLECT = "import sys; from tests.faults.site import collect_static as collect; collect(sys.argv[1])"
NOTICED_AFTER = 2  # seconds that an operator's watchdog takes to see that a server is gone


class Web(Part):
    """The application server of one host."""

    def __init__(self, name, folder, port, bouncer, settings):
        super().__init__(name, folder, port)
        self.environment = (
            os.environ
            | settings
            | {
                "DATABASE_URL": f"postgres://postgres@127.0.0.1:{bouncer.port}/{NAME}",
                "CACHE_DIR": str(folder / "cache"),
            }
        )

    def start(self):
        bind = ["--bind", f"127.0.0.1:{self.port}", "--workers", "1", "--log-level", "warning"]
        command = [sys.executable, "-m", "gunicorn", "consortium.wsgi", "--config", "consortium/gunicorn.py", *bind]
        self.run(*command, cwd=ROOT, env=self.environment)

    def manage(self, *arguments):
        self.run_python(
            "import sys; from django.core.management import call_command as call; call(*sys.argv[1:])", *arguments
        )

    def run_python(self, code, *arguments):
        """Run some Python with the settings of this host, and wait for it."""
        command = [sys.executable, "-c", f"import django; django.setup(); {code}", *arguments]
        environment = self.environment | {"DJANGO_SETTINGS_MODULE": "consortium.settings"}
        subprocess.run(command, cwd=ROOT, env=environment, check=True, stdout=subprocess.DEVNULL)


class Nginx(Part):
    """nginx by the shipped configuration, its limits lifted: all clients of a test have one address."""

    def __init__(self, folder, webs):
        super().__init__("nginx", folder, None)
        nginx.certified(folder)
        plain, tls = nginx.free_ports(2)
        conf = nginx.written(folder, plain, tls, [web.port for web in webs], webs[0].port, rate="9999r/s")
        self.front = nginx.Front(folder, plain, tls)
        self.start_command = [nginx.NGINX, "-c", conf]

    def start(self):
        self.run(*self.start_command)


class Cluster:
    """The running parts; `settings` are those of both web hosts."""

    def __init__(self, folder):
        folder.chmod(0o755)
        ports = nginx.free_ports(6)
        self.primary, self.standby = (Server(f"postgres_{n}", folder / f"postgres{n}", ports.pop()) for n in (1, 2))
        self.bouncers = [Bouncer(f"pgbouncer_{n}", folder / f"pgbouncer{n}", ports.pop()) for n in (1, 2)]
        self.settings = {
            "DEBUG": "0",
            "SECRET_KEY": secrets.token_urlsafe(50),
            "ALLOWED_HOSTS": "localhost,127.0.0.1",
            "HTTPS": "1",
            "PROXIES": "1",
            "STATIC_ROOT": str(folder / "static"),
        }
        self.webs = [
            Web(f"web_{n}", folder / f"web{n}", ports.pop(), bouncer, self.settings)
            for n, bouncer in enumerate(self.bouncers, 1)
        ]
        self.nginx = Nginx(folder / "nginx", self.webs)

    @property
    def parts(self):
        return [self.nginx, *self.webs, *self.bouncers, self.standby, self.primary]

    def start(self):
        self.primary.found()
        for bouncer in self.bouncers:
            bouncer.lead_to(self.primary)
            bouncer.start()
        first = self.webs[0]
        first.manage("migrate", "--no-input", "--verbosity", "0")
        first.manage("start_consortium", SEED)
        first.run_python(COLLECT, self.settings["STATIC_ROOT"])
        self._attach(self.standby)
        for web in self.webs:
            web.start()
        self.nginx.start()
        self.wait()

    def stop(self):
        for part in self.parts:
            part.stop()

    def wait(self, seconds=90):
        """Return when every web host is ready.

        :raises TimeoutError: where one is not in time.
        """
        until = time.monotonic() + seconds
        while not all(map(self._is_ready, self.webs)):
            if time.monotonic() > until:
                raise TimeoutError
            time.sleep(0.2)

    def kill_web(self, number):
        self._kill_and_start(self.webs[number])

    def kill_bouncer(self, number):
        self._kill_and_start(self.bouncers[number])

    def kill_nginx(self):
        self._kill_and_start(self.nginx)

    def kill_standby(self):
        """Kill the standby; until it is back the primary confirms commits alone."""
        self.standby.kill()
        time.sleep(NOTICED_AFTER)
        self.primary.confirm_by(None)
        time.sleep(NOTICED_AFTER)
        self.standby.start()
        self._confirmed()

    def kill_primary(self):
        """Kill the primary, let the standby take its place, and make a standby of what was the primary."""
        self.primary.kill()
        time.sleep(NOTICED_AFTER)
        self.standby.promote()
        self.bouncers[0].lead_to(self.standby)
        self.primary, self.standby = self.standby, self.primary
        time.sleep(NOTICED_AFTER)
        shutil.rmtree(self.standby.data)
        self._attach(self.standby)

    def _attach(self, standby):
        standby.follow(self.primary)
        self._confirmed()
        self.bouncers[1].lead_to(standby)

    def _confirmed(self):
        while not self.primary.is_followed_by(self.standby):
            time.sleep(0.1)
        self.primary.confirm_by(self.standby)

    def _kill_and_start(self, part):
        part.kill()
        time.sleep(NOTICED_AFTER)
        part.start()

    def _is_ready(self, web):
        connection = http.client.HTTPConnection("127.0.0.1", web.port, timeout=10)
        try:
            connection.request("GET", "/readyz")
            return connection.getresponse().status == 200
        except OSError:
            return False
        finally:
            connection.close()
