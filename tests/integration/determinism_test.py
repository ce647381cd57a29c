"""Clocks that tests move, and seeds: the same calls get the same bytes."""

import datetime
import json
import random
import subprocess

import harness
import mock_control_test
from load_client import Loader
from mock_control_test import CONTEXT, Control

NOON = "2030-01-01T12:00:00Z"


class ClockTest(mock_control_test.ControlTest):
    def test_statuses(self):
        t1 = self.fork("t1")
        for expected, method, path, body in (
                (200, "GET", "/clock", b""), (200, "PUT", "/clock", {"now": NOON, "frozen": True}),
                (200, "PUT", "/namespaces/t1/clock", "advance: 60s\n"), (200, "PUT", "/clock", {"frozen": False}),
                (200, "PUT", "/clock", {"real": True}), (404, "GET", "/namespaces/t2/clock", b""),
                (404, "PUT", "/namespaces/t2/clock", {"real": True}), (405, "POST", "/clock", b"")):
            with self.subTest(method=method, path=path, body=body):
                status, answer = self.main.call(method, path, body)
                self.assertEqual(expected, status, answer)
        for body, message in (
                ("", "expected now, advance, frozen or real"), ({"real": False}, "expected now, advance, frozen or real"),
                ({"real": True, "now": NOON}, "real: expected no other field"),
                ({"real": True, "frozen": False}, "real: expected no other field"),
                ({"now": "noon"}, "now: line 1, column 9: expected a time such as"),
                ({"now": "1969-12-31T23:59:59Z"}, "now: the time must be from 1970-01-01 to 2199-12-31"),
                ({"now": "9999-12-31T23:59:59Z"}, "now: the time must be"), ({"now": "0001-01-01T00:00:00Z"}, "now: the time must be"),
                ({"advance": "-1s"}, "advance: "), ({"advance": "7000000000s"}, "advance: "),
                ({"advance": "300000000000s"}, "advance: "), ({"advances": "1s"}, 'unknown key "advances"')):
            with self.subTest(body=body):
                status, said = t1.error("PUT", "/clock", body)
                self.assertEqual(400, status)
                self.assertIn(message, said)

    def test_shows_what_is_set(self):
        t1 = self.fork("t1")
        before = t1.do("GET", "/clock")
        self.assertEqual((True, False), (before["real"], before.get("frozen", False)))
        self.assertEqual({"now": NOON, "frozen": True}, t1.do("PUT", "/clock", {"now": NOON, "frozen": True}))
        self.assertEqual({"now": "2030-01-01T13:00:00Z", "frozen": True}, t1.do("PUT", "/clock", {"advance": "3600s"}))
        self.assertEqual("2030-01-01T13:00:00Z", self.fork_of("t1", "t2").do("GET", "/clock")["now"])
        self.assertNotEqual("2030", self.main.do("GET", "/clock")["now"][:4])
        running = t1.do("PUT", "/clock", {"now": NOON, "frozen": False})
        self.until(lambda: t1.do("GET", "/clock")["now"] > running["now"])
        t1.do("PUT", "/clock", {"real": True})
        now = datetime.datetime.now(datetime.timezone.utc).strftime("%Y-%m-%d")
        self.assertLessEqual(now, t1.do("GET", "/clock")["now"])

    def fork_of(self, origin, name):
        self.main.do("PUT", f"/namespaces/{name}", {"from": origin})
        self.addCleanup(self.main.call, "DELETE", f"/namespaces/{name}")
        return Control(self.server, name)

    def test_sessions_of_the_namespace_expire(self):
        t1 = self.fork("t1")
        here, there = self.login("t1"), self.server.login()
        t1.do("PUT", "/clock", {"advance": "1801s"})
        self.assertEqual(401, here.query("help").status)
        self.assertEqual(200, there.query("help").status)

    def test_sessions_live_while_the_time_stands_still(self):
        t1 = self.fork("t1")
        t1.do("PUT", "/clock", {"now": NOON, "frozen": True})
        session = self.login("t1")
        t1.do("PUT", "/clock", {"advance": "1799s"})
        self.assertEqual(200, session.query("help").status)
        t1.do("PUT", "/clock", {"advance": "1799s"})
        self.assertEqual(200, session.query("help").status)

    def test_results_and_the_journal_show_it(self):
        t1 = self.fork("t1")
        t1.do("PUT", "/clock", {"now": NOON, "frozen": True})
        session = self.login("t1")
        session.query("insert into sales values ('north', 1)", context=CONTEXT)
        self.assertIn("2030-01-01", session.query("show statistics for table sales", context=CONTEXT).text)
        for entry in t1.entries():
            self.assertEqual(NOON, entry["time"])
            for duration in ("duration", "first_byte"):
                self.assertEqual("0s", entry.get(duration, "0s"))

    def test_waits_follow_the_clock_of_the_machine(self):
        t1 = self.fork("t1")
        t1.do("PUT", "/clock", {"frozen": True})
        status, _ = t1.verify({"match": {"kind": ["DELETE"]}}, within="0.02s")
        self.assertEqual(409, status)
        t1.do("PUT", "/plan", {"rule": [{"do": [{"delay": "0.02s"}]}]})
        self.assertEqual(200, self.login("t1").query("help").status)

    def test_time_to_live_follows_the_clock_of_the_machine(self):
        t1 = self.fork("t1", ttl="3600s")
        t1.do("PUT", "/clock", {"advance": "7200s"})
        self.assertEqual(200, t1.call("GET")[0])

    def test_a_reset_brings_the_time_of_the_origin(self):
        self.main.do("PUT", "/clock", {"now": NOON, "frozen": True})
        self.main.do("PUT", "/namespaces/main", {})
        self.assertTrue(self.main.do("GET", "/clock")["real"])


