"""Statements that tqlmockd forwards to another service: recordings and their replay, comparisons, hostile services."""

import json
import os
import signal
import socket
import socketserver
import subprocess
import tempfile
import threading
import xml.etree.ElementTree

import harness
import wire

PASSWORD = "a-secret-password-of-upstream"
SETUP = """create database d; use d;
create table t (id bigint, name varchar(20), x double);
insert into t values (9007199254740993, 'a', 1.5), (2, null, null), (3, '(null)', -0.0), (4, 'it''s "q" \\ é ☃ 😀', 2);
create table p (id int);
insert into p values (1);
create table asked (id int, primary key (id));
create table asking (id int, constraint k foreign key (id) references asked (id));"""
READS = [
    "show databases;", "use d;", "show tables;", "show table t;", "script table t;", "select id, name, x from t;",
    "select count(*) from t;", "select nothing from t;", "select from where;", "show statistics for table t;",
    "select id from t where id > 100;"]
SCRIPT = "-- é\n use d; select id from t; -- a comment\nselect wrong from t; /* é */ select bad from t; show tables;"


class Folder:
    """A folder for the files of a test, with the password file of the upstream."""

    def __init__(self, test):
        folder = tempfile.TemporaryDirectory()
        test.addCleanup(folder.cleanup)
        self.path = folder.name
        self.password_file = self.write("password", PASSWORD + "\n")

    def __truediv__(self, name):
        return os.path.join(self.path, name)

    def write(self, name, text):
        with open(self / name, "w", encoding="utf-8") as file:
            os.fchmod(file.fileno(), 0o600)
            file.write(text)
        return self / name

    def read(self, name):
        with open(self / name, encoding="utf-8") as file:
            return file.read()


