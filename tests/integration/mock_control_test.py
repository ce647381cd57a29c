"""The control interface of the test double over HTTP: namespaces, plans, the journal, verification, access."""

import contextlib
import json
import os
import subprocess
import tempfile
import threading
import time
import urllib.parse

import harness
import wire

try:
    import official_client
except ImportError:
    official_client = None

TABLES = "create database d; use d; create table sales (region varchar(10), amount double);"
CONTEXT = {"database": "d", "server_schema_version": -1}
STALL = {"cut": {"how": "STALL"}}


def rule(kind, *actions, **more):
    return {"match": {"kind": [kind]}, "do": list(actions), **more}


class Control:
    """Calls the control interface of a server; `space` is empty for the short paths of main."""

    def __init__(self, server, space=""):
        self.server = server
        self.base = "/mock" + (f"/namespaces/{space}" if space else "")

    def call(self, method, path="", body=b"", headers=()):
        """Returns the status and the parsed body."""
        if isinstance(body, (dict, list)):
            body = json.dumps(body)
        response = self.server.exchange(method, self.base + path, dict(headers), body)
        return response.status, json.loads(response.body)

    def do(self, method, path="", body=b""):
        """A call that must succeed."""
        status, answer = self.call(method, path, body)
        if status not in (200, 201):
            raise AssertionError(f"{method} {path}: {status} {answer}")
        return answer

    def error(self, method, path="", body=b"", headers=()):
        status, answer = self.call(method, path, body, headers)
        return status, answer["error"]["message"]

    def plan(self, *rules, **settings):
        return self.do("PUT", "/plan", {"rule": list(rules), **({"settings": settings} if settings else {})})

    def entries(self, query=""):
        return self.do("GET", "/journal?" + query).get("entry", [])

    def verify(self, *expect, **more):
        """Returns the status and the answer."""
        return self.call("POST", "/verify", {"expect": list(expect), **more})


class Background(threading.Thread):
    """Runs a function; `result` has its result or its exception, `seconds` the time that it took."""

    def __init__(self, run):
        super().__init__()
        self._run_it = run
        self.start()

    def run(self):
        begun = time.monotonic()
        try:
            self.result = self._run_it()
        except (AssertionError, OSError) as error:
            self.result = error
        self.seconds = time.monotonic() - begun


class ControlTest(harness.ServerTest):
    def setUp(self):
        super().setUp()
        self.main = Control(self.server)
        self.main.do("PUT", "/namespaces/main", {"drop_sessions": True})
        self.session = self.server.login()
        harness.run_script(self.session, TABLES)
        self.main.do("DELETE", "/journal")

    def fork(self, name, **request):
        self.main.do("PUT", f"/namespaces/{name}", {"from": "main", **request})
        self.addCleanup(self.main.call, "DELETE", f"/namespaces/{name}")
        return Control(self.server, name)

    def login(self, space):
        return self.server.login(f"{harness.USER}+{space}")

    def until(self, holds):
        deadline = time.monotonic() + wire.PATIENCE
        while not holds():
            self.assertLess(time.monotonic(), deadline)
            time.sleep(0.005)

    def rows(self, session):
        return self.assertSucceeds(session.query("select region from sales order by region", context=CONTEXT)).rows


