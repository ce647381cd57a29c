"""The client mode as a process: each adapter of the project, the mutants, and programs that misbehave.

`client_test.py TQLCONFORM TQL LIBTQL_ADAPTER C_SHELL ADAPTERS [unittest arguments]`
ctest runs each class as a test of its own, so that they run side by side.
"""

import contextlib
import os
import re
import signal
import subprocess
import sys
import tempfile
import time
import unittest

TQLCONFORM, TQL, LIBTQL, C_SHELL, ADAPTERS = sys.argv[1:6]
PYTHON = sys.executable
# Long enough for a loaded machine; a test that waits for it has failed.
PATIENCE = 600


def adapter(*path):
    return os.path.join(ADAPTERS, *path)


class ClientTest(unittest.TestCase):
    maxDiff = None

    def check(self, *arguments):
        """The exit status and the report of a run."""
        # The programs wait most of the time.
        done = subprocess.run([TQLCONFORM, "client", "--jobs", "8", *arguments], stdin=subprocess.DEVNULL,
                              capture_output=True, text=True, errors="replace", timeout=PATIENCE,
                              check=False, env=dict(os.environ, no_proxy="*"))
        return done.returncode, done.stdout + done.stderr

    def passes(self, *arguments):
        status, report = self.check("--strict", *arguments)
        self.assertEqual(0, status, report[-8000:])
        return report


class ProjectClients(ClientTest):
    def test_libtql_passes_everything(self):
        report = self.passes("--adapter", "full", "--", LIBTQL)
        self.assertNotIn("skipped", report)

    def test_tql_passes_what_a_shell_can_do(self):
        report = self.passes("--adapter", "tql", "--", TQL)
        reasons = re.findall(r"not supported: (.*)", report)
        for reason in reasons:
            self.assertRegex(reason, "cannot send a script|cannot give the answer")

    def test_the_vendor_mode_of_tql(self):
        self.passes("--adapter", "vendor", "--run", "client-shapes/error*",
                    "--run", "client-truncation/*", "--", TQL, "--vendor")

    def test_c_example(self):
        # The C interface cannot set the time limit of a login, and its strings end with a NUL.
        self.passes("--adapter", adapter("c", "shell.yaml"), "--skip", "client-time/silent-login",
                    "--skip", "client-values/nul", "--", C_SHELL)


class Examples(ClientTest):
    def test_python_full(self):
        self.passes("--", PYTHON, adapter("python", "full.py"))

    def test_python_shell(self):
        self.passes("--adapter", adapter("python", "shell.yaml"), "--over", "http",
                    "--", PYTHON, adapter("python", "shell.py"))

    def test_python_wire(self):
        self.passes("--adapter", "wire", "--over", "https", "--", PYTHON, adapter("python", "wire.py"))

    def test_curl_wire(self):
        # Sends the statements of a session one by one, and nothing again.
        self.passes("--adapter", "wire", "--run", "client-faults/*lost", "--run", "client-tls/*",
                    "--run", "client-time/silent-insert", "--run", "client-values/*-in-a-statement",
                    "--skip", "client-faults/script*", "--", "sh", adapter("curl", "wire.sh"))


    def test_a_slow_start_is_no_verdict(self):
        # The case ends after 500 ms and a grace of 500 ms.
        self.passes("--timeout", "500ms", "--over", "http", "--run", "client-shapes/nulls", "--",
                    "sh", "-c", 'sleep 2; exec "$@"', "sh", PYTHON, adapter("python", "full.py"))


class Mutants(ClientTest):
    # tqlconform selftest runs all of them.
    def test_mutants_die_by_the_cases_that_name_them(self):
        report = self.passes("--mutants", "--run", "client-framing/*", "--",
                             PYTHON, adapter("python", "mutants.py"))
        self.assertNotIn("survives", report)

    def test_each_mutant_is_named(self):
        listed = subprocess.run([PYTHON, adapter("python", "mutants.py"), "--list"],
                                capture_output=True, text=True, check=True).stdout.split()
        self.assertGreaterEqual(len(listed), 30)
        report = self.check("--mutants", "--run", "client-framing/*", "--",
                            PYTHON, adapter("python", "full.py"))[1]
        self.assertIn("the mutant survives the case", report)  # full.py has no fault


