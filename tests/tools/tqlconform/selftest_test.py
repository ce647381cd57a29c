"""tqlconform selftest and lint, as processes: what they find, and that they fail when they must.

Run as: selftest_test.py PATH_OF_TQLCONFORM [unittest arguments]
"""

import os
import subprocess
import sys
import tempfile
import unittest

PROGRAM = os.path.abspath(sys.argv.pop(1))

CASE = """area: mine
case:
- id: mine/databases
  title: SHOW DATABASES succeeds
  level: MUST
  ref: tql.md#6.2
  evidence: SAMPLE
  step: [{query: "show databases;", expect: {%s}}]
  kills: [%s]
"""

MUTANT = """mutant:
- id: mine
  does: Leaves out that a result is complete
  rewrite: [{line: [{regex: '"complete":true', with: '"complete":false'}]}]
"""

CLIENT_CASE = """area: mine
case:
- id: mine/rows
  title: All rows are shown
  level: MUST
  ref: tql.md#5.4
  evidence: DOC
  client:
    setup: ["create database d;", "create table d.falcon_default_schema.t (a int);",
            "insert into d.falcon_default_schema.t values (1), (2);"]
    run: ["select a from d.falcon_default_schema.t;"]
    expect: {end: SUCCESS, row_count: 2}
  kills: [%s]
"""


def run(*arguments):
    return subprocess.run([PROGRAM, *arguments], capture_output=True, text=True, timeout=300)


class SelftestTest(unittest.TestCase):
    def selftest(self, expect, mutant, *flags):
        with tempfile.NamedTemporaryFile("w", suffix=".yaml") as file:
            file.write(CASE % (expect, mutant))
            file.flush()
            return run("selftest", "--cases", file.name, *flags)

    def test_a_case_that_finds_its_mutant(self):
        done = self.selftest("ok: true", "complete-missing")
        self.assertEqual((0, ""), (done.returncode, done.stderr), done.stdout)

    def test_a_mutant_that_survives_fails(self):
        done = self.selftest("ok: true", "success-text-changed")
        self.assertEqual(1, done.returncode, done.stdout)
        self.assertIn("mutant success-text-changed", done.stdout)
        self.assertIn("survives", done.stdout)

    def test_a_case_that_the_server_does_not_pass_fails(self):
        done = self.selftest("ok: false", "complete-missing")
        self.assertEqual(1, done.returncode, done.stdout)
        for target in "http", "https", "grpc", "control unchanged", "control json", "control chunks":
            self.assertIn(f"mine/databases [{target}]", done.stdout)

    def test_an_unknown_mutant_is_a_mistake_in_the_case(self):
        done = self.selftest("ok: true", "complete-missing, no-such-mutant")
        self.assertEqual((2, ""), (done.returncode, done.stdout), done.stderr)
        self.assertIn('mine/databases: kills: unknown mutant "no-such-mutant"', done.stderr)
        self.assertNotIn("complete-missing", done.stderr)

    def test_mutants_of_a_file_replace_those_of_the_program(self):
        with tempfile.NamedTemporaryFile("w", suffix=".yaml") as file:
            file.write(MUTANT)
            file.flush()
            known = self.selftest("ok: true", "mine", "--mutants", file.name)
            self.assertEqual((0, ""), (known.returncode, known.stderr), known.stdout)
            unknown = self.selftest("ok: true", "mine, complete-missing", "--mutants", file.name)
        self.assertEqual((2, ""), (unknown.returncode, unknown.stdout), unknown.stderr)
        self.assertIn("--mutants replaces the program's own", unknown.stderr)
        self.assertIn('kills: unknown mutant "complete-missing"', unknown.stderr)

    def client_selftest(self, kills):
        with tempfile.NamedTemporaryFile("w", suffix=".yaml") as file:
            file.write(CLIENT_CASE % kills)
            file.flush()
            return run("selftest", "--cases", file.name)

    def test_a_case_for_clients_that_finds_its_mutant(self):
        done = self.client_selftest("last-row-dropped")
        self.assertEqual((0, ""), (done.returncode, done.stderr), done.stdout)
        self.assertIn("2 passed", done.stdout)

    def test_a_client_mutant_that_survives_fails(self):
        done = self.client_selftest("no-time-limit")
        self.assertEqual(1, done.returncode, done.stdout)
        self.assertIn("mine/rows [client mutant no-time-limit]", done.stdout)
        self.assertIn("survives", done.stdout)

    def test_an_unknown_client_mutant_is_no_verdict(self):
        done = self.client_selftest("no-such-mutant")
        self.assertEqual(3, done.returncode, done.stdout)
        self.assertIn("'no-such-mutant' is not one of", done.stdout)

    def test_the_cases_and_mutants_of_the_program_have_no_mistakes(self):
        done = run("lint")
        self.assertEqual((0, ""), (done.returncode, done.stderr), done.stdout)


if __name__ == "__main__":
    unittest.main(verbosity=2)
