"""adv_options.use_postgres_sql_parser: SELECT and DML in PostgreSQL's grammar, over HTTP."""

import threading

import harness

POSTGRES = {"adv_options": {"use_postgres_sql_parser": True}}
DEPTH = 100_000
MEGABYTE = 1 << 20


class PostgresParserTest(harness.ServerTest):
    flags = ("--max-request-bytes", str(64 * MEGABYTE))
    setup_script = """CREATE DATABASE "pg"; USE "pg";
        CREATE TABLE "Sales" ("Region" VARCHAR(0), "amount" INT, "day" DATE);
        INSERT INTO "Sales" VALUES ('North', 10, '2020-01-01'), ('South', 20, '2020-01-02'),
                                   ('North', 5, NULL);"""

    def setUp(self):
        super().setUp()
        self.session.do("use pg;")

    def tearDown(self):
        self.assertServerAnswers()

    def query(self, statement):
        return self.session.query(statement, POSTGRES)

    def rows(self, statement):
        return self.assertSucceeds(self.query(statement)).rows

    def test_both_parsers_answer_the_same(self):
        for statement in (
                "select Region, sum(amount) as Total from Sales group by Region order by Total desc;",
                "select distinct s.Region from pg.falcon_default_schema.Sales s where day is not null"
                " and amount between 1 and 15 or Region like 'S%' limit 5;",
                "select (amount + 1), \"amount\" * 2 from Sales order by 1;",
                "select a.amount from Sales a left join (select max(amount) m from Sales) b"
                " on a.amount = b.m order by a.amount;",
                "select case Region when 'North' then 'N' else cast(amount as varchar(0)) end from Sales"
                " where Region in (select Region from Sales) and not exists (select 1 where false);",
                "select -1, 'it''s', null, 9223372036854775807 union all select 2, 'x', 3, 4;"):
            with self.subTest(statement):
                theirs = self.assertSucceeds(self.query(statement))
                ours = self.assertSucceeds(self.session.query(statement))
                self.assertEqual(ours.headers, theirs.headers)
                self.assertEqual(ours.rows, theirs.rows)

    def test_postgres_syntax(self):
        self.assertEqual([["10"]], self.rows("select sum(amount)::varchar from Sales where "
                                             "day = date '2020-01-01';"))
        self.assertEqual([["it's", "a'b", "x\ty"]],
                         self.rows(r"select E'it\'s', $$a'b$$, E'x\ty';"))
        # In PostgreSQL || has a lower precedence than +.
        self.assertEqual([["3x"]], self.rows("select 1 + 2 || 'x';"))
        self.assertEqual([["x3"]], self.rows("select 'x' || 1 + 2;"))

    def test_rows_are_changed(self):
        self.session.do("create table t (a int, b varchar(0), primary key (a));")
        self.addCleanup(self.session.do, "drop table t;")
        self.assertSucceeds(self.query(r"insert into t (a, b) values (-1, E'\x41'), (2, $$y$$);"))
        self.assertSucceeds(self.query("insert into t select amount, Region from Sales;"))
        self.assertSucceeds(self.query("update t set b = b || '!', a = a where a < 0::int;"))
        self.assertSucceeds(self.query("delete from t where a notnull and a > 5;"))
        self.assertEqual([["-1", "A!"], ["2", "y"], ["5", "North"]],
                         self.rows("select * from t order by a;"))

    def test_syntax_errors_have_its_text_and_a_place(self):
        for statement, line, column, words in (
                ("select a form Sales;", 1, 15, 'syntax error at or near "Sales"'),
                ("select 'é',\n  a from Sales where;", 2, 21, 'syntax error at end of input'),
                ("select 'open", 1, 8, "unterminated quoted string at or near \"'open\""),
                ("select top 5 amount from Sales;", 1, 8,
                 "PostgreSQL's grammar has no TOP; use LIMIT n"),
                ("select Region t from Sales where amount = ?;", 1, 43,
                 "TQL has no placeholders (?, $1, :name); use the value itself")):
            with self.subTest(statement):
                answer = self.assertFails(self.query(statement),
                                          r"^Error parsing SQL\. Check SQL input\.")
                self.assertRegex(answer.errors[0], f"(?i)line {line}, column {column}\\b")
                self.assertIn(words, answer.errors[0])

    def test_reports_unsupported_sql(self):
        for statement, line, column, words in (
                ("select 1,\n  Region ilike 'n%' from Sales;", 2, 10, "TQL has no ILIKE"),
                ("with x as (select 1) select * from x;", 1, 1,
                 "TQL has no WITH (common table expressions)"),
                ("insert into Sales values ('x', 1, null) returning amount;", 1, 41,
                 "TQL has no RETURNING")):
            with self.subTest(statement):
                answer = self.assertFails(self.query(statement))
                self.assertRegex(answer.errors[0], f"(?i)line {line}, column {column}\\b")
                self.assertIn(words, answer.errors[0])

    def test_a_long_set_operation_needs_brackets(self):
        many = " union ".join(["select 1"] * 401)
        grouped = f"({' union '.join(['select 1'] * 201)}) union ({' union '.join(['select 2'] * 200)})"
        for query in (self.query, self.session.query):
            answer = self.assertFails(query(many + ";"))
            self.assertIn("TQL has no set operations of more than 400 queries; use brackets around "
                          "groups of them (line 1, column 1)", answer.errors[0])
            self.assertEqual([["1"], ["2"]], self.assertSucceeds(query(grouped + " order by 1;")).rows)

    def test_errors_of_meaning_have_their_place(self):
        for statement in ("select amount,\n  nothing from Sales;",
                          "select amount from Sales where\n  nothing::int = 1;",
                          "update Sales set\n  nothing = 1;", "delete from Sales where\n  nothing = 1;",
                          "select 1 from Sales a join Sales b on\n  nothing = 1;"):
            with self.subTest(statement):
                answer = self.assertFails(self.query(statement), "nothing")
                self.assertRegex(answer.errors[0], r"(?i)line 2, column 3\b")

    def test_other_statements_are_read_as_ever(self):
        for statement in ("show tables;", "show table 'Sales';", "use database pg;",
                          "create table u (a int);", "alter table u add column b int default 1;",
                          "upsert into table u values (1, 2);", "script table u;", "compact table u;",
                          "truncate table u;", "drop table u;"):
            with self.subTest(statement):
                self.assertSucceeds(self.query(statement))

    def test_without_the_option_tql_is_spoken(self):
        self.assertFails(self.session.query("select amount::int from Sales;"), "TQL has no ::")
        self.assertSucceeds(self.session.query("select top 1 amount from Sales;"))

    def test_scripts(self):
        script = ("create table v (a int);\ninsert into v values (1::int);\n"
                  "insert into v values (2), (3);\nselect a from v where a ilike 'x';\n"
                  "update v set a = a + 1 where a = 3;\nselect sum(a) from v;\ndrop table v;\n")
        answer = self.session.script(script, POSTGRES)
        self.assertEqual(1, len(answer.errors), answer.messages)
        self.assertIn("TQL has no ILIKE", answer.errors[0])
        self.assertRegex(answer.errors[0], r"(?i)line 4, column 25\b")
        self.assertEqual([["7"]], answer.rows)

    def test_semicolons_in_its_strings(self):
        for strings, value in ((r"E'it\'s; it'", "it's; it"), ("$$a;'b$$", "a;'b"),
                               ("$x$ $$; $x$", " $$; "), ("e''';' || 'c;'", "';c;")):
            with self.subTest(strings):
                self.assertEqual([[value]], self.rows(f"select {strings};"))
                script = f"show databases;\nselect {strings};\nshow tables;\n"
                answer = self.session.script(script, POSTGRES)
                self.assertEqual([], answer.errors)
                self.assertEqual([[value]], answer.rows)
                self.assertEqual(3, len(answer.lines))

    def test_statements_end_where_postgres_ends_them(self):
        for statement, left in (
                ("delete from nz /* old: /* x */ ; see */ where a = 1;", 2),
                ("delete from nz -- all\rwhere a = 1;", 2),
                ("delete from nz where b = E'a' \n'\\'; -- ' or a = 1;", 2),
                ("delete from nz where b = $x$ ; $$ $x$ or a = 1;", 2),
                ("delete from nz where (a = 1; delete from nz;", 3),
                ("drop table /* /* */ nz; -- */ other;", 3),
                ("create function f() begin atomic; delete from nz; end;", 3)):
            with self.subTest(statement):
                self.session.do("create table nz (a int, b varchar(9));")
                self.session.do("insert into nz values (1, 'x'), (2, 'y'), (3, 'z');")
                answer = self.session.script(statement, POSTGRES)
                self.assertEqual([[str(left)]], self.rows("select count(*) from nz;"), answer.errors)
                self.session.do("drop table nz;")

    def test_a_carriage_return_ends_a_comment_of_tql(self):
        self.session.do("create table nz (a int);")
        self.addCleanup(self.session.do, "drop table nz;")
        self.session.do("insert into nz values (1), (2);")
        self.assertSucceeds(self.session.query("delete from nz -- all;\rwhere a = 1;"))
        self.assertEqual([["2"]], self.rows("select a from nz;"))

    def test_signs_and_time_are_of_one_type_in_both(self):
        for statement in ("select - - (74), -(-74), - + 74, -(74);",
                          "select time(day), TIME ( day ) as t from Sales where day is not null;"):
            with self.subTest(statement):
                theirs = self.assertSucceeds(self.query(statement))
                ours = self.assertSucceeds(self.session.query(statement))
                self.assertEqual(ours.headers, theirs.headers)
                self.assertEqual(ours.rows, theirs.rows)

    def test_hostile_statements(self):
        for name, statement in (
                ("brackets", "select " + "(" * DEPTH + "1" + ")" * DEPTH),
                ("calls", "select " + "abs(" * DEPTH + "1" + ")" * DEPTH),
                ("not", "select amount from Sales where " + "not " * DEPTH + "true"),
                ("signs", "select " + "+" * DEPTH + "1"),
                ("comments", "select 1" + "/*" * DEPTH),
                ("chain", "select 1" + " + 1" * DEPTH),
                ("union", "select 1" + " union select 1" * (DEPTH // 2)),
                ("joins", "select 1 from Sales" + " join Sales on true and true" * (DEPTH // 4)),
                ("length", "select '" + "x" * (10 * MEGABYTE) + "'"),
                ("open string", "select '" + "x" * (MEGABYTE // 2)),
                ("zero byte", "select 'a\0b'"),
                ("values", "insert into Sales values " + "(1)," * 200_000)):
            with self.subTest(name):
                answer = self.assertFails(self.query(statement + ";"))
                self.assertLess(len(answer.errors[0]), 1000)

    def test_as_deep_as_it_may_be(self):
        for name, statement in (("not", "not " * 1000 + "true"), ("brackets", "(" * 190 + "1" + ")" * 190),
                                ("chain", "1" + " + 1" * 2000), ("tests", "1" + " is null" * 900)):
            with self.subTest(name):
                self.query(f"select {statement};")
                self.assertServerAnswers()

    def test_many_at_once(self):
        failures = []

        def ask(number):
            session = self.server.login()
            try:
                session.do("use pg;")
                for _ in range(20):
                    answer = session.query(f"select {number}::int + amount from Sales where amount = 5;",
                                           POSTGRES)
                    if answer.rows != [[str(number + 5)]]:
                        failures.append(answer.text)
                    if not session.query("select a b c;", POSTGRES).errors:
                        failures.append("no error")
            finally:
                session.close()

        threads = [threading.Thread(target=ask, args=(number,)) for number in range(16)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        self.assertEqual([], failures)


if __name__ == "__main__":
    harness.main()