class Failures(ClientTest):
    CASE = """
area: mine
case:
- id: mine/row
  title: The row is another one
  level: MUST
  ref: "tql.md#5.4"
  evidence: DOC
  client:
    setup: ["create database d;", "create table d.falcon_default_schema.t (a varchar(0));",
            "insert into d.falcon_default_schema.t values ('found');"]
    run: ["select a from d.falcon_default_schema.t;"]
    expect: {end: SUCCESS, rows: ["expected"]}
"""

    def fails(self, transport):
        with tempfile.NamedTemporaryFile("w", suffix=".yaml") as file:
            file.write(self.CASE)
            file.flush()
            status, report = self.check("--cases", file.name, "--over", transport, "--",
                                        PYTHON, adapter("python", "full.py"))
        self.assertEqual(1, status, report)
        self.assertIn('expected "expected"', report)
        return report

    def test_requests_and_responses_are_shown_without_secrets(self):
        report = self.fails("http")
        self.assertRegex(report, r"> POST \S+/query HTTP/1.1")
        self.assertIn("< HTTP/1.1 200", report)
        self.assertIn('"v":["found"]', report)
        self.assertRegex(report, r"(?i)> cookie: JSESSIONID=\*\*\*")

    def test_the_trace_has_the_calls_of_cases_that_pass(self):
        with tempfile.NamedTemporaryFile() as trace:
            self.passes("--run", "client-shapes/nulls", "--over", "http", "--trace", trace.name, "--",
                        PYTHON, adapter("python", "full.py"))
            text = trace.read().decode()
        self.assertIn("== client-shapes/nulls [full/http]: passed", text)
        self.assertRegex(text, r"< HTTP/1.1 200")
        self.assertNotRegex(text, r"(?i)jsessionid=[0-9a-f]|password=admin")

    def test_of_encrypted_calls_the_journal_is_shown(self):
        report = self.fails("https")
        self.assertIn("the journal of the server", report)
        self.assertIn("select a from d.falcon_default_schema.t", report)


class BrokenPrograms(ClientTest):
    def breaks(self, script, reason, *arguments):
        begun = time.monotonic()
        status, report = self.check("--timeout", "500ms", "--run", "client-framing/*",
                                    *arguments, "--", "sh", "-c", script)
        self.assertEqual(3, status, report[-4000:])
        self.assertIn(reason, report)
        self.assertNotRegex(report, r"(?m)^failed")
        self.assertLess(time.monotonic() - begun, 120)

    def test_exits_at_once(self):
        self.breaks("exit 7", "exited with status 7")

    def test_reports_the_end_of_standard_error(self):
        self.breaks("echo no module named tql >&2; exit 1", "no module named tql")

    def test_is_killed(self):
        self.breaks("kill -9 $$", "signal 9")

    def test_hangs(self):
        self.breaks("exec sleep 1000", "wrote no result in time")

    def test_closes_its_input(self):
        self.breaks("exec <&-; exec sleep 1000", "wrote no result in time")

    def test_closes_its_output(self):
        self.breaks("exec >&-; exec sleep 1000", "closed its standard output")

    def test_prints_binary(self):
        self.breaks("head -c 100000 /dev/urandom; echo; exec sleep 1000", "not a ClientResult")

    def test_prints_a_gigabyte(self):
        self.breaks("exec head -c 1073741824 /dev/zero", "more than 16 MiB", "--timeout", "10s")

    def test_prints_a_gigabyte_in_shell_depth(self):
        self.breaks("exec head -c 1073741824 /dev/zero", "more than 16 MiB", "--adapter", "tql",
                    "--timeout", "10s")

    def test_leaves_children_behind(self):
        self.breaks("sleep 1000 & exit 0", "exited with status 0")

    def test_wire_depth_reports_the_end_of_standard_error(self):
        self.breaks("no-such-curl", "exited with status 127; its standard error ends with", "--adapter", "wire")
        self.breaks("no-such-curl", "no-such-curl: not found", "--adapter", "wire")

    def test_answers_with_the_result_of_another_case(self):
        self.breaks("""while read line; do echo '{"case":"other"}'; done""", "result of the case")

    def test_invents_success_without_a_call(self):
        name = """read line; name=${line#*:\\"}; name=${name%%\\"*}; """
        self.breaks(name + """echo "{\\"case\\":\\"$name\\"}" """, "sent nothing to the server")

    def test_a_program_that_does_not_exist(self):
        status, report = self.check("--", "/nonexistent/program")
        self.assertEqual(3, status, report)
        self.assertIn("/nonexistent/program", report)


