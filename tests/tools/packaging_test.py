"""The Dockerfile and the systemd unit of tqlmockd: their commands work with this tqlmockd.

Run as: packaging_test.py PATH_OF_TQLMOCKD [unittest arguments]
"""

import configparser
import json
import os
import pathlib
import re
import shlex
import shutil
import socket
import subprocess
import sys
import tempfile
import unittest

TQLMOCKD = os.path.abspath(sys.argv.pop(1))
ROOT = pathlib.Path(__file__).resolve().parents[2]
PACKAGING = ROOT / "tools" / "packaging"
PATIENCE = 60


def instructions():
    """The instructions of the Dockerfile, by name."""
    text = (PACKAGING / "Dockerfile").read_text(encoding="utf-8")
    lines = re.sub(r"\\\n", " ", "".join(line for line in text.splitlines(True) if not line.startswith("#")))
    found = {}
    for line in filter(None, map(str.strip, lines.splitlines())):
        name, argument = line.split(maxsplit=1)
        found.setdefault(name, []).append(argument)
    return found


class Server:
    """tqlmockd with the arguments of a file."""

    def __init__(self, arguments, **environment):
        self.process = subprocess.Popen([TQLMOCKD, *arguments], stdin=subprocess.DEVNULL, stdout=subprocess.PIPE,
                                        stderr=subprocess.PIPE, text=True, env={**os.environ, **environment})

    def ready(self):
        line = self.process.stdout.readline()
        return json.loads(line) if line else None

    def end(self):
        """Returns its exit status and its log."""
        self.process.terminate()
        log = self.process.communicate(timeout=PATIENCE)[1]
        return self.process.returncode, log


class DockerfileTest(unittest.TestCase):
    def setUp(self):
        self.found = instructions()

    def command(self):
        """The arguments of the entry point, with free ports."""
        program, *arguments = json.loads(self.found["ENTRYPOINT"][-1])
        self.assertEqual("tqlmockd", program)
        return [re.sub(r":\d+$", ":0", argument) for argument in arguments]

    def test_the_health_check_finds_the_server(self):
        server = Server(self.command(), TQLMOCKD_USER="ann:a password")
        self.addCleanup(server.process.kill)
        port = server.ready()["http"].rsplit(":", 1)[1]
        program, *arguments = json.loads(self.found["HEALTHCHECK"][-1].split(" CMD ")[1])
        self.assertEqual("tqlmockd", program)
        self.assertRegex(arguments[-1], r":8080$")
        done = subprocess.run([TQLMOCKD, *(re.sub(r":8080$", ":" + port, a) for a in arguments)],
                              capture_output=True, text=True, timeout=PATIENCE, check=False)
        self.assertEqual((0, ""), (done.returncode, done.stderr))
        self.assertEqual(0, server.end()[0])

    def test_a_user_is_required(self):
        environment = {name: value for name, value in os.environ.items() if name != "TQLMOCKD_USER"}
        done = subprocess.run([TQLMOCKD, *self.command()], capture_output=True, text=True, timeout=PATIENCE,
                              check=False, env=environment)
        self.assertEqual(1, done.returncode)
        self.assertIn("default password", done.stderr)

    def test_the_exposed_ports_are_those_of_the_entry_point(self):
        ports = re.findall(r":(\d+)\"", self.found["ENTRYPOINT"][-1])
        self.assertEqual(sorted(ports), sorted(self.found["EXPOSE"][-1].split()))

    def test_the_user_is_not_root_and_numeric(self):
        # Kubernetes checks runAsNonRoot by the number.
        self.assertRegex(self.found["USER"][-1], r"^[1-9]\d*:[1-9]\d*$")

    def test_what_it_copies_exists(self):
        for arguments in self.found["COPY"]:
            if "--from" not in arguments:
                source = arguments.split()[0]
                self.assertTrue((ROOT / source).exists(), source)

    def test_the_script_is_valid(self):
        done = subprocess.run(["bash", "-n", PACKAGING / "image.sh"], capture_output=True, text=True, check=False)
        self.assertEqual((0, ""), (done.returncode, done.stderr))


class UnitTest(unittest.TestCase):
    def setUp(self):
        self.path = PACKAGING / "tqlmockd.service"
        self.unit = configparser.ConfigParser(interpolation=None)
        self.unit.optionxform = str
        self.unit.read(self.path, encoding="utf-8")

    def test_the_manager_is_notified(self):
        self.assertEqual("notify", self.unit["Service"]["Type"])
        program, *arguments = shlex.split(self.unit["Service"]["ExecStart"])
        self.assertEqual("/usr/bin/tqlmockd", program)
        self.assertEqual(["$TQLMOCKD_FLAGS"], arguments)
        with tempfile.TemporaryDirectory() as folder, socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as manager:
            manager.bind(folder + "/notify")
            manager.settimeout(PATIENCE)
            server = Server(shlex.split("--http 127.0.0.1:0 --https off --grpc off"), NOTIFY_SOCKET=folder + "/notify")
            self.addCleanup(server.process.kill)
            self.assertEqual(b"READY=1", manager.recv(100))
            self.assertEqual(0, server.end()[0])

    def test_variables_that_the_comments_name_are_known(self):
        source = (ROOT / "tools" / "tqlmockd" / "flags.cc").read_text(encoding="utf-8")
        text = self.path.read_text(encoding="utf-8")
        for name in set(re.findall(r"\bTQLMOCKD_\w+", text)) - {"TQLMOCKD_FLAGS"}:
            self.assertIn(name, source)

    def test_systemd_accepts_it(self):
        if not shutil.which("systemd-analyze"):
            self.skipTest("systemd is not installed")
        with tempfile.TemporaryDirectory() as folder:
            copy = pathlib.Path(folder) / "tqlmockd.service"
            text = self.path.read_text(encoding="utf-8").replace("/usr/bin/tqlmockd", TQLMOCKD)
            copy.write_text(re.sub(r"Documentation=.*\n", "", text), encoding="utf-8")  # the man page is not installed
            done = subprocess.run(["systemd-analyze", "verify", copy], capture_output=True, text=True,
                                  timeout=PATIENCE, check=False)
        self.assertEqual((0, ""), (done.returncode, done.stderr))


if __name__ == "__main__":
    unittest.main(verbosity=2)
