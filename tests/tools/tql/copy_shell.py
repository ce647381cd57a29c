"""\\copy of tql as a process: shared by its tests."""

import subprocess

from batch_shell import PATIENCE, TQL, ShellTest, harness

ALL_TYPES = "(i int, b bigint, d double, f float, o bool, v varchar(0), a date, m datetime, t time)"


class CopyTest(ShellTest):
    def setUp(self):
        super().setUp()
        self.run_all("-c", "create database copies;")
        self.addCleanup(self.run_all, "-c", "drop database copies;")

    def start(self, *flags, url=None, **more):
        environment = harness.bare_environment(LC_ALL="C.UTF-8", TQL_PASSWORD="admin")
        return subprocess.Popen(
            [TQL, url or self.url, "--user", "tsadmin", "--format", "csv", *flags],
            env=environment, start_new_session=True, cwd=self.folder, **{
                "stdin": subprocess.PIPE, "stdout": subprocess.PIPE, "stderr": subprocess.PIPE,
                **more})

    def tql(self, *commands, stdin=b"", flags=(), **more):
        if "url" not in more:
            flags = ("--database", "copies", *flags)
        process = self.start(*flags, *(word for command in commands for word in ("-c", command)),
                             **more)
        out, err = process.communicate(stdin, timeout=PATIENCE)
        return process.returncode, out.decode(), err.decode()

    def run_all(self, *flags):
        process = self.start(*flags)
        _, err = process.communicate(timeout=PATIENCE)
        self.assertEqual(0, process.returncode, err)

    def good(self, *commands, **more):
        status, out, err = self.tql(*commands, **more)
        self.assertEqual(0, status, err)
        return out, err

    def write(self, name, data):
        (self.folder / name).write_bytes(data if isinstance(data, bytes) else data.encode())

    def read(self, name):
        return (self.folder / name).read_bytes().decode()
