"""The control interface under hostile requests, and namespaces that end while something uses them."""

import json
import os
import time

import harness
import wire
from mock_control_test import CONTEXT, STALL, Background, Control, ControlTest, rule

# A cross join that runs far longer than any test.
ENDLESS = "select count(*) from " + ", ".join(f"sales a{i}" for i in range(12)) + " where " + " + ".join(
    f"a{i}.amount" for i in range(12)) + " < 0"
COPY_ENDLESSLY = "insert into sales select a0.region, a0.amount from " + ", ".join(f"sales a{i}" for i in range(12))
NO_LIMITS = {"query_options": {"query_results_apply_top_row_count": 0, "pagination": {"size": 1_000_000_000}}}


class HostileTest(ControlTest):
    def setUp(self):
        super().setUp()
        self.session.query("insert into sales values " + ", ".join(f"('r{i}', {i})" for i in range(100)), context=CONTEXT)

    def threads(self):
        return len(os.listdir(f"/proc/{self.server.pid}/task"))

    def assertRows(self, expected, session):
        answer = self.assertSucceeds(session.query("select count(*) from sales", context=CONTEXT))
        self.assertEqual([[str(expected)]], answer.rows)

    def send(self, connection, session, statement):
        """Sends a query and reads no answer."""
        body = json.dumps({"context": CONTEXT, "options": NO_LIMITS, "query": {"statement": statement}})
        connection.send(wire.request_bytes("POST", harness.QUERY, session.headers, body))


class EndOfANamespaceTest(HostileTest):
    ENDS = (("removed", ("DELETE", "")), ("replaced", ("PUT", "", {"from": "main"})))

    def test_a_running_statement_is_cancelled(self):
        for statement in ENDLESS, COPY_ENDLESSLY:
            for what, end in self.ENDS:
                with self.subTest(what, statement=statement[:6]):
                    fork = self.fork("n")
                    there = self.login("n")
                    running = Background(lambda: there.query(statement, context=CONTEXT))  # pylint: disable=cell-var-from-loop
                    time.sleep(0.2)
                    self.assertTrue(running.is_alive())
                    fork.do(*end)
                    running.join(wire.PATIENCE)
                    self.assertEqual(499, running.result.status)
                    self.assertRows(100, self.session)

    def test_a_fork_of_a_namespace_with_an_endless_writer_is_refused(self):
        self.fork("n")
        there = self.login("n")
        writer = Background(lambda: there.query(COPY_ENDLESSLY, context=CONTEXT))
        time.sleep(0.2)
        status, said = self.main.error("PUT", "/namespaces/m", {"from": "n"})
        self.assertEqual(503, status, said)
        self.assertEqual(404, self.main.call("GET", "/namespaces/m")[0])
        self.assertEqual(201, self.main.call("PUT", "/namespaces/m", {"from": "main"})[0], "others can be forked")
        self.main.do("DELETE", "/namespaces/m")
        self.main.do("DELETE", "/namespaces/n")
        writer.join(wire.PATIENCE)
        self.assertEqual(499, writer.result.status)

    def test_a_client_that_reads_no_answer_does_not_keep_a_thread(self):
        before = self.threads()
        for what, end in self.ENDS:
            with self.subTest(what):
                fork = self.fork("n")
                there = self.login("n")
                with self.server.connect() as connection:
                    self.send(connection, there, "select * from sales a, sales b, sales c")
                    time.sleep(0.2)
                    fork.do(*end)
                    self.until(lambda: self.threads() <= before + 1)
        self.assertServerAnswers()

    def test_verifications_and_readers_that_wait_end(self):
        fork = self.fork("n")
        waiting = [Background(lambda: fork.verify({"match": {"kind": ["DROP TABLE"]}}, within="600s")),
                   Background(lambda: fork.call("GET", "/journal?after=1000&wait=600s"))]
        time.sleep(0.1)
        self.main.do("DELETE", "/namespaces/n")
        for one in waiting:
            one.join(wire.PATIENCE)
            self.assertFalse(one.is_alive())

    def test_forks_in_a_circle_and_in_a_chain(self):
        for number in range(20):
            for name, origin in (("a", "main" if number == 0 else "b"), ("b", "a")):
                self.main.do("PUT", f"/namespaces/{name}", {"from": origin})
                there = self.login(name)
                self.assertSucceeds(there.query(f"insert into sales values ('{name}', {number})", context=CONTEXT))
        self.assertRows(140, self.login("b"))
        self.assertRows(100, self.session)
        with self.server.connect() as connection:  # all of them exist together
            for number in range(1000):
                body = f"from: {'b' if number == 0 else f'c{number - 1}'}"
                self.assertEqual(201, connection.request("PUT", f"/mock/namespaces/c{number}", {}, body).status)
            self.assertRows(140, self.login("c999"))
            for name in "a", "b", *(f"c{i}" for i in range(1000)):
                self.assertEqual(200, connection.request("DELETE", f"/mock/namespaces/{name}").status)