class NamespacesTest(ControlTest):
    def test_statuses(self):
        for expected, method, path, body in (
                (201, "PUT", "/namespaces/n", "from: main\nttl: 60s\n"), (200, "PUT", "/namespaces/n", b""),
                (200, "PUT", "/namespaces/n", {"name": "n"}), (400, "PUT", "/namespaces/n", {"name": "m"}),
                (200, "GET", "/namespaces/n", b""), (200, "GET", "/namespaces", b""),
                (404, "PUT", "/namespaces/m", {"from": "nobody"}), (404, "GET", "/namespaces/m", b""),
                (404, "DELETE", "/namespaces/m", b""), (404, "GET", "/namespaces/m/plan", b""),
                (404, "PUT", "/namespaces/m/plan", b""), (404, "GET", "/namespaces/m/journal", b""),
                (404, "POST", "/namespaces/m/verify", b""), (404, "DELETE", "/namespaces/m/journal", b""),
                (400, "PUT", "/namespaces/.n", b""), (400, "PUT", "/namespaces/" + "n" * 65, b""),
                (400, "PUT", "/namespaces/a%2Fb", b""), (400, "PUT", "/namespaces/a%00b", b""),
                (400, "PUT", "/namespaces/%C3%A9", b""), (400, "PUT", "/namespaces/a+b", b""),
                (400, "PUT", "/namespaces/n", "from: [\n"), (400, "PUT", "/namespaces/n", {"ttl": "-1s"}),
                (400, "PUT", "/namespaces/n", '{"frm": "main"}'), (400, "DELETE", "/namespaces/main", b""),
                (200, "DELETE", "/namespaces/n", b""), (404, "DELETE", "/namespaces/n", b""),
                (405, "PATCH", "/plan", b""), (404, "GET", "/nothing", b""), (200, "GET", "", b"")):
            with self.subTest(method=method, path=path, body=body):
                status, answer = self.main.call(method, path, body)
                self.assertEqual(expected, status, answer)

    def test_errors_name_the_place(self):
        for body, message in (("from: main\nfrm: x\n", 'line 2, column 1: unknown key "frm"'),
                              ('{"ttl": "5"}', "ttl: line 1, column 9: expected a duration"),
                              ("ttl: 1s\nttl: 2s\n", "line 2, column 1")):
            with self.subTest(body=body):
                status, said = self.main.error("PUT", "/namespaces/n", body)
                self.assertEqual(400, status)
                self.assertIn(message, said)

    def test_main_has_no_time_to_live(self):
        status, said = self.main.error("PUT", "/namespaces/main", {"ttl": "0.01s"})
        self.assertEqual((400, 'ttl: the namespace "main" always exists'), (status, said))
        time.sleep(0.05)
        self.main.do("GET", "/namespaces")
        self.assertServerAnswers()

    def test_a_fork_has_its_own_rows_and_main_is_reset(self):
        self.session.do("insert into sales values ('north', 1)")
        fork = self.fork("n")
        there = self.login("n")
        self.assertEqual([["north"]], self.rows(there))
        there.do("use d", "insert into sales values ('south', 2)")
        self.assertEqual([["north"], ["south"]], self.rows(there))
        self.assertEqual([["north"]], self.rows(self.session))
        self.assertEqual("+n", fork.do("GET")["user_suffix"])
        self.main.do("PUT", "/namespaces/n", {"from": "main"})
        self.assertEqual([["north"]], self.rows(there), "sessions stay")
        self.main.do("PUT", "/namespaces/main", {})
        self.assertNotIn("d", self.session.query("show databases").output)

    def test_forks_of_forks(self):
        self.session.do("insert into sales values ('north', 1)")
        origin = "main"
        with self.server.connect() as connection:
            for depth in range(1000):
                name = f"deep{depth}"
                made = connection.request("PUT", f"/mock/namespaces/{name}", {}, f"from: {origin}")
                self.assertEqual(201, made.status, made.text)
                if origin != "main":
                    self.assertEqual(200, connection.request("DELETE", f"/mock/namespaces/{origin}").status)
                origin = name
        self.assertEqual([["north"]], self.rows(self.login(origin)))
        self.main.do("DELETE", f"/namespaces/{origin}")

    def test_time_to_live(self):
        self.main.do("PUT", "/namespaces/short", {"ttl": "0.2s"})
        self.assertEqual("0.200s", self.main.do("GET", "/namespaces/short")["ttl"])
        time.sleep(0.3)
        self.assertEqual(404, self.main.call("GET", "/namespaces/short")[0])
        names = [space["name"] for space in self.main.do("GET", "/namespaces")["namespace"]]
        self.assertNotIn("short", names)

    def test_the_vendors_client_logs_in_to_a_namespace(self):
        if official_client is None:
            self.skipTest("python3-requests is not installed")
        fork = self.fork("n")
        client = official_client.OfficialClient(self.server, f"{harness.USER}+n")
        self.addCleanup(client.close)
        client.query("show databases;")
        entry, = fork.entries("kind=SHOW%20DATABASES")
        self.assertEqual(("HTTPS", "tsadmin"), (entry["transport"], entry["user"]))
        self.assertEqual([], self.main.entries("kind=SHOW%20DATABASES"))

    def test_drop_sessions(self):
        self.fork("n")
        there = self.login("n")
        self.assertEqual(1, Control(self.server, "n").do("GET")["sessions"])
        self.main.do("PUT", "/namespaces/n", {"from": "main", "drop_sessions": True})
        self.assertEqual(401, there.query("show databases").status)
        self.assertEqual(200, self.session.query("show databases").status)

    def test_an_unknown_namespace_refuses_the_login(self):
        form = urllib.parse.urlencode({"username": "tsadmin+nobody", "password": harness.PASSWORD})
        response = self.server.exchange("POST", harness.LOGIN,
                                        {"Content-Type": "application/x-www-form-urlencoded"}, form)
        self.assertEqual(401, response.status)
        self.assertIn("nobody", response.text)

    def test_at_most_10_000(self):
        server = harness.Server()
        self.addCleanup(server.stop)
        with server.connect() as connection:
            for number in range(9_999):
                response = connection.request("PUT", f"/mock/namespaces/n{number}", {}, b"")
                self.assertEqual(201, response.status, response.text)
            response = connection.request("PUT", "/mock/namespaces/more", {}, b"")
        self.assertEqual(429, response.status, response.text)
        self.assertIn("10000", response.text)

    def test_memory_is_flat_over_forks_made_and_deleted(self):
        def resident():
            with open(f"/proc/{self.server.pid}/statm", encoding="ascii") as file:
                return int(file.read().split()[1]) * os.sysconf("SC_PAGE_SIZE")

        with self.server.connect() as connection:
            def forks(count):
                for _ in range(count):
                    for method, status in (("PUT", 201), ("DELETE", 200)):
                        response = connection.request(method, "/mock/namespaces/flat", {}, b"from: main")
                        self.assertEqual(status, response.status, response.text)
            forks(300)
            before = resident()
            forks(int(os.environ.get("TQLKIT_FORKS", "700")))
        self.assertLess(resident() - before, 4 << 20)


