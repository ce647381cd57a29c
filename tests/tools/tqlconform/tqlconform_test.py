"""tqlconform as a process: its commands, exit statuses, lists and reports, and servers that misbehave.

`tqlconform_test.py PATH_OF_TQLCONFORM PATH_OF_TQLMOCKD [unittest arguments]`
"""

import contextlib
import json
import os
import pathlib
import re
import shutil
import signal
import socket
import ssl
import struct
import subprocess
import sys
import tempfile
import threading
import time
import unittest

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[2] / "integration"))

import harness  # noqa: E402

TQLCONFORM = os.path.abspath(sys.argv.pop(1))
PATIENCE = 60

GOOD = """
- id: {area}/good
  title: SHOW DATABASES succeeds
  level: MUST
  ref: tql.md#6.2
  evidence: SAMPLE
  step: [{{query: "show databases;", expect: {{ok: true}}}}]
"""
BAD = """
- id: {area}/bad
  title: SHOW DATABASES fails
  level: MUST
  ref: tql.md#6.2
  evidence: SAMPLE
  step: [{{query: "show databases;", expect: {{ok: false}}}}]
"""
WRITES = """
- id: {area}/writes
  title: A row that is inserted is there
  level: MUST
  ref: tql.md#3.5
  evidence: DOC
  risk: READ_WRITE
  setup: ["create table ${{t}} (a int);", "insert into ${{t}} values (7);"]
  step: [{{query: "select a from ${{t}};", expect: {{rows: ["7"], ok: true}}}}]
"""


def suite(*cases, area="x"):
    return f"area: {area}\ncase:" + "".join(case.format(area=area) for case in cases)


def run(*arguments, password="admin", **options):
    environment = {**os.environ, "TQL_PASSWORD": password}
    options = {"stdout": subprocess.PIPE, **options}
    return subprocess.run([TQLCONFORM, *map(str, arguments)], stderr=subprocess.PIPE, text=True, timeout=PATIENCE,
                          stdin=subprocess.DEVNULL, env=environment, check=False, **options)


class ConformTest(unittest.TestCase):
    def setUp(self):
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        self.folder = pathlib.Path(folder.name)

    def file(self, text, name="cases.yaml"):
        path = self.folder / name
        path.write_text(text, encoding="utf-8")
        return path

    def assert_status(self, expected, done):
        self.assertEqual(expected, done.returncode, (done.stdout or "") + done.stderr)


class CommandsTest(ConformTest):
    def test_list_show_and_lint(self):
        listed = run("list")
        self.assert_status(0, listed)
        ids = [line.split()[0] for line in listed.stdout.splitlines()]
        self.assertEqual(len(set(ids)), len(ids))
        shown = run("show", ids[0])
        self.assert_status(0, shown)
        self.assertIn(ids[0], shown.stdout)
        self.assert_status(0, run("lint"))

    def test_mistakes_in_the_command_line(self):
        for arguments in ((), ("serve",), ("server",), ("show",), ("show", "no/such"), ("server", "--url", "ftp://x"),
                          ("server", "--url", "http://u:p@h"), ("server", "--url", "http://h", "--jobs", "0"),
                          ("server", "--url", "http://h", "--report", "pdf=x"), ("list", "--run", "no/such"),
                          ("server", "--url", "http://h", "--fix"), ("server", "--url", "http://h", "--lacks", "x"),
                          ("server", "--url", "http://h", "--risk", "none"), ("diff", "a"), ("lint", "--cases", "none"),
                          ("server", "--url", "http://h", "--known-failing", "/no/such")):
            done = run(*arguments)
            self.assertEqual(2, done.returncode, arguments)
            self.assertNotEqual("", done.stderr + done.stdout, arguments)

    def test_no_password(self):
        environment = {name: value for name, value in os.environ.items() if name != "TQL_PASSWORD"}
        done = subprocess.run([TQLCONFORM, "server", "--url", "http://127.0.0.1:1"], capture_output=True, text=True,
                              timeout=PATIENCE, env=environment, check=False)
        self.assert_status(2, done)
        self.assertIn("TQL_PASSWORD", done.stderr)

    def test_mistakes_in_case_files_have_their_place(self):
        done = run("server", "--url", "http://127.0.0.1:1", "--cases", self.file("area: x\ncase:\n- id: x/y\n  levle: MUST\n"))
        self.assert_status(2, done)
        self.assertIn("cases.yaml: case[0]: line 4, column 3: unknown key \"levle\"", done.stderr)
        done = run("lint", "--cases", self.file(suite(GOOD).replace("MUST", "MST")))
        self.assert_status(2, done)
        self.assertIn("expected one of MUST, SHOULD, MAY, found \"MST\"", done.stderr)

    def test_lint_counts(self):
        done = run("lint", "--cases", self.file(suite(GOOD)))
        self.assertEqual("1 case, 1 mistake", done.stdout.splitlines()[-1])

    def test_huge_case_files(self):
        for text in ("area: x\ncase: [" + "a," * (6 << 20) + "]", "[" * (5 << 20), "&a [*a]", "- " * (5 << 20)):
            begun = time.monotonic()
            done = run("lint", "--cases", self.file(text))
            self.assert_status(2, done)
            self.assertLess(len(done.stderr), 2000)
            self.assertLess(time.monotonic() - begun, PATIENCE / 2)


