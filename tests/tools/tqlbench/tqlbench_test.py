"""tqlbench as a process: what it measures against programs of others is measured, or skipped with
a reason. Nothing here depends on how fast anything is.

Run as: tqlbench_test.py PATH_OF_TQLBENCH PATH_OF_TQLMOCKD PATH_OF_TQL [unittest arguments]
"""

import glob
import json
import pathlib
import shutil
import subprocess
import sys
import tempfile
import unittest

PROGRAMS = [sys.argv.pop(1) for _ in range(3)]


def run(*flags):
    bench, tqlmockd, tql = PROGRAMS
    with tempfile.TemporaryDirectory() as folder:
        file = pathlib.Path(folder) / "figures.json"
        done = subprocess.run(
            [bench, "--tqlmockd", tqlmockd, "--tql", tql, "--rows", "1000", "--pairs", "2",
             "--json", file, *flags],
            stdin=subprocess.DEVNULL, capture_output=True, text=True, timeout=100, check=False)
        figures = json.loads(file.read_text()) if file.exists() else None
        return done, {target["name"]: target for target in (figures or {}).get("targets", [])}


class TqlbenchTest(unittest.TestCase):
    def test_the_python_client_is_measured(self):
        done, targets = run("--only", "python-client")
        self.assertEqual(0, done.returncode, done.stderr)
        self.assertEqual(2, targets["select/python-client"]["samples"])
        self.assertIn("python_client.py", done.stdout)

    def test_measures_another_build(self):
        with tempfile.TemporaryDirectory() as other:
            for program in PROGRAMS[1:]:
                (pathlib.Path(other) / pathlib.Path(program).name).symlink_to(program)
            done, targets = run("--against", other, "--load-seconds", "0.1")
        self.assertEqual(0, done.returncode, done.stderr)
        self.assertEqual(
            {"start", "idle-memory", "point/1", "point/8", "point/64", "point-new/1",
             "point-new/8", "point-new/64", "http", "https", "grpc", "shell", "script"}, {name.removeprefix("against/") for name in targets})
        for name, target in targets.items():
            self.assertGreaterEqual(target["samples"], 2, name)
            self.assertGreater(target["min"], 0, name)

    def test_missing_programs_of_another_build_are_an_error(self):
        with tempfile.TemporaryDirectory() as empty:
            done, _ = run("--against", empty, "--only", "start")
        self.assertEqual(2, done.returncode)
        self.assertIn(empty + "/tqlmockd", done.stderr)

    def test_rejects_unknown_measurements(self):
        done, _ = run("--only", "point", "--only", "codec", "--against", ".")
        self.assertEqual(1, done.returncode)
        done, _ = run("--only", "encode", "--against", ".")
        self.assertEqual(1, done.returncode)
        self.assertIn("--against", done.stderr)

    def test_rest_pages_are_measured_or_skipped(self):
        done, targets = run("--only", "rest-pages", "--load-seconds", "0.1")
        self.assertEqual(0, done.returncode, done.stderr)
        if shutil.which("node"):
            self.assertGreater(targets["rest-pages"]["min"], 0)
        done, targets = run("--only", "rest-pages", "--node", "/nonexistent/node")
        self.assertEqual(0, done.returncode, done.stderr)
        self.assertEqual(0, targets["rest-pages"]["samples"])
        self.assertIn("no node", done.stdout)

    def test_measures_idle_connections(self):
        done, targets = run("--only", "idle-connections", "--idle-connections", "20")
        self.assertEqual(0, done.returncode, done.stderr)
        self.assertGreater(targets["idle-connections/memory"]["min"], 0)
        self.assertGreaterEqual(targets["idle-connections/cpu"]["min"], 0)
        self.assertGreater(targets["idle-connections/latency"]["min"], 0)

    def test_forks_are_measured(self):
        measurements = {"fork-size": {""}, "fork-first": {"/100", "/1000"}, "fork-memory": {"/idle", "/used"},
                        "fork-churn": {""}, "fork-use": {"/scan", "/first-writes", "/later-writes"}}
        done, targets = run("--forks", "5", "--load-seconds", "0.1", *(f"--only={name}" for name in measurements))
        self.assertEqual(0, done.returncode, done.stderr)
        self.assertEqual({name + part for name, parts in measurements.items() for part in parts}, set(targets))
        for name, target in targets.items():
            self.assertEqual(2, target["samples"], name)
            if not name.startswith(("fork-memory", "fork-churn")):
                self.assertGreater(target["min"], 0, name)

    def test_forks_are_compared_with_copies(self):
        done, targets = run("--only", "fork", "--only", "fork-test", "--load-seconds", "0.1")
        self.assertEqual(0, done.returncode, done.stderr)
        names = {"fork/put", "fork/backup", "fork/serialize", "fork-test/one"}
        if glob.glob("/usr/lib/postgresql/*/bin/initdb"):
            names |= {"fork/template", "fork-test/suite"}
        for name in names:
            self.assertEqual(2, targets[name]["samples"], name)
            self.assertGreater(targets[name]["min"], 0, name)

    def test_rules_and_the_journal_are_measured(self):
        done, targets = run("--only", "plan", "--only", "journal", "--load-seconds", "0.1")
        self.assertEqual(0, done.returncode, done.stderr)
        for name in "plan", "journal":
            self.assertEqual(2, targets[name]["samples"])
            self.assertGreater(targets[name]["min"], 0)

    def test_psql_is_measured_if_installed(self):
        left = set(glob.glob(tempfile.gettempdir() + "/tqlbench-postgres.*"))
        done, targets = run("--only", "psql")
        self.assertEqual(0, done.returncode, done.stderr)
        target = targets["select/psql"]
        if glob.glob("/usr/lib/postgresql/*/bin/initdb"):
            self.assertEqual(2, target["samples"])
            self.assertGreater(target["min"], 0)
        else:
            self.assertEqual("skipped", target["reached"])
            self.assertIn("skipped: no PostgreSQL is installed", done.stdout)
        self.assertEqual(left, set(glob.glob(tempfile.gettempdir() + "/tqlbench-postgres.*")))

    def test_a_folder_without_postgresql_is_an_error(self):
        with tempfile.TemporaryDirectory() as empty:
            done, targets = run("--only", "psql", "--postgres", empty)
        self.assertEqual(2, done.returncode)
        self.assertIn("initdb", done.stderr)
        self.assertEqual("not measured", targets["select/psql"]["reached"])


if __name__ == "__main__":
    unittest.main(verbosity=2)