class Leftovers(ClientTest):
    """What a run leaves behind: no temporary folder and no process."""

    # Writes the id of a process that has a session of its own, and one whose parent has ended.
    SCRIPT = """setsid sleep 1000 & echo $! >> "$PIDS"; (setsid sh -c 'echo $$ >> "$PIDS"; exec sleep 1000' &) ; """

    def setUp(self):
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        self.pids = os.path.join(folder.name, "pids")
        self.temporary = os.path.join(folder.name, "temporary")
        os.mkdir(self.temporary)

    def start(self, script, *arguments):
        return subprocess.Popen([TQLCONFORM, "client", "--run", "client-framing/*", "--over", "https", *arguments, "--",
                                 "sh", "-c", script], stdin=subprocess.DEVNULL, stdout=subprocess.PIPE,
                                stderr=subprocess.STDOUT, text=True,
                                env={**os.environ, "TMPDIR": self.temporary, "PIDS": self.pids, "no_proxy": "*"})

    def started(self):
        with contextlib.suppress(FileNotFoundError), open(self.pids) as file:
            return [int(line) for line in file.read().split("\n")[:-1]]
        return []

    def assert_nothing_is_left(self):
        self.assertEqual([], os.listdir(self.temporary))
        running = [pid for pid in self.started() if os.path.exists(f"/proc/{pid}")]
        for pid in running:
            os.kill(pid, signal.SIGKILL)
        self.assertEqual([], running)

    def await_programs(self):
        deadline = time.monotonic() + PATIENCE
        while len(self.started()) < 4 or not os.listdir(self.temporary):
            self.assertLess(time.monotonic(), deadline)
            time.sleep(0.01)

    def test_after_programs_that_exit(self):
        with self.start(self.SCRIPT + "exit 1") as run:
            output, _ = run.communicate(timeout=PATIENCE)
        self.assertEqual(3, run.returncode, output)
        self.assertGreater(len(self.started()), 1)
        self.assert_nothing_is_left()

    def test_processes_without_the_mark_end_with_the_run(self):
        script = """(env -i setsid sh -c 'echo $$ >> "$0"; exec sleep 1000' "$PIDS" &)
            while [ ! -s "$PIDS" ]; do sleep 0.01; done; exit 1"""
        with self.start(script) as run:
            run.communicate(timeout=PATIENCE)
        self.assertGreater(len(self.started()), 0)
        self.assert_nothing_is_left()

    def test_after_an_interrupt(self):
        with self.start(self.SCRIPT + "exec sleep 1000") as run:
            self.await_programs()
            run.send_signal(signal.SIGINT)
            output, _ = run.communicate(timeout=PATIENCE)
        self.assertEqual(3, run.returncode, output)
        self.assert_nothing_is_left()

    def test_after_signals_that_end_the_run_at_once(self):
        for signals in ((signal.SIGQUIT,), (signal.SIGALRM,), (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)):
            with self.start(self.SCRIPT + "exec sleep 1000", "--jobs", "4") as run:
                self.await_programs()
                for one in signals:
                    run.send_signal(one)
                run.communicate(timeout=PATIENCE)
            self.assertGreaterEqual(run.returncode, 3)
            self.assert_nothing_is_left()
            os.unlink(self.pids)


class CommandLine(ClientTest):
    def test_a_target_is_an_adapter_and_a_transport(self):
        for flag, tries in ("--known-failing", ""), ("--known-flaky", " 2"):
            with tempfile.NamedTemporaryFile("w", suffix=".txt") as file:
                file.write(f"client-* @http{tries}\n")
                file.flush()
                status, report = self.check(flag, file.name, "--", "no-such-program")
            self.assertEqual(2, status, report)
            self.assertIn('expected one of the targets @full/http, @full/https, @full/grpc, found "@http"', report)

    def test_an_adapter_with_a_mistake_runs_nothing(self):
        adapter_file = "name: a\ndepth: SHELL\nurl: {http: x}\n"
        for line, place in (('argument: [a, "${bogus}"]', "argument[1]: ${bogus}: unknown variable; known are url, host,"),
                            ('trust: ["${bogus}"]', "trust[0]: ${bogus}"), ('input: "${value}"', "input: ${value}"),
                            ('environment: {A: "${bogus}"}', "environment.A: ${bogus}"),
                            ('option: {x.y: "${answer}"}', "option.x.y: ${answer}"),
                            ('how: {query: "${bogus}"}', "how.query: ${bogus}"), ('answer: "${value}"', "answer: ${value}"),
                            ('how: {both: ""}', 'how: expected one of query, script, found "both"'),
                            ('input: "${url"', 'input: "${url" has no closing brace'), ("noise: [a, '(']", "noise[1]: ")):
            with tempfile.NamedTemporaryFile("w", suffix=".yaml") as file:
                file.write(adapter_file + line + "\n")
                file.flush()
                status, report = self.check("--adapter", file.name, "--", "touch", file.name + ".run")
                self.assertEqual(2, status, report)
                self.assertIn(f"{file.name}: {place}", report)
                self.assertFalse(os.path.exists(file.name + ".run"))
        with tempfile.NamedTemporaryFile("w", suffix=".yaml") as file:
            file.write(adapter_file.replace("x}", "x, ftp: y}"))
            file.flush()
            status, report = self.check("--adapter", file.name, "--", "true")
        self.assertEqual(2, status, report)
        self.assertIn('url: expected one of http, https, grpc, grpcs, found "ftp"', report)

    def test_usage(self):
        for arguments, reason in (
                ((), "COMMAND"),
                (("--adapter", "/nonexistent", "--", "true"), "not one of full, tql, vendor, wire"),
                (("--adapter", adapter("c", "shell.c"), "--", "true"), "shell.c"),
                (("--over", "carrier-pigeon", "--", "true"), "http, https, grpc"),
                (("--run", "nothing/*", "--", "true"), "nothing/*")):
            status, report = self.check(*arguments)
            self.assertEqual(2, status, report)
            self.assertIn(reason, report)


if __name__ == "__main__":
    unittest.main(argv=sys.argv[:1] + sys.argv[6:])
