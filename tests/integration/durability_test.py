"""A killed server loses nothing that it has acknowledged, and its file can be reopened."""

import json
import os
import random
import signal
import tempfile
import threading
import unittest

import harness
import wire

ROUNDS = int(os.environ.get("TQLKIT_KILL_ROUNDS", "160"))
SEED = 20


class Killed(Exception):
    pass


class Writer:
    """Modifies a database statement by statement, and records what was acknowledged."""

    def __init__(self, server, rng):
        self.session = server.login()
        self.rng = rng
        self.rows = {}  # id -> value, as acknowledged
        self.tables = set()
        self.pending = None  # the change in progress: a function of (rows, tables)

    def run(self, statement, change):
        self.pending = change
        try:
            answer = self.session.query(statement, {"adv_options": {"allow_unsafe": True}})
        except (OSError, wire.WireError, json.JSONDecodeError, StopIteration) as error:
            raise Killed from error
        if answer.status != 200 or not answer.text.endswith(harness.SUCCESS):
            raise Killed
        change(self.rows, self.tables)
        self.pending = None

    def step(self):
        kind = self.rng.randrange(8)
        number = self.rng.randrange(1000)
        if kind < 3:
            self.run(f"insert into t (id, v) values ({number}, {kind}), ({number + 1}, 7);",
                     lambda rows, _: rows.update({number: kind, number + 1: 7}))
        elif kind == 3:
            self.run(f"update t set v = 5 where id < {number};",
                     lambda rows, _: rows.update({i: 5 for i in rows if i < number}))
        elif kind == 4:
            self.run(f"delete from t where id = {number};",
                     lambda rows, _: rows.pop(number, None))
        elif kind == 5:
            name = f"t{number}"
            if name in self.tables:
                self.run(f"drop table {name};", lambda _, tables: tables.discard(name))
            else:
                self.run(f"create table {name} (a int, primary key (a));",
                         lambda _, tables: tables.add(name))
        elif kind == 6:
            to = self.rng.choice(("bigint", "varchar(0)", "int", "double"))
            self.run(f"alter table t modify column v {to};", lambda rows, tables: None)
        else:
            shards = self.rng.randrange(1, 9)
            self.run(f"alter table t set fact partition by hash ({shards}) key (id);",
                     lambda rows, tables: None)


def found(session):
    """The rows and the tables on the server."""
    options = {"query_options": {"query_results_apply_top_row_count": 0}}
    answer = session.query("select id, v from t;", options)
    rows = {int(i): int(float(v)) for i, v in answer.rows}
    names = [line.split("|")[1].strip() for line in session.query("show tables;").output[2:]]
    return rows, {name for name in names if name != "t"}


class DurabilityTest(unittest.TestCase):
    def setUp(self):
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        self.path = os.path.join(folder.name, "data.db")

    def start(self):
        server = harness.Server("--data", self.path)
        self.addCleanup(server.stop, signal.SIGKILL)
        return server

    def test_kill_at_any_moment(self):
        rng = random.Random(SEED)
        server = self.start()
        server.login().do("create database d;", "use d;",
                          "create table t (id int, v int, primary key (id));")
        rows, tables = {}, set()
        for round_number in range(ROUNDS):
            writer = Writer(server, rng)
            writer.session.do("use d;")
            writer.rows, writer.tables = dict(rows), set(tables)
            killer = threading.Timer(rng.uniform(0.0, 0.08),
                                     os.kill, (server.pid, signal.SIGKILL))
            killer.start()
            try:
                while True:
                    writer.step()
            except Killed:
                pass
            killer.join()
            server.stop()
            server = self.start()
            session = server.login()
            session.do("use d;")
            have = found(session)
            wanted = [(writer.rows, writer.tables)]
            if writer.pending:  # it may have been applied, as a whole
                after = (dict(writer.rows), set(writer.tables))
                writer.pending(*after)
                wanted.append(after)
            self.assertIn(have, wanted, f"round {round_number}, seed {SEED}")
            rows, tables = have

    def test_kill_within_a_script(self):
        """Every acknowledged INSERT is stored; of the others, a prefix."""
        rng = random.Random(SEED)
        server = self.start()
        server.login().do("create database d;", "use d;", "create table t (id int);")
        done = 0
        for _ in range(max(ROUNDS // 4, 3)):
            session = server.login()
            script = "".join(f"insert into t values ({done + i});\n" for i in range(20_000))
            connection = server.connect()
            connection.send_request("POST", harness.SCRIPT, session.headers, json.dumps(
                {"context": {"database": "d"}, "script_type": 1, "script": script}))
            killer = threading.Timer(rng.uniform(0.0, 0.15),
                                     os.kill, (server.pid, signal.SIGKILL))
            killer.start()
            received = b""
            try:
                for piece in connection.pieces(connection.read_head()):
                    received += piece
            except (OSError, wire.WireError, ValueError, AssertionError):
                pass
            killer.join()
            connection.close()
            server.stop()
            answered = received.count(b'"Statement executed successfully. \\n"')
            server = self.start()
            session = server.login()
            answer = session.query("select count(*), max(id) from d.falcon_default_schema.t;")
            count = int(answer.rows[0][0])
            self.assertGreaterEqual(count, done + answered)
            self.assertIn(answer.rows[0][1], (str(count - 1), "(null)"))
            done = count


if __name__ == "__main__":
    harness.main()