class PlanTest(ControlTest):
    def test_replaces_appends_and_removes(self):
        put = self.main.do("PUT", "/plan", "rule:\n- match: {kind: [SELECT]}\n  do: [{status: {http: 503}}]\n")
        self.assertEqual("r1", put["rule"][0]["id"])
        self.main.do("POST", "/plan", {"rule": [{"id": "mine"}]})
        self.assertEqual(503, self.session.query("select * from sales").status)
        first, second = self.main.do("GET", "/plan")["rule"]
        self.assertEqual((1, 1, "mine"), (first["seen"], first["fired"], second["id"]))
        self.assertEqual(2, len(self.main.do("DELETE", "/plan")["rule"]))
        self.assertNotIn("rule", self.main.do("GET", "/plan"))

    def test_a_plan_with_a_mistake_changes_nothing(self):
        self.main.plan(rule("SELECT", {"status": {"http": 503}}))
        for bad, path in (({"match": {"like": "select from"}}, "rule[1].match.like: line 1, column 8"),
                          ({"match": {"regex": "(a"}}, "rule[1].match.regex: invalid regular expression"),
                          ({"match": {"regex": "(a{1000}){1000}"}}, "rule[1].match.regex: invalid regular expression"),
                          ({"match": {"kind": ["NOTHING"]}}, "rule[1].match.kind[0]"),
                          ({"match": {"table": ["a.b.c.d"]}}, "rule[1].match.table[0]"),
                          ({"do": [{"head": {"set": {"X": "a\r\nSet-Cookie: b"}}}]}, 'rule[1].do[0].head.set["X"]'),
                          ({"do": [{"head": {"set": {"X\r\nY": "a"}}}]}, "rule[1].do[0].head.set"),
                          ({"do": [{"status": {"http": 503, "content_type": "a\r\nb: c", "body": "x"}}]},
                           "rule[1].do[0].status.content_type"),
                          ({"do": [{"delay": "-1s"}]}, "rule[1].do[0].delay"),
                          ({"do": [{"status": {"http": 99}}]}, "rule[1].do[0].status")):
            with self.subTest(bad=bad):
                status, said = self.main.error("PUT", "/plan", {"rule": [rule("INSERT"), bad]})
                self.assertEqual(400, status, said)
                self.assertIn(path, said)
        self.assertEqual(["SELECT"], [k for r in self.main.do("GET", "/plan")["rule"] for k in r["match"]["kind"]])

    def test_large_plans(self):
        self.main.plan(*[rule("INSERT", id=f"i{i}") for i in range(10_000)])
        begun = time.monotonic()
        self.rows(self.session)
        self.assertLess(time.monotonic() - begun, 5)
        status, said = self.main.error("POST", "/plan", {"rule": [{}]})
        self.assertEqual(400, status)
        self.assertIn("expected at most 10000", said)
        large = {"rule": [rule("SELECT", {"answer": {"error": "x" * 100_000}}) for _ in range(99)]}
        self.assertEqual(200, self.main.call("PUT", "/plan", large)[0])
        self.assertEqual(413, self.main.call("PUT", "/plan", b" " * (11 << 20))[0])

    def test_a_change_of_the_plan_ends_a_delay_and_the_answer_comes(self):
        self.main.plan(rule("SELECT", {"delay": "600s"}))
        waiting = Background(lambda: self.session.query("select * from sales", context=CONTEXT))
        self.until(lambda: self.main.do("GET", "/plan")["rule"][0].get("fired"))
        self.main.do("POST", "/plan", {"rule": [rule("DROP TABLE")]})
        time.sleep(0.05)
        self.assertTrue(waiting.is_alive(), "rules were added, the delay stays")
        self.main.do("DELETE", "/plan")
        waiting.join()
        self.assertSucceeds(waiting.result)
        self.assertEqual("OK", self.main.entries("kind=SELECT")[0]["outcome"])

    def test_ends_of_a_stall(self):
        for what, end in (("plan replaced", ("PUT", "/plan")), ("plan removed", ("DELETE", "/plan")),
                          ("namespace replaced", ("PUT", "")), ("namespace removed", ("DELETE", ""))):
            with self.subTest(what):
                fork = self.fork("n")
                fork.plan(rule("SELECT", STALL))
                there = self.login("n")
                stalled = Background(lambda: there.query("select * from sales", context=CONTEXT))  # pylint: disable=cell-var-from-loop
                self.until(lambda: fork.entries("outcome=CUT"))  # pylint: disable=cell-var-from-loop
                fork.do("POST", "/plan", {"rule": [rule("INSERT")]})
                time.sleep(0.05)
                self.assertTrue(stalled.is_alive(), "rules were added, the stall stays")
                fork.do(*end)
                stalled.join(20)
                self.assertIsInstance(stalled.result, wire.WireError)

    def test_many_stalls_do_not_delay_others(self):
        self.main.plan(rule("SELECT", STALL, times=0))
        stalled = [Background(lambda s=self.server.login(): s.query("select * from sales", context=CONTEXT))
                   for _ in range(300)]  # more than --threads
        self.until(lambda: self.main.do("GET", "/plan")["rule"][0].get("fired") == 300)
        begun = time.monotonic()
        self.session.do("insert into sales values ('north', 1)")
        self.assertLess(time.monotonic() - begun, 5)
        self.assertTrue(all(one.is_alive() for one in stalled))
        self.main.do("DELETE", "/plan")
        for one in stalled:
            one.join()
            self.assertIsInstance(one.result, wire.WireError)

    def test_a_stop_ends_stalls_delays_and_waits(self):
        server = harness.Server()
        main = Control(server)
        harness.run_script(server.login(), TABLES)
        main.plan(rule("SELECT", STALL), rule("INSERT", {"delay": "600s"}), rule("SHOW DATABASES", {"delay": "600s"},
                                                                                 {"status": {"http": 503}}))
        waiting = [Background(lambda s=server.login(), t=text: s.query(t, context=CONTEXT))
                   for text in ("select * from sales", "insert into sales values ('a', 1)", "show databases")]
        waiting += [Background(lambda: main.call("GET", "/journal?wait=600s&after=1000")),
                    Background(lambda: main.verify({"match": {"kind": ["DROP TABLE"]}}, within="600s"))]
        self.until(lambda: all(r.get("fired") for r in main.do("GET", "/plan")["rule"]))
        time.sleep(0.2)
        begun = time.monotonic()
        self.assertEqual(0, server.stop()[0])
        self.assertLess(time.monotonic() - begun, 8)
        for one in waiting:
            one.join()

    def test_faults_of_other_namespaces_leave_a_clean_one_as_it_is(self):
        def median(session):
            times = []
            for _ in range(200):
                begun = time.monotonic()
                self.assertEqual([["north"]], self.rows(session))
                times.append(time.monotonic() - begun)
            return sorted(times)[100]

        self.session.do("insert into sales values ('north', 1)")
        clean = self.login(self.fork("clean") and "clean")
        alone = median(clean)
        faults = []
        for number in range(32):
            fork = self.fork(f"fault{number}")
            fork.plan(rule("SELECT", (STALL, {"delay": "600s"}, {"cut": {"at": {"row": 0}, "how": "RESET"}},
                                      {"answer": {"error": "no"}})[number % 4], times=0))
            there = self.login(f"fault{number}")
            faults.append(Background(lambda s=there: s.query("select region from sales", context=CONTEXT)))
            self.until(lambda: fork.do("GET", "/plan")["rule"][0].get("fired"))  # pylint: disable=cell-var-from-loop
        self.assertLess(median(clean), 3 * alone + 0.005)
        self.assertTrue(all(e["outcome"] == "OK" for e in Control(self.server, "clean").entries()))
        for number in range(32):
            self.main.do("DELETE", f"/namespaces/fault{number}")
        for one in faults:
            one.join()


