"""Runs the example of the README, over TLS and plain, against the sample database.

`quickstart_test.py PATH_OF_QUICKSTART PATH_OF_TQLMOCKD [unittest arguments]`
"""

import os
import pathlib
import subprocess
import sys
import tempfile
import unittest

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[1] / "integration"))

import harness  # noqa: E402

QUICKSTART = os.path.abspath(sys.argv.pop(1))
RETAIL = harness.ROOT / "tools" / "sample" / "retail.tql"


class QuickstartTest(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        folder = tempfile.TemporaryDirectory()
        cls.addClassCleanup(folder.cleanup)
        cls.certificate = os.path.join(folder.name, "server.pem")
        cls.server = harness.Server("--init", RETAIL, "--tls-cert-out", cls.certificate)
        cls.addClassCleanup(cls.server.stop)

    def run_it(self, *arguments, password="admin"):
        return subprocess.run([QUICKSTART, *arguments], capture_output=True, text=True, timeout=60,
                              stdin=subprocess.DEVNULL, env={"TQL_PASSWORD": password})

    def url(self, scheme):
        return self.server.ready[scheme].replace("//", "//tsadmin@") + "/retail"

    def test_it_prints_every_store(self):
        session = self.server.login()
        self.addCleanup(session.close)
        session.do("use retail;")
        cities = [row[0] for row in session.query("select city from store;").rows]
        for arguments in (self.url("http"),), (self.url("https"), self.certificate):
            done = self.run_it(*arguments)
            self.assertEqual((0, ""), (done.returncode, done.stderr))
            lines = done.stdout.splitlines()
            self.assertEqual(cities, [line.rpartition(" ")[0] for line in lines])
            for line in lines:
                self.assertRegex(line, r" (\d{4}-\d{2}-\d{2}|\?)$")

    def test_errors(self):
        for arguments, password, pattern in (
                ((), "admin", "Usage: "),
                ((self.url("https"),), "admin", "certificate is not trusted"),
                ((self.url("http"),), "wrong", "UNAUTHENTICATED"),
                ((self.url("http") + "x",), "admin", "retailx"),
                (("ftp://here",), "admin", "ftp")):
            with self.subTest(arguments=arguments):
                done = self.run_it(*arguments, password=password)
                self.assertEqual((1, ""), (done.returncode, done.stdout))
                self.assertRegex(done.stderr, pattern)


if __name__ == "__main__":
    harness.main()