class RecordTest(harness.unittest.TestCase):
    maxDiff = None

    def setUp(self):
        self.folder = Folder(self)

    def start(self, *flags):
        server = harness.Server(*flags)
        self.addCleanup(lambda: server.running() and server.stop())
        return server

    def start_upstream(self, *flags):
        users = self.folder.write("users", f"up:{PASSWORD}\n")
        init = self.folder.write("init.tql", SETUP)
        return self.start("--user-file", users, "--init", init, *flags)

    def flags_for(self, url, *flags):
        return ("--upstream", url, "--upstream-user", "up", "--upstream-password-file",
                self.folder.password_file, *flags)

    def start_recorder(self, url, *flags):
        return self.start(*self.flags_for(url, "--record", self.folder / "plan.yaml", *flags))

    def finish(self, server, with_signal=signal.SIGTERM):
        status, _ = server.stop(with_signal)
        self.assertEqual(0, status, server.log())
        return self.folder.read("plan.yaml")

    def replay(self, *flags):
        return self.start("--plan", self.folder / "plan.yaml", *flags)

    def bodies(self, server, user="tsadmin", password="admin"):
        """The bytes of the answers to all reads, and to a script."""
        session = server.login(user, password)
        return [session.query(text).response.body for text in READS] + [session.script(SCRIPT).response.body]

    def refused(self, *flags):
        """The output of a server that does not start."""
        process = subprocess.run(
            [harness.binary(), "--http", "127.0.0.1:0", "--https", "off", "--grpc", "off", *flags],
            capture_output=True, text=True, timeout=wire.PATIENCE, check=False)
        self.assertEqual("", process.stdout)
        return process.returncode, process.stderr

    # ---- Recording and replay --------------------------------------------------------------------

    def test_a_replay_has_the_bytes_of_the_upstream(self):
        upstream = self.start_upstream()
        recorder = self.start_recorder(upstream.ready["http"])
        expected = self.bodies(upstream, "up", PASSWORD)
        self.assertEqual(expected, self.bodies(recorder))
        self.finish(recorder)
        upstream.stop()
        replay = self.replay("--fail-unmet")
        self.assertEqual(expected, self.bodies(replay))
        self.assertEqual(expected, self.bodies(replay), "the last answer is repeated")
        self.assertEqual(0, replay.stop()[0], replay.log())

    def test_every_protocol_can_be_recorded_from_and_replayed(self):
        upstream = self.start_upstream("--tls-cert-out", self.folder / "cert.pem")
        grpc = upstream.ready["https"].replace(str(upstream.https[1]), str(upstream.grpc[1]))
        expected = self.bodies(upstream, "up", PASSWORD)
        for url in (upstream.ready["https"], grpc + "?transport=grpc"):
            with self.subTest(url):
                recorder = self.start_recorder(url, "--upstream-cacert", self.folder / "cert.pem")
                self.assertEqual(expected, self.bodies(recorder))
                self.finish(recorder)
                replay = self.replay()
                self.assertEqual(expected, self.bodies(replay))
                replay.stop()

    def test_null_is_what_each_client_calls_it(self):
        upstream = self.start_upstream()
        recorder = self.start_recorder(upstream.ready["http"])
        text = "select name from d.falcon_default_schema.t;"
        options = {"formatting_options": {"null_string": "none"}}
        expected = ["a", "(null)", "(null)", 'it\'s "q" \\ é ☃ 😀']
        self.assertEqual([[cell] for cell in expected], recorder.login().query(text).rows)
        plan = self.finish(recorder)
        self.assertIn('null_string: "NULL"', plan)  # because a cell has the text (null)
        session = self.replay().login()
        self.assertEqual([[cell] for cell in expected], session.query(text).rows)
        expected[1] = "none"
        self.assertEqual([[cell] for cell in expected], session.query(text, options).rows)

    def test_different_answers_are_repeated_in_their_order(self):
        upstream = self.start_upstream()
        recorder = self.start_recorder(upstream.ready["http"])
        count = "select count(*) from d.falcon_default_schema.p;"
        session, writer = recorder.login(), upstream.login("up", PASSWORD)
        for _ in range(2):
            self.assertEqual([["1"]], session.query(count).rows)
        writer.do("insert into d.falcon_default_schema.p values (2);")
        self.assertEqual([["2"]], session.query(count).rows)
        self.finish(recorder)
        session = self.replay().login()
        self.assertEqual([[["1"]], [["1"]], [["2"]], [["2"]]], [session.query(count).rows for _ in range(4)])

    def test_answers_depend_on_the_database_and_the_options(self):
        upstream = self.start_upstream()
        upstream.login("up", PASSWORD).do(
            "create database e;", "create table e.falcon_default_schema.t (id int);")
        recorder = self.start_recorder(upstream.ready["http"])
        contexts = [{"database": name, "server_schema_version": -1} for name in ("d", "e", "")]
        page = {"query_options": {"pagination": {"start": 1, "size": 2}}}
        calls = [("select id from t;", None, contexts[0]), ("select id from t;", page, contexts[0]),
                 ("select id from t;", None, contexts[1]), ("select id from t;", None, contexts[2])]
        session = recorder.login()
        expected = [session.query(*call).response.body for call in calls]
        self.assertEqual(4, len(set(expected)))
        self.finish(recorder)
        session = self.replay().login()
        for call, body in reversed(list(zip(calls, expected))):
            self.assertEqual(body, session.query(*call).response.body)

    def test_what_was_not_recorded_fails_in_a_replay(self):
        upstream = self.start_upstream()
        recorder = self.start_recorder(upstream.ready["http"])
        self.bodies(recorder)
        self.finish(recorder)
        replay = self.replay("--fail-unmet")
        self.bodies(replay)
        answer = replay.login().query("select 1;")
        self.assertEqual(["No rule of the plan matches this statement.\n"], answer.errors)
        self.assertEqual(4, replay.stop()[0])

    def test_only_reads_are_forwarded(self):
        upstream = self.start_upstream()
        recorder = self.start_recorder(upstream.ready["http"])
        session = recorder.login()
        for text in ("insert into d.falcon_default_schema.p values (7);", "drop database d;",
                     "select id into d.falcon_default_schema.copy from d.falcon_default_schema.p;",
                     "delete from d.falcon_default_schema.p;", "/* select */ truncate table p;",
                     "select 1 from t; drop database d;", "select 1 from ; drop table p", "merge into p using t;"):
            with self.subTest(text):
                answer = session.query(text)
                self.assertIn("--allow-writes", answer.errors[-1])
        self.assertEqual(["d"], [line for line in upstream.login("up", PASSWORD).query("show databases;").output
                                 if not line.startswith("thoughtspot")])
        plan = self.finish(recorder)
        self.assertNotIn("drop", plan)

    def test_questions_and_writes_with_permission(self):
        upstream = self.start_upstream()
        recorder = self.start_recorder(upstream.ready["http"], "--allow-writes")
        change = "drop table d.falcon_default_schema.asked;"

        def run(server):
            session = server.login()
            asked = session.query(change)
            question = asked.results[0]["interactive_question"][0]
            answers = [{"question_id": question["question_id"], "answer": "no"}]
            return [asked.response.body, session.query(change, answers=answers).response.body]
        expected = run(recorder)
        self.assertIn(b"Nothing was done.", expected[1])
        plan = self.finish(recorder)
        self.assertIn("interactive_question:", plan)
        self.assertEqual(expected, run(self.replay()))

    def test_an_answer_that_is_too_large_is_passed_on_and_recorded_as_an_error(self):
        upstream = self.start_upstream()
        session = upstream.login("up", PASSWORD)
        session.do("create table d.falcon_default_schema.big (x varchar(1000));")
        big = "x" * 1000
        for _ in range(3):
            session.script("".join(f"insert into d.falcon_default_schema.big values ('{big}');" for _ in range(500)))
        recorder = self.start_recorder(upstream.ready["http"])
        text = "select top 2000 x from d.falcon_default_schema.big;"
        self.assertEqual([[big]] * 1500, recorder.login().query(text).rows)
        plan = self.finish(recorder)
        self.assertLess(len(plan), 2000)
        self.assertIn("1 answers have more than 1 MiB", recorder.log())
        self.assertIn("more than the 1048576", self.replay().login().query(text).errors[0])

    def test_the_file_is_written_while_the_server_runs_and_by_ctrl_c(self):
        upstream = self.start_upstream()
        recorder = self.start_recorder(upstream.ready["http"])
        self.assertIn("rule: []", self.folder.read("plan.yaml"))
        self.assertEqual(0o600, os.stat(self.folder / "plan.yaml").st_mode & 0o777)
        self.bodies(recorder)
        plan = self.finish(recorder, signal.SIGINT)
        for text in READS:
            self.assertIn(text.rstrip(";"), plan)
        self.assertEqual([], [name for name in os.listdir(self.folder.path) if name.startswith("plan.yaml.")])

    def test_no_secret_reaches_the_file_or_the_log(self):
        upstream = self.start_upstream()
        recorder = self.start_recorder(upstream.ready["http"], "--log-level", "debug")
        self.bodies(recorder)
        session = recorder.login()
        session.query("show databases;")
        plan = self.finish(recorder) + recorder.log()
        for secret in (PASSWORD, "admin\n", session.cookie, "JSESSIONID", "Cookie"):
            self.assertNotIn(secret, plan)

    def test_rules_act_before_the_upstream(self):
        upstream = self.start_upstream()
        fault = self.folder.write("fault.yaml", "rule: [{match: {kind: [SELECT]}, do: [{answer: {error: no}}]}]")
        recorder = self.start_recorder(upstream.ready["http"], "--plan", fault)
        session = recorder.login()
        self.assertEqual(["no"], session.query("select 1;").errors)
        self.assertEqual([["1"]], session.query("select 1;").rows)
        self.assertEqual(1, self.finish(recorder).count("select 1"))

    # ---- Flags -----------------------------------------------------------------------------------

    def test_flags_that_do_not_fit(self):
        url = "http://127.0.0.1:9"
        record = ("--record", self.folder / "plan.yaml")
        for flags, message in (
                (record, "--record needs --upstream URL"),
                (("--allow-writes",), "--allow-writes needs --upstream URL"),
                (("--upstream", url), "needs one of --record FILE and --diff"),
                (("--upstream", url, "--diff", *record), "needs one of --record FILE and --diff"),
                (("--upstream", "ftp://x", *record), "--upstream: "),
                (("--upstream", "http://u:p@x", *record), "--upstream: "),
                (("--upstream", url, *record), "--upstream-user"),
                (("--upstream", url, "--upstream-user", "up", *record), "TQL_PASSWORD"),
                (self.flags_for(url, "--record", self.folder.path), "not a regular file")):
            with self.subTest(flags):
                status, error = self.refused(*flags)
                self.assertEqual(1, status, error)
                self.assertIn(message, error)
                self.assertNotIn(PASSWORD, error)

    def test_a_service_that_cannot_be_used_ends_the_start(self):
        upstream = self.start_upstream("--tls-cert-out", self.folder / "cert.pem")
        other = self.start("--tls-cert-out", self.folder / "other.pem")
        record = ("--record", self.folder / "plan.yaml")
        wrong = self.folder.write("wrong", "not-the-password\n")
        for flags, message in (
                (self.flags_for("http://127.0.0.1:9", *record), "127.0.0.1:9"),
                (self.flags_for(upstream.ready["https"], *record), "certificate"),
                (self.flags_for(upstream.ready["https"], "--upstream-cacert", self.folder / "other.pem", *record),
                 "certificate"),
                (self.flags_for(upstream.ready["http"], "--upstream-password-file", wrong, *record),
                 "--upstream http://")):
            with self.subTest(flags):
                status, error = self.refused(*flags)
                self.assertEqual(2, status, error)
                self.assertIn(message, error)
                self.assertNotIn("not-the-password", error)
                self.assertFalse(os.path.exists(self.folder / "plan.yaml"))
        other.stop()

    # ---- Hostile services ------------------------------------------------------------------------

    def test_an_answer_that_breaks_breaks_the_answer_of_the_client(self):
        head = "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n"
        line = '{"result":{"final_context":{"database":"d"},"table":{"headers":[{"name":"a","type":"INT"}],"rows":['
        redirect = "HTTP/1.1 302 Found\r\nLocation: http://127.0.0.1:9/\r\nContent-Length: 0\r\n\r\n"
        page = "HTTP/1.1 200 OK\r\nContent-Type: text/html\r\nContent-Length: 13\r\n\r\n<html></html>"
        answers = {"closed": "", "garbage": "\0\1\2 no HTTP\r\n\r\n", "redirect": redirect, "page": page,
                   "refused": "HTTP/1.1 503 Busy\r\nContent-Length: 0\r\n\r\n",
                   "login": "HTTP/1.1 401 No\r\nContent-Length: 0\r\n\r\n",
                   "not JSON": head + "5\r\nabcde\r\n0\r\n\r\n",
                   "cut": head + f"{len(line):x}\r\n{line}\r\n"}
        for name, answer in answers.items():
            with self.subTest(name), ScriptedService(answer.encode()) as service:
                recorder = self.start_recorder(service.url)
                session = recorder.login()
                try:
                    response = session.query("select 1;").response
                    self.assertGreaterEqual(response.status, 400)
                    self.assertNotEqual(401, response.status, "the session of the client is valid")
                    self.assertIn("no answer from " + service.url, response.text)
                except (wire.WireError, OSError):
                    self.assertEqual("cut", name, "only an answer that began may be cut")
                self.assertNotIn("select 1", self.finish(recorder))
                self.assertNotIn(ScriptedService.COOKIE, recorder.log())

    def test_a_silent_service_holds_neither_the_client_nor_the_stop(self):
        with ScriptedService(None) as service:
            recorder = self.start_recorder(service.url)
            session = recorder.login()
            with recorder.connect() as connection:
                body = json.dumps({"query": {"statement": "select 1;"}}).encode()
                connection.send(b"POST %s HTTP/1.1\r\nHost: localhost\r\nCookie: JSESSIONID=%s\r\n"
                                b"Content-Length: %d\r\n\r\n%s" %
                                (harness.QUERY.encode(), session.cookie.encode(), len(body), body))
                self.assertTrue(service.asked.wait(wire.PATIENCE))
            # The client has disconnected.
            self.assertEqual([], recorder.login().query("").errors)
            self.assertTrue(service.left.wait(wire.PATIENCE))
            self.finish(recorder)

    # ---- Comparison ------------------------------------------------------------------------------

    def differences(self, flags, run):
        """Runs statements on a server that compares; returns its exit status, its log and the report."""
        report = self.folder / "report.json"
        server = self.start(*flags, "--diff", "--report", f"json={report},junit={self.folder / 'report.xml'}")
        run(server)
        status, _ = server.stop()
        return status, server.log(), json.loads(self.folder.read("report.json"))

    def test_the_same_data_has_no_differences(self):
        upstream = self.start_upstream()
        flags = self.flags_for(upstream.ready["http"], "--init", self.folder / "init.tql", "--fail-unmet")
        status, log, report = self.differences(flags, self.bodies)
        self.assertEqual(0, status, log)
        self.assertIn("compared 16 statements", log)
        self.assertEqual("16", report["comparison"]["equal"])
        self.assertNotIn("difference", report["comparison"])

    def test_kinds_of_differences(self):
        upstream = self.start_upstream()
        ours = self.folder.write("ours.tql", """create database d; use d;
            create table t (id int, name varchar(20), x double);
            insert into t values (4, 'b', 2), (3, '(null)', -0.0);
            create table p (id int); insert into p values (2), (1);
            create table only_ours (a int);""")
        upstream.login("up", PASSWORD).do("insert into d.falcon_default_schema.p values (2);")
        flags = self.flags_for(upstream.ready["http"], "--init", ours, "--fail-unmet")

        def run(server):
            session = server.login()
            session.do("use d;")
            for text in ("select id from t;", "select id from p;", "select a from only_ours;", "select id from p;",
                         "select nonsense from t where;"):
                session.query(text)
            upstream.login("up", PASSWORD).do(
                "create table d.falcon_default_schema.only_theirs (a int);")
            session.query("select a from only_theirs;")
            self.assertIn("--allow-writes", session.query("drop table t;").errors[0])
        status, log, report = self.differences(flags, run)
        self.assertEqual(4, status)
        found = {d["statement"]: (d["kind"], d["count"]) for d in report["comparison"]["difference"]}
        self.assertEqual({"select id from t": ("MEANING", "1"), "select id from p": ("ORDER", "2"),
                          "select a from only_ours": ("MEANING", "1"),
                          "select a from only_theirs": ("GAP", "1")}, found)
        self.assertIn('column 1: ours "id INT", theirs "id BIGINT"', log)
        self.assertIn("order: select id from p (2 times)", log)
        suites = xml.etree.ElementTree.parse(self.folder / "report.xml").getroot()
        failed = [case.get("name") for case in suites.iter("testcase") if case.find("failure") is not None]
        self.assertEqual(4, len(failed))

    def test_the_client_of_a_comparison_reads_our_answers(self):
        upstream = self.start_upstream()
        status, log, report = self.differences(
            self.flags_for(upstream.ready["http"]),
            lambda server: self.assertIn("d", "".join(server.login().query("select 1;").rows[0]) + "d"))
        self.assertEqual((0, "1"), (status, report["comparison"]["equal"]), log)


    # ---- Reports ---------------------------------------------------------------------------------

    def test_a_report_has_rules_and_what_was_unexpected(self):
        plan = self.folder.write("plan.yaml", """settings: {unmatched: FAIL}
rule:
- {id: used, match: {kind: [USE]}}
- {id: unused, match: {kind: [SELECT]}, times: 2}
- {id: optional, match: {kind: [HELP]}, may_stay_unused: true}
""")
        json_file, junit_file = self.folder / "report.json", self.folder / "report.xml"
        server = self.start("--plan", plan, "--report", f"json={json_file}", "--report", f"junit={junit_file}",
                            "--fail-unmet")
        session = server.login()
        session.query("use d;")
        session.query("show '\x1b<&]]>\"\U0001f600';")
        self.assertEqual(4, server.stop()[0])
        report = json.loads(self.folder.read("report.json"))
        (space,) = report["namespace"]
        self.assertNotIn("ok", report)
        self.assertEqual([("used", True), ("unused", False), ("optional", True)],
                         [(rule["id"], rule.get("ok", False)) for rule in space["rule"]])
        self.assertEqual(["show '\x1b<&]]>\"\U0001f600'"], [entry["text"] for entry in space["unmatched"]])
        (suite,) = xml.etree.ElementTree.parse(junit_file).getroot()
        cases = {case.get("name"): case.find("failure") for case in suite}
        self.assertEqual((str(len(cases)), "2"), (suite.get("tests"), suite.get("failures")))
        self.assertEqual("acted 0 of 2 times, matched 0", cases["rule unused"].text)
        self.assertIn("show '#x1B<&]]>\"\U0001f600'", cases["a rule matches every statement"].text)
        self.assertIsNone(cases["rule used"])

    def test_a_report_without_a_cause_for_complaint(self):
        server = self.start("--report", f"json={self.folder / 'report.json'}", "--fail-unmet")
        server.login().query("use d;")
        self.assertEqual(0, server.stop()[0])
        self.assertTrue(json.loads(self.folder.read("report.json"))["ok"])