class JournalTest(ControlTest):
    def entry_of(self, kind):
        entries = self.main.entries("kind=" + kind)
        self.assertEqual(1, len(entries), entries)
        return entries[0]

    def test_queries(self):
        self.session.do("insert into sales values ('north', 1.5)", "use d")
        self.session.query("select * from sales")
        self.session.query("select * from nothing")
        insert = self.entry_of("INSERT")
        self.assertEqual(("QUERY", "HTTP", "tsadmin", "OK"), tuple(
            insert[name] for name in ("call", "transport", "user", "outcome")))
        self.assertEqual((["d.falcon_default_schema.sales"], ["north", "1.5"]), (insert["table"], insert["literal"]))
        self.assertNotIn(self.session.cookie, json.dumps(self.main.do("GET", "/journal")))
        for query, kinds in (("kind=INSERT&kind=SELECT", ["INSERT", "SELECT", "SELECT"]), ("table=sales", ["INSERT", "SELECT"]),
                             ("outcome=FAILED", ["SELECT"]), (f"after={insert['seq']}&limit=1", ["USE"]),
                             ("regex=nor.h", ["INSERT"]), ("user=nobody", []), ("database=d&call=QUERY&transport=HTTP&limit=2",
                                                                               ["INSERT", "USE"])):
            with self.subTest(query):
                self.assertEqual(kinds, [entry["kind"] for entry in self.main.entries(query)])
        for query, said in (("nothing=1", 'unknown parameter "nothing"'), ("limit=x", "limit: "), ("wait=1", "wait: "),
                            ("regex=(", "match.regex: "), ("limit=1&limit=2", 'the parameter "limit" occurs twice'),
                            ("header=x", 'unknown parameter "header"'), ("kind=NOTHING", "match.kind[0]")):
            with self.subTest(query):
                status, message = self.main.error("GET", "/journal?" + query)
                self.assertEqual(400, status)
                self.assertIn(said, message)

    def test_waits_for_an_entry(self):
        last = int(self.main.do("GET", "/journal").get("last", 0))
        self.assertNotIn("entry", self.main.do("GET", f"/journal?after={last}&wait=0.05s"))
        waiting = Background(lambda: self.main.entries(f"after={last}&kind=INSERT&wait=60s"))
        self.session.do("use d", "insert into sales values ('north', 1)")
        waiting.join()
        self.assertEqual(["INSERT"], [entry["kind"] for entry in waiting.result])
        self.assertLess(waiting.seconds, 50)

    def test_does_not_have_calls_to_the_control_interface(self):
        self.main.call("GET")
        self.main.call("PUT", "/plan", b"rule: [")
        self.main.call("GET", "/nothing")
        self.main.call("GET", "", b"", {"Origin": "http://evil.example"})
        self.assertEqual([], self.main.entries())
        self.server.exchange("GET", "/nothing")
        self.assertEqual(["OTHER"], [entry["call"] for entry in self.main.entries()])

    def test_matches_paths(self):
        for path in "/healthz", "/callosum/v1/session/isactive", "/callosum/v1/session/info":
            self.session.exchange("GET", path)
        self.assertEqual(["/callosum/v1/session/isactive", "/callosum/v1/session/info"],
                         [entry["path"] for entry in self.main.entries("path=/callosum/*&call=REST")])
        status, answer = self.main.verify({"match": {"path": ["/health"], "call": ["OTHER"]}})
        self.assertEqual(409, status)
        self.assertIn("expected at least 1 OTHER to /health   found 0; nearest:", answer["explanation"])
        self.assertIn("OTHER /healthz    path: expected /health, found /healthz", answer["explanation"])

    def test_a_path_selects_what_a_rule_acts_on(self):
        self.main.plan({"match": {"path": ["*/isactive"]}, "do": [{"status": {"http": 503}}]})
        self.assertEqual(200, self.session.exchange("GET", "/callosum/v1/session/info").status)
        self.assertEqual(503, self.session.exchange("GET", "/callosum/v1/session/isactive").status)
        self.assertEqual(204, self.session.exchange("GET", "/callosum/v1/session/isactive").status)
        self.assertEqual(400, self.main.call("PUT", "/plan", {"rule": [{"match": {"path": [""]}}]})[0])

    def test_long_texts_keep_their_kind_and_their_tables(self):
        self.session.do("use d", "insert into sales values ('" + "x" * 300_000 + "', 1)")
        self.session.script("".join(f"insert into sales values ('{c * 9000}', 2);\n" for c in "abc"), context=CONTEXT)
        long_select = "select amount, '" + "y" * 300_000 + "' from sales"
        for _ in range(3):
            self.session.query(long_select, context=CONTEXT)
        for kind, count in (("INSERT", 4), ("SELECT", 3)):
            status, answer = self.main.verify({"match": {"kind": [kind], "table": ["d.*.sales"]}, "exactly": count})
            self.assertEqual(200, status, answer)
        entry = self.main.entries("kind=SELECT")[0]
        self.assertEqual((4096, ["d.falcon_default_schema.sales"]), (len(entry["text"]), entry["table"]))
        self.assertNotIn("shape", entry)

    def test_rules_match_long_texts(self):
        self.main.plan(rule("SELECT", {"answer": {"error": "long"}}),
                       {"match": {"like": "select amount, ? from sales"}, "do": [{"answer": {"error": "like"}}]})
        long_select = "select amount, '" + "y" * 300_000 + "' from sales"
        self.assertEqual(["long", "like"], [self.session.query(long_select, context=CONTEXT).errors[0] for _ in range(2)])

    def test_pieces_of_an_answer_are_sent_separately(self):
        self.main.plan(rule("USE", {"answer": {"piece": [{"text": '{"result":{'}, {"text": '"complete":'}, {"text": "true}}"}]}}))
        body = json.dumps({"context": CONTEXT, "query": {"statement": "use d"}})
        with self.server.connect() as connection:
            connection.send_request("POST", harness.QUERY, self.session.headers, body)
            pieces = list(connection.pieces(connection.read_head()))
        self.assertEqual([b'{"result":{', b'"complete":', b"true}}"], pieces)

    def test_an_entry_exists_before_the_end_of_the_answer(self):
        times = int(os.environ.get("TQLKIT_ENTRIES", "100"))
        # A rule with a filter records the statement at the end of the whole answer.
        for rules in ([], [rule("SELECT", {"edit": {"replace": {"regex": "nothing", "with": "x"}}}, times=0)]):
            self.main.plan(*rules)
            for connect in self.server.connect, self.server.connect_tls:
                with connect() as queries, self.server.connect() as control:
                    for number in range(times):
                        text = f"select {number} from sales"
                        body = json.dumps({"context": CONTEXT, "query": {"statement": text}})
                        self.assertEqual(200, queries.request("POST", harness.QUERY, self.session.headers, body).status)
                        found = control.request("POST", "/mock/verify", {}, json.dumps(
                            {"expect": [{"match": {"exact": text}, "exactly": 1}]}))
                        self.assertEqual(200, found.status, found.text)
                self.main.do("DELETE", "/journal")

    def test_each_statement_has_one_entry_in_order(self):
        inserts = [f"insert into sales values ('r', {i})" for i in range(500)]
        first = {"run": "FIRST", "status": {"http": 503, "message": "lost"}}
        for action, outcomes in ((None, ["OK"] * 500), (first, ["REFUSED"] + ["OK"] * 499),
                                 ({"cut": {"how": "RESET"}}, ["CUT"]), ({"status": {"http": 503}}, ["REFUSED"]),
                                 ({"answer": {"error": "no"}}, ["FAILED"]),
                                 ({"cut": {"at": {"end": True}}}, ["CUT"] + ["OK"] * 499)):
            with self.subTest(action=action):
                self.main.plan(*([rule("INSERT", action)] if action else []))
                self.main.do("DELETE", "/journal")
                with contextlib.suppress(wire.WireError, OSError):
                    self.session.script(";".join(inserts) + ";", context=CONTEXT)
                entries = self.main.entries()
                self.assertEqual(outcomes, [entry["outcome"] for entry in entries][:len(outcomes)])
                self.assertEqual(inserts[:len(entries)], [entry["text"] for entry in entries])
                if action:
                    self.assertEqual(["r1"], entries[0]["rule"])

    def test_a_cancelled_statement_has_one_entry(self):
        self.main.plan(rule("SELECT", {"delay": "600s"}))
        body = json.dumps({"context": CONTEXT, "query": {"statement": "select * from sales"}})
        with self.server.connect() as connection:
            connection.send(wire.request_bytes("POST", harness.QUERY, self.session.headers, body))
            self.until(lambda: self.main.do("GET", "/plan")["rule"][0].get("fired"))
        self.assertEqual(["CANCELLED"], [e["outcome"] for e in self.main.entries("kind=SELECT&wait=60s")])
        self.assertEqual(1, len(self.main.entries()))

    def test_is_read_while_many_threads_write(self):
        sessions = [self.server.login() for _ in range(64)]
        self.main.do("DELETE", "/journal")
        before = int(self.main.do("GET", "/journal")["last"])
        writers = [Background(lambda s=session: [s.query("show databases").status for _ in range(20)]) for session in sessions]
        while any(writer.is_alive() for writer in writers):
            numbers = [int(entry["seq"]) for entry in self.main.entries()]
            self.assertEqual(sorted(set(numbers)), numbers)
        for writer in writers:
            writer.join()
            self.assertEqual([200] * 20, writer.result)
        self.assertEqual(before + 64 * 20, int(self.main.do("GET", "/journal")["last"]))

    def test_off(self):
        server = harness.Server("--journal", "off")
        self.addCleanup(server.stop)
        main = Control(server)
        server.login().do("show databases")
        self.assertEqual({}, main.do("GET", "/journal"))
        self.assertEqual(200, main.verify()[0], "the plan is verified")
        status, answer = main.verify({"match": {"kind": ["INSERT"]}, "at_most": 0})
        self.assertEqual((412, "the journal is off"), (status, answer["error"]["message"]))

    def test_drops_old_entries_and_says_so(self):
        server = harness.Server("--journal", "3")
        self.addCleanup(server.stop)
        main = Control(server)
        session = server.login()
        for _ in range(4):
            session.do("show databases")
        journal = main.do("GET", "/journal")
        self.assertEqual((3, "2", "5"), (len(journal["entry"]), journal["dropped"], journal["last"]))
        status, answer = main.verify({"match": {"kind": ["SHOW DATABASES"]}})
        self.assertEqual((409, "2"), (status, answer["dropped"]))
        self.assertIn("the journal has dropped 2 entries", answer["explanation"])
        self.assertEqual(200, main.verify({"match": {"kind": ["SHOW DATABASES"]}}, after=2)[0])