class RequestsTest(HostileTest):
    def test_clients_that_leave_a_wait_leave_no_thread(self):
        before = self.threads()
        requests = (("POST", "/mock/verify", b'{"expect": [{"match": {"kind": ["DROP TABLE"]}}], "within": "600s"}'),
                    ("GET", "/mock/journal?after=1000&wait=600s", b""))
        for _ in range(10):
            for method, path, body in requests:
                with self.server.connect() as connection:
                    connection.send(wire.request_bytes(method, path, {}, body))
                    time.sleep(0.01)
        self.until(lambda: self.threads() <= before + 1)

    def test_expensive_rules_end_with_their_client_and_their_namespace(self):
        fork = self.fork("n")
        fork.do("PUT", "/plan", {"rule": [{"match": {"regex": f"(a|b)*a(a|b){{12}}{i}z"}, "times": 0} for i in range(4000)]})
        there = self.login("n")
        statement = "select '" + "ab" * 30_000 + "' from sales"
        before = self.threads()
        with self.server.connect() as connection:
            self.send(connection, there, statement)
            time.sleep(0.1)
        self.until(lambda: self.threads() <= before + 1)
        running = Background(lambda: there.query(statement, context=CONTEXT))
        time.sleep(0.1)
        self.main.do("DELETE", "/namespaces/n")
        running.join(wire.PATIENCE)
        self.assertFalse(running.is_alive())

    def test_nested_documents_take_little_memory(self):
        server = harness.Server()
        self.addCleanup(server.stop)
        main = Control(server)
        for nested in "[", "[a,", '{"rule":', "{a: ", "- ", "? ", "[\n", "&a [", "!x ":
            for begin in "", "rule: ":
                status, said = main.error("PUT", "/plan", begin + nested * (5_000_000 // len(nested)))
                self.assertEqual(400, status, said)
        with open(f"/proc/{server.pid}/status", encoding="ascii") as file:
            peak = next(int(line.split()[1]) for line in file if line.startswith("VmHWM"))
        self.assertLess(peak, 500 << 10, "KiB")

    def test_names_with_everything_in_them(self):
        for text in ("\u202e", "a\u0000b", "'; drop table sales--", "%s%n", "../main", "a\r\nX-Injected: 1", "\U0001F600" * 20,
                     "x" * 60_000):
            with self.subTest(text[:20]):
                status, said = self.main.error("PUT", "/namespaces/n", {"from": text})
                self.assertIn(status, (400, 404), said)
                self.assertLess(len(said), 500)
                status, answer = self.main.call("PUT", "/plan", {"rule": [{
                    "id": text, "match": {"user": text, "database": text, "exact": text, "header": {text: "."}}}]})
                self.assertIn(status, (200, 400), answer)
                if status == 200:
                    self.assertEqual(text, self.main.do("GET", "/plan")["rule"][0]["id"])
                status, answer = self.main.verify({"match": {"exact": text, "user": text, "rule": text}})
                self.assertIn(status, (400, 409), answer)
                self.assertServerAnswers()

    def test_an_answer_of_ten_megabytes(self):
        self.main.plan(rule("SELECT", {"answer": {"error": "x" * 9_900_000}}))
        answer = self.session.query("select * from sales", context=CONTEXT)
        self.assertEqual(200, answer.status)
        self.assertGreater(len(answer.response.body), 9_900_000)
        entry, = self.main.entries("kind=SELECT")
        self.assertEqual(4096, len(entry["error"]))

    def test_large_requests_do_not_drop_the_entries_before_them(self):
        self.session.query("select region from sales", context=CONTEXT)
        large = "x" * 3_000_000
        for more in ({"context": {**CONTEXT, "database": large}}, {"context": {**CONTEXT, "schema": large}},
                     {"options": {"formatting_options": {"null_string": large}}}, {"query": {"statement": f"select '{large}'"}}):
            self.session.post(harness.QUERY, {"context": CONTEXT, "query": {"statement": "select 1"}, **more})
        outcomes = [entry["outcome"] for entry in self.main.entries("call=QUERY")]
        self.assertEqual(6, len(outcomes), outcomes)
        warnings = [warning for entry in self.main.entries() for warning in entry.get("warning", [])]
        self.assertEqual(["the options are too large for the journal"], warnings)

    def test_a_stall_does_not_keep_the_journal_of_a_namespace(self):
        fork = self.fork("n")
        fork.plan(rule("SELECT", STALL))
        there = self.login("n")
        with self.server.connect() as connection:
            self.send(connection, there, "select * from sales")
            self.until(lambda: fork.entries("outcome=CUT"))
            self.main.do("PUT", "/namespaces/n", {"from": "main"})
            self.assertEqual([], fork.entries())


if __name__ == "__main__":
    harness.main()
