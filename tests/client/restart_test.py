"""After a restart of the service, the first statement succeeds on each transport, even one that may not be sent twice.

A process of its own for each end: within one process gRPC hears of the end of a connection sooner.

`restart_test.py PATH_OF_TQL PATH_OF_TQLMOCKD [unittest arguments]`
"""

import os
import pathlib
import signal
import subprocess
import sys
import tempfile
import time
import unittest

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[1] / "integration"))

import harness  # noqa: E402

TQL = os.path.abspath(sys.argv.pop(1))
RESTARTS = 3
REST = 0.3  # seconds; a client does not check a connection that was idle for less


class RestartTest(unittest.TestCase):
    def start(self, data, *flags):
        server = harness.Server("--data", data, "--grpc-plaintext", *flags)
        self.addCleanup(server.stop, signal.SIGKILL)
        return server

    def inserts_across_restarts(self, transport, with_signal):
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        data = os.path.join(folder.name, "data.db")
        server = self.start(data)
        port = server.http[1] if transport == "http" else server.grpc[1]
        server.login().do("create database d;", "use d;", "create table t (k int);")
        shell = subprocess.Popen(
            [TQL, f"http://tsadmin@127.0.0.1:{port}/d?transport={transport}"],
            stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True,
            env=harness.bare_environment(TQL_PASSWORD="admin"))
        self.addCleanup(shell.wait)
        self.addCleanup(shell.stdout.close)
        self.addCleanup(shell.kill)

        def insert(value):
            # The echoed text follows the end of the response.
            shell.stdin.write(f"insert into t values ({value});\n\\echo ended\n")
            shell.stdin.flush()
            lines = [shell.stdout.readline(), shell.stdout.readline()]
            self.assertEqual([harness.SUCCESS, "ended\n"], lines, f"insert {value}")

        insert(0)
        for value in range(1, RESTARTS + 1):
            server.stop(with_signal)
            server = self.start(data, f"--{transport}", f"127.0.0.1:{port}")
            time.sleep(REST)
            insert(value)
        shell.stdin.close()
        session = server.login()
        session.do("use d;")
        self.assertEqual([(str(i),) for i in range(RESTARTS + 1)],
                         [tuple(row) for row in session.query("select k from t order by k;").rows])

    def test_over_http(self):
        self.inserts_across_restarts("http", signal.SIGTERM)
        self.inserts_across_restarts("http", signal.SIGKILL)

    def test_over_grpc(self):
        self.inserts_across_restarts("grpc", signal.SIGTERM)
        self.inserts_across_restarts("grpc", signal.SIGKILL)


if __name__ == "__main__":
    harness.main()
