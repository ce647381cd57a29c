"""\\mock of tql, the control interface of tqlmockd, as a process and on a terminal.

`tql_mock_test.py PATH_OF_TQL PATH_OF_TQLMOCKD [unittest arguments]`
"""

import json
import re

import fake_service
import pty_shell
from batch_shell import TQL, ShellTest, harness

SETUP = "create database d; use d; create table t (a int); insert into t values (1);"


class MockTest(ShellTest):
    setup_script = SETUP

    def run_lines(self, *lines, **more):
        """Runs lines of a script; returns the status, the tables as lists of objects, and the errors."""
        status, out, err = self.tql("--format", "jsonl", "--continue", stdin="".join(line + "\n" for line in lines),
                                    **more)
        return status, [json.loads(line) for line in out.splitlines()], err

    def test_forks(self):
        status, rows, err = self.run_lines(
            "\\mock fork a", "\\mock use a", "delete from d.falcon_default_schema.t;", "\\mock fork b a",
            "select count(*) as n from d.falcon_default_schema.t;", "\\mock reset",
            "select count(*) as n from d.falcon_default_schema.t;", "\\mock", "\\mock use main", "\\mock drop a",
            "\\mock drop b", "\\mock drop b")
        self.assertEqual(3, status, err)
        self.assertEqual([{"n": 0}], [row for row in rows if "n" in row])
        # A reset is to the start of the server, when it had no database.
        self.assertIn('Database "d" does not exist', err)
        self.assertEqual(["a", "b", "main"], [row["namespace"] for row in rows if "namespace" in row])
        self.assertIn("user tsadmin+a.", err)
        self.assertIn("user tsadmin.", err)
        self.assertIn('unknown namespace "b"', err.splitlines()[-1])

    def test_plan_journal_and_verification(self):
        plan = self.file("a plan.yaml", "rule: [{match: {kind: [USE]}, times: 2, do: [{answer: {error: no}}]}]")
        more = self.file("more.yaml", "rule: [{id: more, match: {kind: [SELECT]}}]")
        status, rows, err = self.run_lines(
            "\\mock fork p", "\\mock use p", f"\\mock plan {plan}", f"\\mock add {more}", "use d;", "\\mock plan",
            "\\mock journal 1", "\\mock verify {expect: [{match: {kind: [USE]}, exactly: 1}]}", "\\mock verify",
            "\\mock clear", "\\mock plan", "\\mock journal", "\\mock use main", "\\mock drop p")
        self.assertEqual(3, status, err)
        rules = [row for row in rows if "rule" in row and "seen" in row]
        self.assertEqual(["r1", "r1", "more", "r1", "more"], [row["rule"] for row in rules])
        self.assertEqual((1, 1, 2, "{kind: [USE]}"),
                         tuple(rules[3][name] for name in ("seen", "fired", "times", "match")))
        entries = [row for row in rows if "seq" in row]
        self.assertEqual([("use d", "FAILED", "no", "[r1]")],
                         [(e["text"], e["outcome"], e["error"], e["rule"]) for e in entries])
        self.assertIn("Verified.", err)
        self.assertIn("rule r1 acted 1 of 2 times", err)

    def test_clock(self):
        status, rows, err = self.run_lines(
            "\\mock fork c", "\\mock use c", "\\mock clock {now: 2030-01-01T12:00:00Z, frozen: true}",
            "\\mock clock {advance: 90s}", "\\mock clock", "\\mock use main", "\\mock drop c")
        self.assertEqual(0, status, err)
        self.assertEqual([("2030-01-01T12:00:00Z", "true"), *[("2030-01-01T12:01:30Z", "true")] * 2],
                         [(row["now"], row["frozen"]) for row in rows])

    def test_mistakes(self):
        bad = self.file("bad.yaml", "rule:\n- match: {kinds: [USE]}\n")
        for line, message in (
                ("\\mock forks", "found 'forks', expected fork"),
                ("\\mock use nowhere", 'unknown namespace "nowhere"'),
                ("\\mock fork a/../b", "the name of a namespace must be"),
                (f"\\mock plan {bad}", "line 2"),
                ("\\mock plan /no/such/file", "/no/such/file: "),
                ("\\mock clock {now: yesterday}", "now"),
                ("\\mock verify {expect: 1}", "expect")):
            with self.subTest(line):
                status, out, err = self.tql(stdin=line + "\n")
                self.assertEqual((3, ""), (status, out), err)
                self.assertIn(message, err)

    def test_servers_without_the_interface(self):
        service = fake_service.FakeService({})
        self.addCleanup(service.close)
        closed = harness.Server("--control", "off")
        self.addCleanup(closed.stop)
        for url in (service.url, closed.ready["http"]):
            status, _, err = self.tql(stdin="\\mock\n", url=url)
            self.assertEqual(3, status, err)
            self.assertIn(url + " is not tqlmockd, or its control interface is closed", err)
        url = f"https://127.0.0.1:{closed.grpc[1]}?transport=grpc&insecure=true"
        status, _, err = self.tql(stdin="\\mock\n", url=url)
        self.assertEqual(3, status, err)
        self.assertIn("is not tqlmockd, or its control interface is closed", err)

    def test_over_grpc(self):
        grpc = f"https://127.0.0.1:{self.server.grpc[1]}?transport=grpc&insecure=true"
        plan = self.file("plan.yaml", "rule:\n- {id: slow, match: {kind: [USE]}, times: 0, do: [{delay: 0.001s}]}\n")
        status, rows, err = self.run_lines("\\mock fork g", "\\mock use g", f"\\mock plan {plan}", f"\\mock add {plan}",
                                           "\\mock plan", url=grpc)
        self.assertEqual(3, status, err)
        self.assertIn("slow", err)  # the rule of the second file has the id of the first
        self.assertEqual(["slow", "slow"], [row["rule"] for row in rows])
        lines = ("\\mock use g", "\\mock journal", "\\mock clock {now: '2030-01-01T12:00:00Z', frozen: true}", "\\mock clock",
                 "\\mock plan", "\\mock clear", "\\mock journal", "\\mock verify {nothing_else: false}", "\\mock reset",
                 "\\mock", "\\mock use main", "\\mock drop g", "\\mock")
        over_grpc = self.run_lines(*lines, url=grpc)
        self.assertEqual(0, over_grpc[0], over_grpc)
        self.run_lines("\\mock fork g", "\\mock use g", f"\\mock plan {plan}")
        over_http = self.run_lines(*lines)
        for result in over_grpc, over_http:
            for row in result[1]:
                row.pop("seq", None), row.pop("sessions", None)
        self.assertEqual(over_http[:2], over_grpc[:2])  # standard error names the connections

    def test_mistakes_over_grpc(self):
        grpc = f"https://127.0.0.1:{self.server.grpc[1]}?transport=grpc&insecure=true"
        bad = self.file("bad.yaml", "rule:\n- match: {kinds: [USE]}\n")
        for line in ("\\mock use nowhere", "\\mock fork a/../b", f"\\mock plan {bad}", "\\mock clock {now: yesterday}",
                     "\\mock verify {expect: 1}", "\\mock drop main"):
            with self.subTest(line):
                status, out, err = self.tql(stdin=line + "\n")
                self.assertEqual((3, ""), (status, out))
                err = re.sub("HTTP status [0-9]+: ", "", err)
                self.assertEqual((status, out, err), self.tql(stdin=line + "\n", url=grpc))

    def test_over_tls(self):
        status, rows, err = self.run_lines("\\mock", url=self.server.ready["https"] + "?insecure=true")
        self.assertEqual((0, ["main"]), (status, [row["namespace"] for row in rows]), err)

    def test_on_a_terminal(self):
        terminal = pty_shell.Terminal(TQL, self.url, "--user", "tsadmin", home=str(self.folder))
        self.addCleanup(terminal.kill)
        terminal.expect(pty_shell.PROMPT)
        terminal.type("\\moc\tjour\t9\n")
        terminal.expect("LOGIN")
        terminal.expect(pty_shell.PROMPT)
        terminal.type("\\mock\n")
        terminal.expect("main")
        terminal.expect(pty_shell.PROMPT)
        terminal.type("\\q\n")
        self.assertEqual(0, terminal.end())


if __name__ == "__main__":
    harness.main()
