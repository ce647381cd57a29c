"""SQL aimed at the database below the server never reaches it."""

import os
import tempfile

import harness


class SqliteIsolationTest(harness.ServerTest):
    setup_script = """CREATE DATABASE "target"; USE "target";
        CREATE TABLE "t" ("a" INT); INSERT INTO "t" VALUES (1);"""

    def setUp(self):
        super().setUp()
        self.session.do("use target;")

    def test_sqlite_s_own_statements_do_not_parse(self):
        path = os.path.join(tempfile.gettempdir(), f"tqlkit-attach-{os.getpid()}.db")
        for statement in (f"attach '{path}' as x;", "pragma table_info(t);", "pragma user_version=7;",
                          "vacuum;", f"vacuum into '{path}';", "begin;", "commit;", "savepoint s;",
                          "reindex;", "analyze;", "detach main;", "explain select 1;",
                          "replace into t values (2);", "create trigger x after insert on t begin "
                          "delete from t end;", "create virtual table v using fts5(a);",
                          "create temp table v (a int);", "with x as (select 1) select * from x;"):
            with self.subTest(statement=statement):
                self.assertFails(self.session.query(statement), r"^Error parsing SQL\.")
        self.assertFalse(os.path.exists(path))

    def test_sqlite_s_tables_do_not_exist(self):
        for table in ("sqlite_master", "sqlite_schema", "main.sqlite_master", "sqlite_sequence",
                      '"sqlite_master"', "pragma_table_info", "pragma_database_list", "temp.t",
                      "json_each", "dbstat", "generate_series"):
            for statement in (f"select * from {table};", f"delete from {table};",
                              f"insert into {table} values (1);", f"update {table} set a = 1;",
                              f"drop table {table};"):
                with self.subTest(statement=statement):
                    self.assertFails(self.session.query(statement))

    def test_sqlite_s_functions_do_not_exist(self):
        for call in ("load_extension('x')", "sqlite_version()", "randomblob(1000000000)",
                     "zeroblob(1000000000)", "readfile('/etc/passwd')", "writefile('/tmp/x', 'y')",
                     "fts3_tokenizer('x')", "last_insert_rowid()", "changes()", "hex('a')",
                     "printf('%1000000000d', 1)", "json('{}')", "edit('x')"):
            with self.subTest(call=call):
                self.assertFails(self.session.query(f"select {call} from t;"))

    def test_hidden_columns_do_not_exist(self):
        for column in ("rowid", "_rowid_", "oid"):
            with self.subTest(column=column):
                self.assertFails(self.session.query(f"select {column} from t;"))

    def test_texts_and_names_are_never_sql(self):
        texts = ("'; drop table t; --", "x'41'", "%s%n", "a' || (select 1) || '", "\\'", "?1", ":a",
                 "@x", "$v", "\x01\x1f", "\ud7ff\U0010ffff")
        self.session.do("create table texts (s varchar(0));")
        self.addCleanup(self.session.do, "drop table texts;")
        for text in texts:
            with self.subTest(text=text):
                literal = "'" + text.replace("'", "''") + "'"
                self.session.do("delete from texts;", f"insert into texts values ({literal});")
                answer = self.session.query(f"select s, {literal} from texts where s = {literal};")
                self.assertEqual([[text, text]], self.assertSucceeds(answer).rows)

    def test_names_may_hold_anything_but_nul(self):
        for name in ('a"b', "a'b", "a;b", "a\nb", "a--b", "[a]", "a.b", "`a`", "Day(Order Date)",
                     "sqlite_master", "sqlite_x", "select", "\u00fc\u4e2d", " ", "a" * 200):
            with self.subTest(name=name):
                quoted = '"' + name.replace('"', '""') + '"'
                self.session.do(f"create table {quoted} ({quoted} int);",
                                f"insert into {quoted} ({quoted}) values (5);")
                answer = self.session.query(f"select {quoted} from {quoted} where {quoted} = 5;")
                self.assertEqual([(name, "INT")], answer.headers)
                self.assertEqual([["5"]], answer.rows)
                self.session.do(f"drop table {quoted};")

    def test_nul_in_a_statement_is_an_error_with_its_place(self):
        for statement in ("select\0 a from t;", 'select "a\0b" from t;', "\0", "drop table t\0;"):
            with self.subTest(statement=statement):
                self.assertFails(self.session.query(statement))
        self.assertEqual([["1"]], self.session.query("select a from t;").rows)


if __name__ == "__main__":
    harness.main()