class PageTest(ConformTest):
    PAGE = (harness.ROOT / "tools" / "tqlconform" / "doc" / "cases.md").read_text(encoding="utf-8")

    def test_the_example_is_a_case_that_passes(self):
        server = harness.Server()
        self.addCleanup(server.stop)
        cases = self.file(re.search(r"(?s)```yaml\n(area:.*?)```", self.PAGE).group(1))
        self.assert_status(0, run("lint", "--cases", cases))
        done = run("server", "--url", server.ready["http"], "--risk", "read-write", "--cases", cases)
        self.assert_status(0, done)
        self.assertIn("1 passed, 0 failed", done.stdout)

    def test_the_page_names_every_feature(self):
        done = run("server", "--url", "http://h", "--lacks", "nothing")
        known = done.stderr.partition("known are ")[2].split("\n")[0].split(", ")
        table = self.PAGE.partition("## Features")[2].partition("## Headings")[0]
        self.assertEqual(known, re.findall(r"(?m)^\| `(\w+)` \|", table))

    def test_the_page_names_every_heading(self):
        table = self.PAGE.partition("## Headings")[2]
        named = re.findall(r"(?m)^\| `([^`]+)` \|", table)
        for document in {heading.partition("#")[0] for heading in named}:
            cases = suite(GOOD).replace("tql.md#6.2", f"'{document}#none'")
            known = run("lint", "--cases", self.file(cases)).stdout.partition("known are ")[2].split("\n")[0].split(", ")
            self.assertEqual(known, [heading for heading in named if heading.partition("#")[0] == document])


class SumsTest(unittest.TestCase):
    README = (harness.ROOT / "tools" / "tqlconform" / "README.md").read_text(encoding="utf-8")
    COLUMNS = ("MUST", "SHOULD", "MAY", "DOC", "CLIENT", "PROBE", "SAMPLE", "INFERRED")

    def row(self, name, cases):
        counts = [sum(column in case[1:3] for case in cases) for column in self.COLUMNS]
        return f"| {name} | {len(cases)} | " + " | ".join(map(str, counts)) + " |\n"

    def table(self, title, cases):
        areas = {}
        for case in cases:
            areas.setdefault(case[0].partition("/")[0], []).append(case)
        columns = " | ".join(self.COLUMNS)
        return (f"| {title} | cases | {columns} |\n|---|{'---|' * (len(self.COLUMNS) + 1)}\n" +
                "".join(self.row(area, areas[area]) for area in sorted(areas)) + self.row("all", cases))

    def test_the_tables_of_the_readme_are_those_of_the_cases(self):
        cases = [line.split()[:4] for line in run("list").stdout.splitlines()]
        for title, is_client in ("for servers", False), ("for clients", True):
            table = self.table(title, [case for case in cases if (case[3] == "client") == is_client])
            self.assertIn(table, self.README, "expected in tools/tqlconform/README.md:\n" + table)