class VerifyTest(ControlTest):
    INSERT = {"kind": ["INSERT"]}
    SELECT = {"kind": ["SELECT"]}

    def test_near_misses_name_the_part_that_differs(self):
        self.session.do("use d", "insert into sales values ('north', 1.5)")
        self.session.query("select * from sales")
        status, answer = self.main.verify({"match": {"kind": ["INSERT"], "table": ["sale"],
                                                     "like": "insert into sale values (?, ?)"}, "exactly": 1})
        self.assertEqual(409, status)
        insert = self.main.entries("kind=INSERT")[0]["seq"]
        lines = answer["explanation"].splitlines()
        self.assertRegex(lines[0], r"^expected 1 INSERT of sale like  insert into sale values \(\?, \?\)   found 0; nearest:$")
        self.assertRegex(lines[1], rf"^#{insert}  insert into sales values \('north', 1.5\)    table: expected sale, found ")
        near = answer["failure"][0]["near"]
        self.assertEqual(insert, near[0]["seq"])
        self.assertTrue(any(part.startswith("table: expected sale, found ") for part in near[0]["difference"]))
        self.assertGreater(len(near[1]["difference"]), len(near[0]["difference"]))

    def test_counts_order_and_nothing_else(self):
        self.session.do("use d", "insert into sales values ('north', 1)", "insert into sales values ('south', 2)")
        self.session.query("select * from sales")
        after = int(self.main.entries("kind=USE")[0]["seq"])
        insert, select = {"match": self.INSERT}, {"match": self.SELECT}
        for expected, expect, more in (
                (200, [insert], {}), (200, [{**insert, "exactly": 2}], {}), (409, [{**insert, "exactly": 1}], {}),
                (409, [{**insert, "at_least": 3}], {}), (200, [{**insert, "at_most": 2}], {}), (409, [{**insert, "at_most": 1}], {}),
                (400, [{**insert, "at_least": 3, "at_most": 2}], {}), (400, [{**insert, "exactly": 1, "at_most": 2}], {}),
                (200, [insert, select], {"in_order": True}), (409, [select, insert], {"in_order": True}),
                (200, [{**insert, "exactly": 2}, select], {"in_order": True}), (200, [insert, select], {"nothing_else": True}),
                (409, [insert], {"nothing_else": True}), (409, [insert], {"after": after + 2}),
                (400, [{"match": {"regex": "("}}], {}), (400, [insert] * 1001, {}), (400, [insert], {"within": "-1s"})):
            with self.subTest(expect=expect[:2], more=more):
                status, answer = self.main.verify(*expect, **more)
                self.assertEqual(expected, status, answer)

    def test_within(self):
        begun = time.monotonic()
        self.assertEqual(409, self.main.verify({"match": self.INSERT}, within="0.1s")[0])
        self.assertGreaterEqual(time.monotonic() - begun, 0.1)
        waiting = Background(lambda: self.main.verify({"match": self.INSERT, "exactly": 2}, within="60s"))
        for _ in range(2):
            self.session.query("insert into sales values ('north', 1)", context=CONTEXT)
        waiting.join()
        self.assertEqual(200, waiting.result[0])
        self.assertLess(waiting.seconds, 50)

    def test_the_empty_one(self):
        self.main.plan(rule("SELECT", id="twice", times=2), rule("INSERT", id="spare", may_stay_unused=True))
        self.rows(self.session)
        status, answer = self.main.verify()
        self.assertEqual((409, "rule twice acted 1 of 2 times\n"), (status, answer["explanation"]))
        self.rows(self.session)
        self.assertEqual((200, {"ok": True}), self.main.verify())
        self.main.plan(unmatched="FAIL")
        self.assertFails(self.session.query("show databases"), "No rule of the plan matches")
        status, answer = self.main.verify()
        self.assertEqual(409, status)
        self.assertRegex(answer["explanation"], r"^#\d+  show databases    no rule matched\n$")

    def test_a_large_request(self):
        for _ in range(100):
            self.session.query("select * from sales", context=CONTEXT)
        body = json.dumps({"expect": [{"match": {"exact": "x" * 9_000}} for _ in range(1000)]})
        begun = time.monotonic()
        status, answer = self.main.call("POST", "/verify", body)
        self.assertEqual((409, 1000), (status, len(answer["failure"])))
        self.assertLess(time.monotonic() - begun, 60)
        self.assertEqual(413, self.main.call("POST", "/verify", b" " * (11 << 20))[0])


