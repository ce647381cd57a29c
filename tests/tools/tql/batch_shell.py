"""tql as a process without a terminal, and a server for it: shared by its tests."""

import os
import pathlib
import subprocess
import sys
import tempfile

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[2] / "integration"))

import harness  # noqa: E402

TQL = os.path.abspath(sys.argv.pop(1))
PATIENCE = 60
SUCCESS = "Statement executed successfully. \n"


class ShellTest(harness.ServerTest):
    def setUp(self):
        super().setUp()
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        self.folder = pathlib.Path(folder.name)
        self.url = self.server.ready["http"]

    def tql(self, *flags, url=None, stdin="", password="admin", variables=None, **more):
        environment = harness.bare_environment(LC_ALL="C.UTF-8", **(variables or {}))
        if password is not None:
            environment["TQL_PASSWORD"] = password
        ended = subprocess.run(
            [TQL, url or self.url, "--user", "tsadmin", *flags], input=stdin, text=True,
            env=environment, timeout=PATIENCE, check=False, start_new_session=True,
            **{"stdout": subprocess.PIPE, "stderr": subprocess.PIPE, **more})
        return ended.returncode, ended.stdout, ended.stderr

    def file(self, name, text, mode=0o600):
        path = self.folder / name
        path.write_text(text, encoding="utf-8")
        path.chmod(mode)
        return str(path)