class ServerTest(ConformTest):
    @classmethod
    def setUpClass(cls):
        cls.server = harness.Server()
        cls.addClassCleanup(cls.server.stop)
        cls.url = cls.server.ready["http"]

    def check(self, cases, *flags, url=None):
        return run("server", "--url", url or self.url, "--risk", "read-write", "--cases", self.file(cases), *flags)

    def databases(self):
        report = self.folder / "databases.txt"
        cases = suite(GOOD)
        self.check(cases, "--trace", report)
        return report.read_text()

    def test_outcomes(self):
        self.assert_status(0, self.check(suite(GOOD, WRITES)))
        done = self.check(suite(GOOD, BAD))
        self.assert_status(1, done)
        self.assertIn("FAILED  x/bad [http]", done.stdout)
        self.assertIn("1 passed, 1 failed", done.stdout)

    def test_every_transport(self):
        ready = self.server.ready
        grpc = f"https://{ready['grpc']}?transport=grpc"
        done = run("server", "--url", ready["http"], "--url", ready["https"], "--url", grpc, "--insecure", "--risk",
                   "read-write", "--cases", self.file(suite(GOOD, WRITES)))
        self.assert_status(0, done)
        self.assertIn("6 passed", done.stdout)

    def test_an_untrusted_certificate_gives_no_verdict(self):
        for url in self.server.ready["https"], f"https://{self.server.ready['grpc']}?transport=grpc":
            done = self.check(suite(GOOD), "--timeout", "2s", url=url)
            self.assert_status(3, done)
            self.assertIn("1 not judged", done.stdout)

    def test_a_wrong_password_gives_no_verdict(self):
        done = run("server", "--url", self.url, "--cases", self.file(suite(GOOD)), password="wrong-password")
        self.assert_status(3, done)
        self.assertIn("no session; found status 401", done.stdout)
        self.assertNotIn("wrong-password", done.stdout + done.stderr)

    def test_read_only_leaves_no_trace_and_writes_are_skipped(self):
        done = run("server", "--url", self.url, "--cases", self.file(suite(GOOD, WRITES)))
        self.assert_status(0, done)
        self.assertIn("1 skipped: risk read_write; see --risk", done.stdout)

    def test_databases_of_the_run_are_removed(self):
        self.assert_status(0, self.check(suite(WRITES)))
        self.assertNotIn("tqlconform_", self.databases())

    def test_an_interrupt_ends_the_run_and_cleans_up(self):
        waits = WRITES.replace("step: [{{", "step: [{{pause: 600s, ")
        with subprocess.Popen([TQLCONFORM, "server", "--url", self.url, "--risk", "read-write", "--trace", "-", "--cases",
                               str(self.file(suite(GOOD, waits)))], stdout=subprocess.PIPE, stderr=subprocess.PIPE,
                              text=True, env={**os.environ, "TQL_PASSWORD": "admin"}) as process:
            self.assertIn("x/good", process.stderr.readline())  # The second case has begun or is about to.
            process.send_signal(signal.SIGINT)
            output, _ = process.communicate(timeout=PATIENCE)
        self.assertEqual(3, process.returncode, output)
        self.assertIn("The run ended early: interrupted", output)
        self.assertNotIn("tqlconform_", self.databases())

    def test_known_failures(self):
        known = self.file("# why\nx/bad @http: step 0 (query): expect.ok\n", "known.txt")
        done = self.check(suite(GOOD, BAD), "--known-failing", known)
        self.assert_status(0, done)
        self.assertIn("1 known failing", done.stdout)
        known.write_text("x/bad @HTTP\n")
        self.assert_status(0, self.check(suite(GOOD, BAD), "--known-failing", known))
        for flag, entry in ("--known-failing", "x/bad @nonsense\n"), ("--known-flaky", "x/bad @nonsense 2\n"):
            known.write_text(entry)
            done = self.check(suite(GOOD, BAD), flag, known)
            self.assert_status(2, done)
            self.assertIn('line 1: expected one of the targets @http, @https, @grpc, found "@nonsense"', done.stderr)
        known.write_text("x/bad\nx/good\n")
        done = self.check(suite(GOOD, BAD), "--known-failing", known)
        self.assert_status(4, done)
        self.assertIn("stale entry: x/good  (passed)", done.stdout)
        done = self.check(suite(GOOD, BAD), "--known-failing", known, "--fix")
        self.assert_status(4, done)
        self.assertEqual(f"rewritten: {known}\n", done.stderr)
        self.assertEqual("x/bad\n", known.read_text())
        known.unlink()
        self.assert_status(1, self.check(suite(GOOD, BAD), "--known-failing", known, "--fix"))
        self.assertEqual("x/bad @http: step 0 (query): expect.ok\n", known.read_text())

    def test_flaky_cases_are_tried_again(self):
        done = self.check(suite(GOOD, BAD), "--known-flaky", self.file("x/bad 3\n", "flaky.txt"), "--report",
                          f"json={self.folder}/r.json")
        self.assert_status(1, done)
        results = json.loads((self.folder / "r.json").read_text())["result"]
        self.assertEqual([1, 3], [result["tries"] for result in results])

    def test_each_try_of_a_case_has_an_empty_database(self):
        wrong = WRITES.replace('rows: ["7"]', 'rows: ["8"]').replace("setup: [", """setup: ["create database ${{db}}_two;", """)
        done = self.check(suite(wrong), "--known-flaky", self.file("x/writes 3\n", "flaky.txt"))
        self.assert_status(1, done)
        self.assertIn("0 passed, 1 failed;", done.stdout)
        self.assertNotIn("tqlconform_", self.databases())

    def test_reports_are_read_by_their_readers(self):
        formats = {name: self.folder / f"report.{name}" for name in ("junit", "tap", "tap14", "json", "html")}
        done = self.check(suite(GOOD, BAD, WRITES), *(f"--report={name}={path}" for name, path in formats.items()))
        self.assert_status(1, done)
        self.assertEqual({"x/good": "PASSED", "x/bad": "FAILED", "x/writes": "PASSED"},
                         {result["id"]: result["outcome"] for result in json.loads(formats["json"].read_text())["result"]})
        if shutil.which("prove"):
            prove = subprocess.run(["prove", "--exec", "cat", formats["tap"]], capture_output=True, text=True, check=False)
            self.assertIn("Failed 1/3 subtests", prove.stdout)
            self.assertNotIn("Parse errors", prove.stdout)
        if shutil.which("xmllint"):
            for name in "junit", "html":
                lint = subprocess.run(["xmllint", "--noout", *(["--html"] if name == "html" else []), formats[name]],
                                      capture_output=True, text=True, check=False)
                self.assertEqual(0, lint.returncode, lint.stderr)
        self.assert_status(0, run("diff", formats["json"], formats["json"]))

    def test_output_that_cannot_be_written(self):
        with open("/dev/full", "w") as full:
            for arguments in (("list",), ("server", "--url", self.url, "--cases", self.file(suite(GOOD)))):
                self.assert_status(2, run(*arguments, stdout=full))
        done = self.check(suite(GOOD), "--trace", "/dev/full")
        self.assert_status(2, done)
        self.assertIn("--trace: /dev/full", done.stderr)

    def test_an_output_that_cannot_be_written_does_not_keep_back_the_others(self):
        report = self.folder / "r.json"
        missing = f"{self.folder}/missing/known.txt"
        for flags in (("--known-failing", missing, "--fix"), ("--report", "junit=/dev/full"), ("--trace", "/dev/full")):
            done = self.check(suite(GOOD, BAD), *flags, "--report", f"json={report}")
            self.assert_status(2, done)
            self.assertIn(flags[1].removeprefix("junit=") + ": ", done.stderr)
            self.assertIn("1 passed, 1 failed", done.stdout)
            self.assertEqual(2, len(json.loads(report.read_text())["result"]))
            report.unlink()

    def test_reports_are_opened_before_the_run(self):
        good = f"json={self.folder / 'x.json'}"
        for reports, why in (((f"junit={self.folder}/no/x.xml", good), "No such file"), ((good, good), "two reports")):
            done = self.check(suite(GOOD), *(f"--report={report}" for report in reports))
            self.assert_status(2, done)
            self.assertIn(why, done.stderr)
            self.assertEqual("", done.stdout)

    def test_a_read_only_case_sends_no_change_however_it_is_written(self):
        for step in ('query: "dr${repeat:1:o}p database sales;"',
                     r"""http: {path: /ts_dataservice/v1/public/tql/query,
                            body: '{"query":{"statement":"dr\u006fp database sales;"}}'}""",
                     'http: {path: /ts_dataservice/v1/public/loads, body: "{}"}'):
            case = "- {id: '{area}/bad', title: T, level: MUST, ref: tql.md#5.4, evidence: DOC, step: [{" + step + "}]}"
            done = self.check("area: x\ncase:\n" + case.replace("{area}", "x"), "--risk", "read-only")
            self.assertIn(done.returncode, (2, 3), done)
            self.assertIn("READ_ONLY case must not change anything", done.stdout + done.stderr)

    def test_a_report_on_standard_output_stands_there_alone(self):
        done = self.check(suite(GOOD), "--report", "tap=-")
        self.assertEqual("TAP version 13\n1..1\nok 1 - x/good [http]\n", done.stdout)
        self.assertIn("1 passed", done.stderr)

    def test_a_trace_has_every_exchange_and_no_secret(self):
        trace = self.folder / "trace.txt"
        login = """
- {{id: "{area}/login", title: A login, level: MUST, ref: tql.md#5.2, evidence: DOC,
   step: [{{login: {{}}, expect: {{status: [200]}}}}]}}
"""
        self.assert_status(0, self.check(suite(GOOD, login), "--trace", trace))
        text = trace.read_text()
        self.assertIn("> {\"context\":{\"server_schema_version\":-1},\"query\":{\"statement\":\"show databases;\"}}", text)
        self.assertIn("password=***", text)
        self.assertIn("JSESSIONID=***", text)
        self.assertNotIn("password=admin", text)
        self.assertNotRegex(text, "JSESSIONID=[0-9a-f]")

    def test_what_a_server_lacks_is_told_from_what_it_does_wrong(self):
        lacks = """
- {{id: "{area}/lacks", title: tsload answers, level: MUST, ref: tsload.md, evidence: DOC, needs: [tsload],
   step: [{{http: {{path: /no/such/path}}, expect: {{status: [200]}}}}]}}
"""
        done = self.check(suite(lacks))
        self.assert_status(0, done)
        self.assertIn("1 lacks: the server does not know: tsload", done.stdout)
        self.assertIn("1 lacks: --lacks tsload", self.check(suite(lacks), "--lacks", "tsload").stdout)

    def test_what_is_inferred_is_reported_and_not_failed(self):
        inferred = BAD.replace("SAMPLE", "INFERRED")
        done = self.check(suite(inferred))
        self.assert_status(0, done)
        self.assertIn("differs  x/bad", done.stdout)
        self.assert_status(1, self.check(suite(inferred), "--strict"))

    def test_an_unknown_variant(self):
        done = run("server", "--url", self.url, "--wire-variant", "bogus")
        self.assert_status(2, done)
        self.assertIn('unknown variant "bogus"; known are ', done.stderr)

    def test_a_missing_certificate(self):
        done = run("server", "--url", self.url, "--cacert", "/nonexistent")
        self.assert_status(2, done)
        self.assertIn("--cacert: /nonexistent: No such file", done.stderr)

    def test_variants(self):
        cases = suite(GOOD.replace("title", "variant: cell-objects\n  title"),
                      BAD.replace("title", "variant: '!cell-objects'\n  title"))
        done = self.check(cases, "--wire-variant", "cell-objects")
        self.assert_status(0, done)
        self.assertIn("1 skipped: only without the wire variant cell-objects", done.stdout)