def outside_address():
    """An address of this machine that is not a loopback address; empty if it has no other."""
    found = subprocess.run(["hostname", "-I"], capture_output=True, text=True, check=False).stdout.split()
    return next((address for address in found if "." in address), "")


class AccessTest(ControlTest):
    TOKEN = "a-token-of-the-control-interface"

    def test_pages_of_other_origins_are_refused(self):
        own = f"http://localhost:{self.server.http[1]}"
        host = own.removeprefix("http://")
        for origin, expected in (("http://evil.example", 403), ("null", 403), ("http://localhost:1", 403), (own, 200)):
            with self.subTest(origin):
                for method, path in (("GET", ""), ("DELETE", "/plan"), ("POST", "/verify")):
                    self.assertEqual(expected, self.main.call(method, path, b"", {"Host": host, "Origin": origin})[0])

    def test_tokens(self):
        address = outside_address()
        if not address:
            self.skipTest("the machine has loopback addresses only")
        with tempfile.NamedTemporaryFile("w") as file:
            file.write(self.TOKEN + "\n")
            file.flush()
            for flags, environment in ((["--control-token-file", file.name], None), ([], self.TOKEN), ([], None)):
                with self.subTest(flags=flags, environment=environment):
                    if environment:
                        os.environ["TQLMOCKD_CONTROL_TOKEN"] = environment
                    try:
                        server = harness.Server("--http", "0.0.0.0:0", "--user", "u:a password", *flags)
                    finally:
                        os.environ.pop("TQLMOCKD_CONTROL_TOKEN", None)
                    self.check_token(server, address, accepted=bool(flags or environment))
                    server.stop()

    def check_token(self, server, address, accepted):
        def status(host, headers):
            with wire.Connection((host, server.http[1])) as connection:
                return connection.request("GET", "/mock/plan", headers).status

        right, wrong = {"Authorization": f"Bearer {self.TOKEN}"}, {"Authorization": "Bearer " + "x" * len(self.TOKEN)}
        self.assertEqual([403, 401, 200 if accepted else 401], [status(address, h) for h in ({}, wrong, right)])
        self.assertEqual([200, 401], [status("127.0.0.1", h) for h in ({}, wrong)])

    def test_off(self):
        server = harness.Server("--control", "off")
        self.addCleanup(server.stop)
        self.assertEqual(404, server.exchange("GET", "/mock/plan").status)
        server.login().do("show databases")


if __name__ == "__main__":
    harness.main()
