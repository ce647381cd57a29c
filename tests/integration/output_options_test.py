"""format_output, field_separator, row_separator: what is sent as text, and in which format."""

import json
import subprocess

import harness
from harness import SUCCESS

PROTO = harness.ROOT / "proto"
TABLE = "tql.v1.ExecuteQueryResponse.Result.TableResult"
SCRIPT = "tql.v1.ExecuteSqlScriptRequest"
PROTO_TEXT = {"format_output": False, "query_options": {"query_results_apply_top_row_count": 0}}
ODD = "it's \"odd\" \\ ü € \U0001f600 \t \x01 \x7f \u2028 # { } \r \n end"


def protoc(direction, message, data):
    """The reader and writer of the text format in protoc."""
    return subprocess.run(["protoc", f"--{direction}={message}", f"-I{PROTO}", "tql/tql.proto"],
                          input=data, capture_output=True, check=True, cwd=PROTO).stdout


def table_text(headers, rows):
    """A table in the text format, as written by this test."""
    text = "".join(f'headers {{ name: {json.dumps(name)} type: {kind} }}\n'
                   for name, kind in headers)
    for row in rows:
        cells = "".join(" v: " + octal(cell) for cell in row)
        text += f"rows {{{cells} }}\n"
    return text


def octal(text):
    return '"' + "".join(f"\\{byte:03o}" for byte in text.encode()) + '"'


class ProtoTextTest(harness.ServerTest):
    setup_script = """CREATE DATABASE "p"; USE "p";
        CREATE TABLE "t" ("a" INT, "s" VARCHAR(0), PRIMARY KEY ("a"));"""

    def setUp(self):
        super().setUp()
        self.session.do("use p;", "delete from t;", "insert into t values "
                        "(1, 'one'), (2, null), (3, '" + ODD.replace("'", "''") + "');")

    def text(self, answer, last=1):
        """The INFO messages except the last ones, which end every response."""
        self.assertSucceeds(answer)
        self.assertIsNone(answer.table)
        self.assertEqual({"INFO"}, {kind for kind, _ in answer.messages})
        return "".join(value for _, value in answer.messages[:-last])

    def assertIsTable(self, headers, rows, text):
        self.assertEqual(protoc("encode", TABLE, table_text(headers, rows).encode()),
                         protoc("encode", TABLE, text.encode()))

    def test_a_select(self):
        answer = self.session.query("select a, s from t order by a;", PROTO_TEXT)
        self.assertEqual(["(3 result rows)\n", SUCCESS], [v for _, v in answer.messages[-2:]])
        self.assertIsTable([("a", "INT"), ("s", "VARCHAR")],
                           [("1", "one"), ("2", "(null)"), ("3", ODD)], self.text(answer, 2))

    def test_formatting_options_hold_for_the_cells(self):
        answer = self.session.query("select s from t where a = 2;", {
            "format_output": False, "formatting_options": {"null_string": "-"}})
        self.assertIsTable([("s", "VARCHAR")], [("-",)], self.text(answer, 2))

    def test_no_rows_and_row_counts(self):
        answer = self.session.query("select a from t where a = 99;", PROTO_TEXT)
        self.assertIsTable([("a", "INT")], [], self.text(answer, 2))
        answer = self.session.query("select a from t;", {
            "format_output": False, "query_options": {"query_row_count_only": True}})
        self.assertEqual("(3 result rows)\n", answer.messages[-2][1])
        self.assertIsTable([("a", "INT")], [], self.text(answer, 2))

    def test_a_large_result_is_sent_row_by_row(self):
        answer = self.session.query("select x.a, y.s from t x, t y, t z, t u, t v, t w;", PROTO_TEXT)
        self.assertEqual(3 ** 6 + 3, len(answer.messages))
        self.assertEqual(f"({3 ** 6} result rows)\n", answer.messages[-2][1])
        protoc("encode", TABLE, self.text(answer, 2).encode())

    def test_show(self):
        names = [("thoughtspot_internal",), ("thoughtspot_internal_stats",), ("p",)]
        answer = self.session.query("show databases;", PROTO_TEXT)
        self.assertIsTable([("Database Name", "VARCHAR")], names, self.text(answer))
        for statement in ("show schemas;", "show tables;", "show table t;", "show views;",
                          "show statistics for server;"):
            with self.subTest(statement=statement):
                # The same cells as in the text.
                lines = self.session.query(statement).output
                cells = [[cell.strip() for cell in line.split("|")] for line in lines]
                self.assertIsTable([(name, "VARCHAR") for name in cells[0]], cells[2:],
                                   self.text(self.session.query(statement, PROTO_TEXT)))

    def test_script_can_be_replayed(self):
        """As a PROTO_SCRIPT, on another server."""
        self.session.do('create schema "odd; \\ "" schema";', "create table f (a int, "
                        "foreign key (a) references t (a));")
        self.addCleanup(self.session.do, "drop table f;", 'drop schema "odd; \\ "" schema";')
        for what in "server", "database p", "table t", "database thoughtspot_internal":
            with self.subTest(what=what):
                scripted = self.session.query(f"script {what};")
                text = self.text(self.session.query(f"script {what};", PROTO_TEXT))
                plain = "".join(value for _, value in scripted.messages[:-1])
                expected = f"script_type: TQL_SCRIPT script: {octal(plain)}"
                self.assertEqual(protoc("encode", SCRIPT, expected.encode()),
                                 protoc("encode", SCRIPT, text.encode()))
        other = harness.Server()
        self.addCleanup(other.stop)
        session = other.login()
        self.addCleanup(session.close)
        text = self.text(self.session.query("script server;", PROTO_TEXT))
        self.assertEqual([], session.script(text, script_type="PROTO_SCRIPT").errors)
        self.assertEqual(self.session.query("script server;").text,
                         session.query("script server;").text)

    def test_empty_script_can_be_replayed(self):
        other = harness.Server()
        self.addCleanup(other.stop)
        session = other.login()
        self.addCleanup(session.close)
        text = self.text(session.query("script server;", PROTO_TEXT))
        self.assertEqual([("INFO", SUCCESS)],
                         session.script(text, script_type="PROTO_SCRIPT").messages)

    def test_script_echoes_the_statement_first(self):
        answer = self.session.script("use p; select a from t where a = 1; show databases;",
                                     PROTO_TEXT)
        self.assertEqual([], answer.errors)
        self.assertFalse([result for result in answer.results if "table" in result])
        firsts = [result["message"][0]["value"] for result in answer.results]
        self.assertEqual(["use p;\n", "select a from t where a = 1;\n", "show databases;\n"], firsts)
        text = "".join(message["value"] for message in answer.results[1]["message"][1:-2])
        self.assertIsTable([("a", "INT")], [("1",)], text)

    def test_other_results_are_unchanged(self):
        for statement in ("use p;", "help;", "nonsense;", "select nothing from t;",
                          "insert into t values (7, 'x');", "create table u (a int);",
                          "drop table u;"):
            with self.subTest(statement=statement):
                text = self.session.query(statement, PROTO_TEXT)
                self.assertIsNone(text.table)
                self.assertIn(text.messages[-1][0], ("INFO", "ERROR"))
        self.assertEqual(self.session.query("use p;").messages,
                         self.session.query("use p;", PROTO_TEXT).messages)

    def test_a_query_that_fails_in_its_middle(self):
        answer = self.session.query("select 1 / 1, cast(s as int) from t order by a;", PROTO_TEXT)
        self.assertEqual(1, len(answer.errors))
        self.assertIsNone(answer.table)