class FlagsTest(harness.unittest.TestCase):
    def server(self, *flags):
        server = harness.Server(*flags)
        self.addCleanup(server.stop)
        return server

    def test_clock(self):
        at_noon = datetime.datetime(2030, 1, 1, 12, tzinfo=datetime.timezone.utc)
        frozen = Control(self.server("--clock", NOON + ",frozen"))
        self.assertEqual({"now": NOON, "frozen": True}, frozen.do("GET", "/clock"))
        logging = self.server("--clock", NOON + ",frozen", "--log-format", "json")
        logging.stop()
        times = [json.loads(line)["time"] for line in logging.log().splitlines()]
        self.assertTrue(times and all(datetime.datetime.fromisoformat(time) == at_noon for time in times), times)
        running = Control(self.server("--clock", "2030-01-01T14:00:00+02:00")).do("GET", "/clock")
        self.assertEqual("2030-01-01T12:", running["now"][:14])

    def test_settings(self):
        control = Control(self.server("--seed", "18446744073709551615", "--unordered", "reversed", "--unmatched", "fail"))
        settings = {"seed": "18446744073709551615", "unordered_rows": "REVERSED", "unmatched": "FAIL"}
        self.assertEqual(settings, control.do("GET", "/plan")["settings"])
        changed = control.plan(unmatched="RUN")["settings"]
        self.assertEqual({**settings, "unmatched": "RUN"}, changed)
        control.do("DELETE", "/plan")
        self.assertEqual(settings, control.do("GET", "/plan")["settings"])

    def test_invalid_values(self):
        for flag, value, message in (
                ("--clock", "noon", "expected a time from 1970 to 2199 like"), ("--clock", "2030-01-01", "expected a time"),
                ("--clock", "1960-01-01T00:00:00Z", "expected a time"), ("--clock", NOON + ",stopped", "expected a time"),
                ("--clock", "2200-01-01T00:00:00Z", "the time must be from 1970-01-01 to 2199-12-31"),
                ("--seed", "-1", "expected a number from 0"), ("--seed", "x", "expected a number from 0"),
                ("--seed", "18446744073709551616", "expected a number from 0"),
                ("--unordered", "sorted", "expected insertion, reversed or shuffled"),
                ("--unmatched", "stop", "expected run or fail")):
            with self.subTest(flag=flag, value=value):
                ended = subprocess.run([harness.binary(), "--http", "127.0.0.1:0", "--https", "off", "--grpc", "off",
                                        f"{flag}={value}"], capture_output=True, text=True, timeout=harness.wire.PATIENCE)
                self.assertNotEqual(0, ended.returncode)
                self.assertIn(message, ended.stderr)


def statements(seed):
    """A random script that is valid in an empty server; some of its statements fail."""
    chance = random.Random(seed)
    yield "create database d"
    yield "use d"
    tables = []
    for i in range(60):
        kind = chance.choice("create insert insert insert select select alter drop script statistics error".split())
        table = chance.choice(tables) if tables else "none"
        if kind == "create":
            tables.append(f"t{i}")
            yield f"create table t{i} (a int, b varchar(10), primary key (a))"
        elif kind == "insert":
            yield f"insert into {table} (a, b) values " + ", ".join(
                f"({chance.randrange(100)}, 'x{chance.randrange(9)}')" for _ in range(chance.randrange(1, 9)))
        elif kind == "select":
            yield f"select * from {table}" + chance.choice(("", " where a > 20", " order by a", " limit 3"))
        elif kind == "alter":
            yield f"alter table {table} add column c{i} int default {i}"
        elif kind == "drop":
            yield f"drop table {table}"
        elif kind == "script":
            yield "script server"
        elif kind == "statistics":
            yield f"show statistics for table {table}"
        else:
            yield "create table d.nowhere.t (a int)"


def run(server, script, user=harness.USER):
    """All bytes that a client gets which logs in and runs the statements."""
    parts = []
    session = server.login(user)
    parts.append(session.cookie)
    for i, statement in enumerate(script):
        options = {"scripting_options": {"script_guids": True}, "adv_options": {"allow_unsafe": True}}
        call = session.script if i % 5 == 4 else session.query
        response = call(statement + ";", options=options).response
        parts.append(repr((statement, response.status, response.head.headers, response.body)))
    for path in (harness.DYNAMIC_TOKENS, harness.SCHEMA_VERSION):
        parts.append(session.exchange("GET", path).text)
    return parts