class JsonContentTypeTest(unittest.TestCase):
    """The vendor's client cannot read responses with this content type; every other case holds."""

    def test_the_two_cases_for_the_content_type_fail(self):
        server = harness.Server("--wire-variant", "content-type=application/json")
        self.addCleanup(server.stop)
        done = run("server", "--url", server.ready["http"], "--wire-variant", "content-type=application/json",
                   "--report", "json=-")
        self.assertEqual(1, done.returncode, done.stderr)
        self.assertEqual({"answer-shape/content-type", "script/content-type"},
                         {result["id"] for result in json.loads(done.stdout)["result"] if result["outcome"] == "FAILED"})


class Misbehaving:
    """A server that answers logins, and everything else as `answer(connection)` does."""

    LOGIN = (b"HTTP/1.1 200 OK\r\nSet-Cookie: JSESSIONID=0123456789; Path=/\r\nContent-Length: 15\r\n\r\n"
             b'{"userGUID":""}')

    def __init__(self, answer, login=LOGIN):
        self._answer = answer
        self._login = login
        self._socket = socket.create_server(("127.0.0.1", 0), backlog=64)
        self.url = f"http://127.0.0.1:{self._socket.getsockname()[1]}"
        self._closed = threading.Event()
        self._threads = [threading.Thread(target=self._accept)]
        self._threads[0].start()

    def _accept(self):
        while not self._closed.is_set():
            connection, _ = self._socket.accept()
            if self._closed.is_set():
                connection.close()
                return
            thread = threading.Thread(target=self._serve, args=(connection,))
            self._threads.append(thread)
            thread.start()

    def _serve(self, connection):
        with connection, contextlib.suppress(OSError):
            while data := connection.recv(65536):
                if b"session/login" in data:
                    connection.sendall(self._login)
                elif self._answer(connection) is None:
                    self._closed.wait(PATIENCE)  # The client leaves, or the test ends.
                    return
                else:
                    return

    def close(self):
        self._closed.set()
        socket.create_connection(self._socket.getsockname()).close()
        for thread in self._threads:
            thread.join()
        self._socket.close()