class SeparatorsTest(harness.ServerTest):
    setup_script = """CREATE DATABASE "p"; USE "p"; CREATE TABLE "t" ("a" INT, "d" DATE);"""

    def formatted(self, statement, field, row):
        return self.assertSucceeds(self.session.query(statement, {"formatting_options": {
            "field_separator": field, "row_separator": row}}))

    def test_show_has_them(self):
        self.session.do("use p;")
        for statement in ("show schemas;", "show tables;", "show table t;", "show views;",
                          "show databases;", "show statistics for server;"):
            with self.subTest(statement=statement):
                plain = [value for _, value in self.session.query(statement).messages[:-1]]
                other = [v for _, v in self.formatted(statement, "\t¦\t", "\r\n").messages[:-1]]
                self.assertEqual([line.replace("|", "\t¦\t").replace("\n", "\r\n")
                                  for line in plain], other)

    def test_objects_of_a_script_are_its_rows(self):
        self.session.do("use p;")
        plain = [value for _, value in self.session.query("script database p;").messages[:-1]]
        other = self.formatted("script database p;", "|", "\n-- row\n").messages[:-1]
        self.assertEqual([part + "-- row\n" for part in plain], [value for _, value in other])

    def test_a_table_has_cells_instead(self):
        answer = self.formatted("select 1, 'a|b';", ";", "!")
        self.assertEqual([["1", "a|b"]], answer.rows)
        self.assertEqual("(1 result rows)\n" + SUCCESS, answer.text)


if __name__ == "__main__":
    harness.main()
