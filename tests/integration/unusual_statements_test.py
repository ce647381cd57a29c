"""Statements that are too long, deep or wide yield an error that says so, and the server keeps working."""

import harness

DEPTH = 100_000
MEGABYTE = 1 << 20
NO_CAP = {"query_options": {"query_results_apply_top_row_count": 0}}


class UnusualStatementsTest(harness.ServerTest):
    flags = ("--max-request-bytes", str(64 * MEGABYTE))
    setup_script = """CREATE DATABASE "odd"; USE "odd";
        CREATE TABLE "t" ("a" INT, "s" VARCHAR(0)); INSERT INTO "t" VALUES (1, 'one');"""

    def setUp(self):
        super().setUp()
        self.session.do("use odd;")

    def tearDown(self):
        self.assertServerAnswers()

    def test_parse_errors_name_the_place(self):
        for statement, place in (("select from t;", (1, 8)), ("select a\nfrom t\nwhere where;", (3, 7)),
                                 ("nonsense;", (1, 1)), ("select 'open", (1, 8)),
                                 ("/* open", (1, 1)), ("show tables /* open;", (1, 13))):
            with self.subTest(statement=statement):
                answer = self.assertFails(self.session.query(statement),
                                          r"^Error parsing SQL\. Check SQL input\.")
                self.assertRegex(answer.errors[0], "(?i)line %d, column %d" % place)

    def test_unknown_names_are_named(self):
        for statement, name in (("select a from nowhere;", "nowhere"), ("select zz from t;", "zz"),
                                ("drop database gone;", "gone"), ("select ff(a) from t;", "ff")):
            with self.subTest(statement=statement):
                self.assertFails(self.session.query(statement), name)

    def test_literal_of_10_megabytes(self):
        text = "x" * (10 * MEGABYTE)
        self.session.do(f"insert into t values (2, '{text}');")
        self.addCleanup(self.session.do, "delete from t where a = 2;")
        self.assertEqual([[text]], self.session.query("select s from t where a = 2;").rows)

    def test_statement_of_10_megabytes_that_is_an_error(self):
        for statement in ("select '" + "x" * (10 * MEGABYTE), "/*" * (5 * MEGABYTE),
                          "x" * (10 * MEGABYTE) + ";", '"' * (10 * MEGABYTE + 1)):
            with self.subTest(statement=statement[:20]):
                answer = self.assertFails(self.session.query(statement))
                self.assertLess(len(answer.errors[0]), 2000, "the text is not echoed whole")

    def test_deep_nesting(self):
        for name, statement in (
                ("brackets", "select " + "(" * DEPTH + "1" + ")" * DEPTH + " from t;"),
                ("open brackets", "select " + "(" * DEPTH),
                ("not", "select a from t where " + "not " * DEPTH + "true;"),
                ("minus", "select " + "- " * DEPTH + "1 from t;"),
                ("case", "select " + "case when true then " * DEPTH),
                ("sub-queries", "select * from " + "(select * from " * DEPTH + "t"),
                ("calls", "select " + "abs(" * DEPTH + "1" + ")" * DEPTH + " from t;")):
            with self.subTest(name):
                self.assertFails(self.session.query(statement))

    def test_long_chains_are_answered(self):
        for name, statement in (
                ("and", "select a from t where a = 1" + " and a = 1" * DEPTH + ";"),
                ("plus", "select 1" + " + 1" * DEPTH + " from t;"),
                ("union", "select a from t" + " union all select a from t" * 10000 + ";"),
                ("joins", "select count(*) from t" + ", t" * 10000 + ";")):
            with self.subTest(name):
                answer = self.session.query(statement)
                self.assertEqual(200, answer.status)
                self.assertIn(len(answer.errors), (0, 1))

    def test_very_wide(self):
        columns = 100_000
        for name, statement in (
                ("table", "create table w (" + ", ".join(f"c{i} int" for i in range(columns)) + ");"),
                ("row", "insert into t values (" + ", ".join(["1"] * 1_000_000) + ");")):
            with self.subTest(name):
                self.assertFails(self.session.query(statement))

    def test_numbers_out_of_range(self):
        for value in ("2147483648", "-2147483649", "9223372036854775808", "1" + "0" * 1000, "'x'"):
            with self.subTest(value=value[:25]):
                self.assertFails(self.session.query(f"insert into t values ({value}, 'n');"))
        self.assertEqual([["1"]], self.session.query("select count(*) from t;").rows)

    def test_a_failed_row_takes_its_statement_back(self):
        self.assertFails(self.session.query("insert into t values (3, 'a'), (99999999999, 'b');"))
        self.assertEqual([], self.session.query("select a from t where a = 3;").rows)


if __name__ == "__main__":
    harness.main()