HEAD = b"HTTP/1.1 200 OK\r\nContent-Type: application/x-ndjson\r\n"


def flood(connection):
    connection.sendall(HEAD + b"\r\n")
    while True:
        connection.sendall(b"x" * (1 << 20))


def reset(connection):
    connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
    return True


def send(*pieces):
    def answer(connection):
        for piece in pieces:
            connection.sendall(piece)
        return True
    return answer


class ChangingCertificate(Misbehaving):
    """Serves over TLS, a connection for each request; after the login with another certificate."""

    ROWS = b'{"result":{"message":[{"type":"INFO","value":"x \\n"}],"complete":true}}\n'

    def __init__(self, first, second):
        contexts = []
        for files in first, second:
            contexts.append(ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER))
            contexts[-1].load_cert_chain(*files)
        self._contexts = iter([contexts[0], *[contexts[1]] * 100])
        closing = b"Connection: close\r\nContent-Length: "
        super().__init__(send(HEAD + closing + str(len(self.ROWS)).encode() + b"\r\n\r\n" + self.ROWS),
                         self.LOGIN.replace(b"Content-Length: ", closing))
        self.url = self.url.replace("http", "https")

    def _serve(self, connection):
        with contextlib.suppress(OSError):
            super()._serve(next(self._contexts).wrap_socket(connection, server_side=True))