class SeedTest(harness.unittest.TestCase):
    FLAGS = ("--clock", NOON + ",frozen", "--unordered", "shuffled")

    def server(self, seed):
        server = harness.Server("--seed", str(seed), *self.FLAGS)
        self.addCleanup(server.stop)
        return server

    def test_two_runs_give_the_same_bytes(self):
        for seed in range(4):
            with self.subTest(seed=seed):
                one, other = self.server(seed), self.server(seed)
                script = list(statements(seed))
                self.assertEqual(run(one, script), run(other, script))
                self.assertEqual(Control(one).do("GET", "/journal"), Control(other).do("GET", "/journal"))

    def loads(self, server, user=harness.USER):
        """The cycles and statuses of three loads, of which the second one has a bad row."""
        loader = Loader(server, user)
        server.login(user).do("create database load;", "use load;", "create table t (a int);")
        return [loader.load(data, {"load_options": {"max_ignored_rows": 1}}) for data in (b"1\n", b"2\nx\n", b"")]

    def test_loads_of_two_runs_are_the_same(self):
        one, other = self.server(7), self.server(7)
        statuses = self.loads(one)
        self.assertEqual(statuses, self.loads(other))
        self.assertEqual(3, len({status["cycle_id"] for status in statuses}))
        noon = str(int(datetime.datetime.fromisoformat(NOON.replace("Z", "+00:00")).timestamp()) * 1_000_000)
        for status in statuses:
            self.assertEqual([noon, noon], [status["start_time"], status["end_time"]])
        self.assertNotEqual(statuses, self.loads(self.server(8)))

    def test_loads_of_a_namespace_have_its_seed_and_clock(self):
        server = self.server(7)
        runs = []
        for _ in range(2):
            Control(server).do("PUT", "/namespaces/t1", {"from": "main"})
            Control(server, "t1").do("PUT", "/clock", {"advance": "60s"})
            runs.append(self.loads(server, harness.USER + "+t1"))
        self.assertEqual(runs[0], runs[1])
        main = self.loads(server)
        self.assertEqual([60_000_000] * 3, [int(t1["start_time"]) - int(status["start_time"])
                                            for t1, status in zip(runs[0], main)])

    def test_a_load_that_nobody_ends_is_forgotten_by_its_clock(self):
        server = self.server(7)
        self.loads(server)
        loader = Loader(server)
        cycle = loader.start()
        Control(server).do("PUT", "/clock", {"advance": "1700s"})
        self.assertEqual("INIT", loader.status(cycle)["internal_stage"])
        Control(server).do("PUT", "/clock", {"advance": "1750s"})
        self.assertEqual("INIT", loader.status(cycle)["internal_stage"])
        Control(server).do("PUT", "/clock", {"advance": "1790s"})
        self.assertEqual(400, loader.call("GET", f"/loads/{cycle}").status)

    def test_seeds_differ(self):
        script = list(statements(1))
        one, other = run(self.server(1), script), run(self.server(2), script)
        self.assertNotEqual(one[0], other[0])  # the token
        self.assertNotEqual(one, other)

    def test_namespaces_do_not_disturb_each_other(self):
        server = self.server(7)
        script = list(statements(7))
        control = Control(server)
        control.do("PUT", "/namespaces/t1", {})
        alone = run(server, script, harness.USER + "+t1")
        journal = Control(server, "t1").do("GET", "/journal")
        control.do("PUT", "/namespaces/t1", {})
        control.do("PUT", "/namespaces/t2", {})
        other = server.login(harness.USER + "+t2")

        def interleaved():
            for i, statement in enumerate(script):
                yield statement
                other.query(script[-i] + ";")
                if i % 9 == 0:
                    server.login(harness.USER + "+t2")

        self.assertEqual(alone, run(server, interleaved(), harness.USER + "+t1"))
        self.assertEqual(journal, Control(server, "t1").do("GET", "/journal"))

    def test_a_plan_sets_the_seed_of_its_namespace(self):
        server = harness.Server(*self.FLAGS)
        self.addCleanup(server.stop)
        script = list(statements(3))
        runs = []
        for _ in range(2):
            Control(server).do("PUT", "/namespaces/t1", {"drop_sessions": True})
            Control(server, "t1").plan(seed=5)
            runs.append(run(server, script, harness.USER + "+t1"))
        self.assertEqual(runs[0], runs[1])
        Control(server, "t1").do("DELETE", "/plan")
        self.assertNotEqual(runs[0][0], server.login(harness.USER + "+t1").cookie)

    def test_tokens_open_one_namespace(self):
        server = self.server(7)
        for name in ("t1", "t2"):
            Control(server).do("PUT", "/namespaces/" + name, {})
        cookies = {server.login(f"{harness.USER}+{name}").cookie for name in ("t1", "t1", "t2", "main")}
        self.assertEqual(4, len(cookies))


if __name__ == "__main__":
    harness.main()