class ScriptedService:
    """A service that accepts every login and sends `answer` to every other request; None: nothing at all."""

    COOKIE = "0123456789abcdefcookie"

    def __init__(self, answer):
        self.asked = threading.Event()
        self.left = threading.Event()
        service = self

        class Handler(socketserver.StreamRequestHandler):
            def handle(self):
                while (head := self.read_head()) is not None:
                    if "/session/login" in head:
                        self.wfile.write(b"HTTP/1.1 204 No Content\r\nSet-Cookie: JSESSIONID="
                                         + ScriptedService.COOKIE.encode() + b"; Path=/\r\n\r\n")
                        continue
                    service.asked.set()
                    if answer is None:
                        self.rfile.read(1)  # until the client disconnects
                        service.left.set()
                        return
                    self.wfile.write(answer)
                    self.wfile.flush()
                    self.connection.shutdown(socket.SHUT_WR)
                    return

            def read_head(self):
                try:
                    head = ""
                    while (line := self.rfile.readline().decode()) not in ("\r\n", ""):
                        head += line
                    if not head:
                        return None
                    length = [line for line in head.splitlines() if line.lower().startswith("content-length")]
                    self.rfile.read(int(length[0].split(":")[1]) if length else 0)
                    return head
                except OSError:
                    return None

        socketserver.ThreadingTCPServer.daemon_threads = True
        self._server = socketserver.ThreadingTCPServer(("127.0.0.1", 0), Handler)
        self.url = "http://127.0.0.1:%d" % self._server.server_address[1]
        threading.Thread(target=self._server.serve_forever, daemon=True).start()

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self._server.shutdown()
        self._server.server_close()


if __name__ == "__main__":
    harness.main()