@unittest.skipUnless(shutil.which("openssl"), "no openssl")
class ChangingCertificateTest(ConformTest):
    def certificate(self, name):
        files = self.folder / f"{name}.pem", self.folder / f"{name}.key"
        subprocess.run(["openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes",
                        "-subj", f"/CN={name}", "-addext", "subjectAltName=IP:127.0.0.1", "-out", files[0],
                        "-keyout", files[1]], check=True, capture_output=True)
        return files

    def check(self, *flags):
        first = self.certificate("first")
        server = ChangingCertificate(first, self.certificate("second"))
        self.addCleanup(server.close)
        return run("server", "--url", server.url, "--cases", self.file(suite(GOOD)), *flags or ("--cacert", first[0]))

    def test_a_certificate_that_changes_in_the_middle_gives_no_verdict(self):
        done = self.check()
        self.assert_status(3, done)
        self.assertIn("0 passed, 0 failed, 1 not judged", done.stdout)
        self.assertIn("certificate", done.stdout)

    def test_without_verification_the_change_does_not_matter(self):
        self.assert_status(0, self.check("--insecure"))


class MisbehavingServerTest(ConformTest):
    def check(self, answer, *flags, **server):
        misbehaving = Misbehaving(answer, **server)
        self.addCleanup(misbehaving.close)
        begun = time.monotonic()
        done = run("server", "--url", misbehaving.url, "--timeout", "500ms", "--cases", self.file(suite(GOOD)), *flags)
        self.assertLess(time.monotonic() - begun, PATIENCE / 2)
        return done

    def assert_not_judged(self, why, done):
        self.assert_status(3, done)
        self.assertIn("0 passed, 0 failed, 1 not judged", done.stdout)
        self.assertIn(why, done.stdout)

    def test_nothing_listens(self):
        with socket.create_server(("127.0.0.1", 0)) as probe:
            port = probe.getsockname()[1]
        done = run("server", "--url", f"http://127.0.0.1:{port}", "--cases", self.file(suite(GOOD, BAD)))
        self.assert_status(3, done)
        self.assertIn("cannot connect to 127.0.0.1", done.stdout)
        self.assertIn("2 not judged", done.stdout)

    def test_silence(self):
        self.assert_not_judged("no response in time", self.check(lambda connection: None))

    def test_silence_at_the_login(self):
        self.assert_not_judged("login at", self.check(lambda connection: None, login=b""))

    def test_a_flood(self):
        self.assert_not_judged("more than 8388608 bytes", self.check(flood, "--timeout", "20s"))

    def test_a_reset_and_a_close(self):
        self.assert_not_judged("without a response", self.check(reset))
        self.assert_not_judged("without a response", self.check(send()))

    def test_another_protocol(self):
        for text in b"SSH-2.0-OpenSSH_9.2p1\r\n", b"\x16\x03\x01\x02\x00\x01", b"\x00\x00\x12\x04\x00\x00\x00\x00\x00":
            self.assert_not_judged("expected a response of HTTP/1", self.check(send(text)))

    def test_another_protocol_at_the_login(self):
        self.assert_not_judged("expected a response of HTTP/1", self.check(send(), login=b"220 smtp ready\r\n"))

    def test_a_redirect_is_not_followed(self):
        done = self.check(send(b"HTTP/1.1 302 Found\r\nLocation: http://127.0.0.1:1/\r\nContent-Length: 0\r\n\r\n"))
        self.assert_status(1, done)
        self.assertIn("302", done.stdout)

    def test_no_report_has_the_token_of_a_session(self):
        token = "c2Vzc2lvbiBvZiBhIHVzZXI="
        body = f'{{"authToken":"{token}","locale":"en_US"}}'.encode()
        cases = """
- {{id: "{area}/token", title: A finding with a token, level: MUST, ref: rest_v1.md#2, evidence: DOC,
   step: [{{http: {{path: /callosum/v1/session/info}}, expect: {{json: {{/authToken: "^none$"}}, text: "^none$"}}}}]}}
"""
        misbehaving = Misbehaving(send(HEAD + f"Content-Length: {len(body)}\r\n\r\n".encode() + body))
        self.addCleanup(misbehaving.close)
        outputs = {name: self.folder / name for name in ("trace", "junit", "tap14", "json", "html")}
        done = run("server", "--url", misbehaving.url, "--cases", self.file(suite(cases)), "--trace", outputs["trace"],
                   *(f"--report={name}={path}" for name, path in outputs.items() if name != "trace"))
        self.assert_status(1, done)
        self.assertIn('"authToken":"***","locale":"en_US"', done.stdout)
        for text in done.stdout, *(path.read_text() for path in outputs.values()):
            self.assertIn("***", text)
            self.assertNotIn(token, text)

    def test_a_response_that_is_cut_fails(self):
        self.assert_status(1, self.check(send(HEAD + b"Content-Length: 100\r\n\r\n{}")))
        self.assert_status(1, self.check(send(HEAD + b"Transfer-Encoding: chunked\r\n\r\n2\r\n{}\r\n")))

    def test_a_response_that_stalls(self):
        def stall(connection):
            connection.sendall(HEAD + b"Content-Length: 100\r\n\r\n{}")
        self.assert_not_judged("did not end in time", self.check(stall))

    def test_a_response_without_an_end(self):
        """The bytes never pause, so that no wait ends at the time for the response."""
        def repeat(head, piece):
            def answer(connection):
                connection.sendall(head)
                while True:
                    connection.sendall(piece)
            return answer
        for head, piece in ((b"", b"HTTP/1.1 100 Continue\r\n\r\n"),
                            (HEAD + b"Transfer-Encoding: chunked\r\n\r\n0\r\n", b"X-T: 1\r\n"),
                            (HEAD + b"Transfer-Encoding: chunked\r\n\r\n", b"1\r\n{\r\n")):
            done = self.check(repeat(head, piece))
            self.assertIn(done.returncode, (1, 3), done)
            self.assertIn("0 passed", done.stdout)

    def test_a_response_of_many_lines(self):
        body = b"\n" * 8_000_000
        done = self.check(send(HEAD + f"Content-Length: {len(body)}\r\n\r\n".encode() + body), "--timeout", "10s")
        self.assert_not_judged("more than 100000 lines", done)

    def test_a_response_that_drips_ends_with_the_time_for_it(self):
        def drip(connection):
            connection.sendall(HEAD + b"Transfer-Encoding: chunked\r\n\r\n")
            while True:
                connection.sendall(b"1\r\n{\r\n")
                time.sleep(0.02)  # A slow server, not a wait of the test.
        self.assert_not_judged("did not end in time", self.check(drip))

    def test_other_encodings_fail(self):
        for body in "{\"result\":{}}".encode("utf-16"), b"\x1f\x8b\x08" + b"\x00" * 20, b"\xff\xfe\xfd":
            head = HEAD + f"Content-Length: {len(body)}\r\n\r\n".encode()
            self.assert_status(1, self.check(send(head + body)))

    def test_a_server_that_is_gone_is_not_asked_for_ever(self):
        misbehaving = Misbehaving(lambda connection: None)
        self.addCleanup(misbehaving.close)
        cases = "area: x\ncase:" + "".join(GOOD.replace("good", f"n{i}").format(area="x") for i in range(50))
        begun = time.monotonic()
        done = run("server", "--url", misbehaving.url, "--timeout", "200ms", "--cases", self.file(cases))
        self.assert_status(3, done)
        self.assertIn("the last 5 cases had no answer", done.stdout)
        self.assertIn("50 not judged", done.stdout)
        self.assertIn("Not run: ", done.stdout)
        self.assertIn("x/n49 [http]", done.stdout)
        self.assertLess(time.monotonic() - begun, 20)

    def test_grpc_against_another_protocol(self):
        misbehaving = Misbehaving(send(b"HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n"))
        self.addCleanup(misbehaving.close)
        done = run("server", "--url", misbehaving.url + "?transport=grpc", "--timeout", "1s", "--cases",
                   self.file(suite(GOOD)))
        self.assert_status(3, done)


if __name__ == "__main__":
    harness.main()
