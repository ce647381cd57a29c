"""ALTER TABLE from outside: reopened data files, concurrent readers, unusual statements."""

import os
import tempfile
import threading
import unittest

import harness

NO_CAP = {"query_options": {"query_results_apply_top_row_count": 0}}
UNSAFE = {"adv_options": {"allow_unsafe": True}}


class ReopenTest(unittest.TestCase):
    def test_alterations_are_durable(self):
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        path = os.path.join(folder.name, "data.db")
        server = harness.Server("--data", path)
        self.addCleanup(server.stop)
        session = server.login()
        session.do("create database d;", "use d;",
                   "create table p (a int, b varchar(0), c double, primary key (a));",
                   "create table s (id int, a int, junk date);",
                   "insert into p values (1, '10', 0.5), (2, 'x', 1.5);",
                   "alter table s add constraint fk foreign key (a) references p (a), "
                   "add relationship r with p as s.a = p.a;",
                   "alter table p add column d date default '2020-02-03', drop column c;",
                   "alter table p rename column a to \"the key\", set load priority 3;")
        self.assertEqual([], session.query("alter table p modify column b int;", UNSAFE).errors)
        before = session.query("show table p;").output
        rows = [["1", "10", "2020-02-03"], ["2", "{null}", "2020-02-03"]]
        null = {"formatting_options": {"null_string": "{null}"}}
        self.assertEqual(rows, session.query("select * from p;", null).rows)
        version = session.query("show databases;").version
        self.assertEqual(0, server.stop()[0])

        server = harness.Server("--data", path)
        self.addCleanup(server.stop)
        session = server.login()
        session.do("use d;")
        self.assertEqual(version, session.query("show databases;").version)
        self.assertEqual(before, session.query("show table p;").output)
        self.assertEqual(rows, session.query("select * from p;", null).rows)
        session.do("insert into p (\"the key\") values (3), (1);")
        self.assertEqual([["1", "{null}", "2020-02-03"], ["2", "{null}", "2020-02-03"],
                          ["3", "{null}", "2020-02-03"]],
                         session.query("select * from p;", null).rows)
        question = session.query("drop table p;").results[-1]["interactive_question"][0]
        self.assertIn("“fk”", question["banner"])
        self.assertIn("“r”", question["banner"])
        # The condition of the relationship uses the new name.
        self.assertRegex(session.query("alter table p drop constraint primary key, "
                                       "drop column \"the key\";").errors[0],
                         "belongs to relationship \"r\" of table \"s\"")
        session.do("alter table s drop constraint fk, drop relationship r;", "drop table p;")


class AlterTest(harness.ServerTest):
    flags = ("--max-request-bytes", str(64 << 20))
    setup_script = """CREATE DATABASE "alt"; USE "alt"; CREATE TABLE "t" ("a" INT, "b" INT);"""

    def setUp(self):
        super().setUp()
        self.session.do("use alt;")

    def test_readers_see_the_old_or_the_new_table(self):
        count = 3000
        self.session.do("create table r (k int, v varchar(0), primary key (k));",
                        "insert into r values " +
                        ", ".join(f"({i}, '{i}')" for i in range(count)) + ";")
        done = threading.Event()
        wrong = []
        answers = [0]

        def read():
            session = self.server.login()
            session.do("use alt;")
            while not done.is_set():
                answer = session.query("select * from r;", NO_CAP)
                answers[0] += 1
                if answer.errors:
                    wrong.append(answer.errors)
                    continue
                types = dict(answer.headers)
                if len(answer.rows) != count:
                    wrong.append(("rows", len(answer.rows)))
                # v is a text before column w exists, and a number afterwards.
                if types["v"] != ("INT" if "w" in types else "VARCHAR"):
                    wrong.append(("types", types))
                if any(len(row) != len(types) for row in answer.rows):
                    wrong.append(("cells", types))
            session.close()

        readers = [threading.Thread(target=read) for _ in range(3)]
        for reader in readers:
            reader.start()
        try:
            for _ in range(15):
                self.session.do("alter table r modify column v int, add column w int default 7;",
                                "alter table r modify column v varchar(0), drop column w;")
        finally:
            done.set()
            for reader in readers:
                reader.join()
        self.assertEqual([], wrong[:3])
        self.assertGreater(answers[0], 0)

    def test_an_error_leaves_table_and_context_alone(self):
        self.session.do("insert into t values (1, 2), (3, 4);")
        self.addCleanup(self.session.do, "truncate table t;")
        before = self.session.query("show table t;")
        for action in ("add column c int, modify column b date", "drop column a, drop column b",
                       "rename column a to c, add column C int", "modify column nope int",
                       "add constraint primary key (a), set fact partition by hash (4)",
                       "drop column a, add constraint foreign key (b) references nope (x)"):
            with self.subTest(action):
                answer = self.assertFails(self.session.query(f"alter table t {action};"),
                                          r"^Alter table returned error: .*\(line 1, column \d+\)")
                self.assertEqual(before.context, answer.context)
        self.assertEqual(before.output, self.session.query("show table t;").output)
        self.assertEqual([["1", "2"], ["3", "4"]], self.session.query("select * from t;").rows)

    def test_very_many_actions(self):
        many = 10_000
        for name, actions in (
                ("columns", [f"add column c{i} int" for i in range(many)]),
                ("drops", ["drop column a"] * many),
                ("renames", [f"rename column a to x{i}" for i in range(many)]),
                ("foreign keys", ["add constraint foreign key (a) references t (a)"] * many),
                ("key", ["add constraint primary key (" + ", ".join(["a"] * many) + ")"])):
            with self.subTest(name):
                self.assertFails(self.session.query(f"alter table t {', '.join(actions)};"),
                                 "Alter table returned error")
        self.assertServerAnswers()

    def test_as_many_columns_as_a_table_has(self):
        self.session.do("create table wide (c0 int);", "insert into wide values (0);",
                        "alter table wide " +
                        ", ".join(f"add column c{i} int default {i}" for i in range(1, 2000)) + ";")
        self.assertEqual([[str(i) for i in range(2000)]],
                         self.session.query("select * from wide;").rows)
        self.assertFails(self.session.query("alter table wide add column one int;"), "2000 columns")
        self.session.do("alter table wide " +
                        ", ".join(f"modify column c{i} varchar(0)" for i in range(1000)) + ";",
                        "alter table wide " +
                        ", ".join(f"drop column c{i}" for i in range(1, 2000)) + ";")
        self.assertEqual([["0"]], self.session.query("select * from wide;").rows)

    def test_a_script_breaks_nothing_without_allow_unsafe(self):
        self.session.do("create table p (a int, primary key (a));", "create table c (a int);",
                        "alter table c add constraint fk foreign key (a) references p (a);")
        script = "alter table p modify column a bigint;"
        answer = self.session.script(script)
        self.assertRegex(answer.errors[0], "Alter table returned error: .*“fk”")
        self.assertEqual([], self.session.script(script, UNSAFE).errors)
        self.assertFails(self.session.query("alter table c drop constraint fk;"),
                         '"fk" does not exist')


if __name__ == "__main__":
    harness.main()
