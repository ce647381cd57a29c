"""Rules of the response format on which existing clients depend; each test names the clients that would break."""

import json
import re

import requests

import harness
from harness import SUCCESS

STATEMENTS = (
    "show databases;", "show tables;", "show table t;", "use broken;", "select * from t;",
    "select a from t where a = 99;", "insert into t values (7, 'seven');", "select nonsense from t;",
    "nonsense;", "create table t (a int);", "delete from t where a = 7;", "create table u (a int);",
    "drop table u;", "drop table u;", "select 1 from t; select 2 from t;")


class WhatBreaksWhomTest(harness.ServerTest):
    setup_script = """CREATE DATABASE "broken"; USE "broken";
        CREATE TABLE "t" ("a" INT, "b" VARCHAR(0));
        INSERT INTO "t" VALUES (1, 'one'), (2, null);"""

    def setUp(self):
        super().setUp()
        self.session.do("use broken;")

    def answers(self):
        """Responses of every kind to queries and scripts."""
        for statement in STATEMENTS:
            with self.subTest(statement=statement):
                yield self.session.query(statement)
        with self.subTest(script=True):
            yield self.session.script("\n".join(STATEMENTS))

    def test_content_type_yields_no_encoding_in_python_requests(self):
        """Official client: iter_lines(decode_unicode=True), then .decode() on what must be bytes."""
        for answer in self.answers():
            headers = requests.structures.CaseInsensitiveDict(answer.response.head.headers)
            self.assertIsNone(requests.utils.get_encoding_from_headers(headers))
            self.assertEqual("application/octet-stream", headers["Content-Type"])

    def test_complete_is_true_or_absent_and_only_last(self):
        """Official client: stops reading a query at this key, whatever its value."""
        for statement in STATEMENTS:
            with self.subTest(statement=statement):
                *before, last = self.session.query(statement).results
                self.assertIs(True, last["complete"])
                self.assertFalse([result for result in before if "complete" in result])
        for result in self.session.script("\n".join(STATEMENTS)).results:
            self.assertIs(True, result["complete"])

    def test_complete_is_on_the_last_of_several_statements(self):
        """Official client, cs_tools: anything after it is not read."""
        stop = {"adv_options": {"continue_execution_on_error": False}}
        for text, options, lines in (
                ("select 1; select 2; select 3", None, 3),
                ("select 1; nonsense; drop table nowhere; select 2;", None, 4),
                ("select 1; drop table nowhere; select 2;", stop, 2),
                ("select 1; nonsense; select 2;", stop, 2),
                ("select 1; exit; select 2;", None, 2),
                ("exit; select 2;", None, 1),
                ("; /* a */ ;select 1; -- b\n;; select 2; /* c */ ;;", None, 2)):
            with self.subTest(text=text):
                results = self.session.query(text, options).results
                self.assertEqual(lines, len(results))
                self.assertEqual([False] * (lines - 1) + [True],
                                 ["complete" in result for result in results])
                for result in results:
                    self.assertIn("final_context", result)

    def test_statements_before_a_question_are_not_complete(self):
        """Official client: it asks only the questions that it has read."""
        self.session.do("create table one (a int, primary key (a));",
                        "create table two (a int, foreign key (a) references one (a));")
        self.addCleanup(self.session.do, "drop table two;", "drop table one;")
        results = self.session.query("select 1; drop table one; select 2;").results
        self.assertEqual(["table" in results[0], True],
                         [True, "interactive_question" in results[1]])
        self.assertEqual(2, len(results))
        self.assertFalse([result for result in results if "complete" in result])

    def test_empty_query_has_a_complete_response(self):
        """Official client, cs_tools, a connector: raise an exception for any status but 2xx."""
        for text in ("", ";", " ; ;\n", "-- nothing", "/* nothing */", "\ufeff", "/* ; */;--;\n;"):
            for options in (None, {"adv_options": {"use_postgres_sql_parser": True}},
                            {"format_output": False}):
                with self.subTest(text=text, options=options):
                    query = self.session.query(text, options)
                    self.assertEqual([("INFO", SUCCESS)], query.messages)
                    self.assertEqual(1, len(query.lines))
                    self.assertIs(True, query.results[0]["complete"])
                    self.assertEqual({"schema", "database", "server_schema_version"},
                                     set(query.context))
                    self.assertEqual("broken", query.context["database"])
                    script = self.session.script(text, options)
                    self.assertEqual(query.results, script.results)
                    self.assertIs(True, script.lines[0]["script_complete"])

    def test_every_line_has_result(self):
        """Official client, all cs_tools: KeyError."""
        for answer in self.answers():
            for line in answer.lines:
                self.assertIn("result", line)
                self.assertLessEqual(set(line), {"request", "script_complete", "result"})

    def test_line_with_messages_has_the_whole_context(self):
        """cs_tools 1.6 and later: KeyError; its prompt shows the schema."""
        for answer in self.answers():
            for result in answer.results:
                if "message" in result:
                    self.assertEqual({"schema", "database", "server_schema_version"},
                                     set(result["final_context"]))

    def test_context_without_a_database_has_an_empty_one(self):
        answer = self.session.query("show databases;", context={"server_schema_version": -1})
        self.assertEqual("", answer.context["database"])
        self.assertEqual(harness.DEFAULT_SCHEMA, answer.context["schema"])

    def test_last_line_has_the_context(self):
        """cs_tools 1.x keeps only that one."""
        for answer in self.answers():
            self.assertIn("final_context", answer.results[-1])

    def test_no_empty_lines_no_array_one_newline_at_the_end(self):
        """cs_tools interactive parses every line as JSON."""
        for answer in self.answers():
            body = answer.response.body
            self.assertTrue(body.endswith(b"}\n"))
            self.assertNotIn(b"\n\n", body)
            self.assertNotIn(b"\r", body)
            self.assertTrue(all(line.startswith(b"{") for line in answer.raw_lines))

    def test_messages_have_type_and_value(self):
        """KeyError or unbound variable in several clients, so INFO, the zero value, is printed too."""
        for answer in self.answers():
            for result in answer.results:
                for message in result.get("message", []):
                    self.assertEqual({"type", "value"}, set(message))
                    self.assertIn(message["type"], ("INFO", "WARNING", "ERROR"))

    def test_success_text(self):
        """cs_tools compares it stripped; Talend and keboola search for it."""
        answer = self.session.query("show databases;")
        self.assertEqual("Statement executed successfully. \n", answer.messages[-1][1])

    def test_table_only_for_select_with_headers_and_rows_only(self):
        """cs_tools calls f(**table); a table in the response to DDL causes an IndexError there."""
        for answer in self.answers():
            for result in answer.results:
                if "table" in result:
                    self.assertLessEqual(set(result["table"]), {"headers", "rows"})
        for statement in STATEMENTS:
            if not statement.startswith("select"):
                with self.subTest(statement=statement):
                    self.assertIsNone(self.session.query(statement).table)

    def test_no_rows_leaves_rows_out(self):
        """cs_tools interactive: [] causes an IndexError."""
        self.assertEqual({"headers"},
                         set(self.session.query("select a from t where a = 99;").table))

    def test_one_table_for_all_rows_of_a_statement(self):
        """cs_tools 1.6 and later overwrites, it does not append."""
        values = ", ".join(f"({i}, '{'x' * 100}')" for i in range(5000))
        self.session.do("create table many (a int, b varchar(0));",
                        f"insert into many values {values};")
        self.addCleanup(self.session.do, "drop table many;")
        answer = self.session.query(
            "select * from many;", {"query_options": {"query_results_apply_top_row_count": 0}})
        self.assertEqual(1, sum("table" in result for result in answer.results))
        self.assertEqual(5000, len(answer.rows))

    def test_cells_are_strings(self):
        """The official client joins them."""
        for row in self.session.query("select a, b, a > 1 from t;").rows:
            self.assertTrue(all(isinstance(cell, str) for cell in row), row)

    def test_line_separators_of_unicode_are_escaped(self):
        """httpx splits text at U+0085, U+2028, U+2029."""
        text = "a\u0085b\u2028c\u2029d\ne\rf\x0bg\x0ch\x1ci"
        self.session.do(f"insert into t values (50, '{text}');")
        self.addCleanup(self.session.do, "delete from t where a = 50;")
        answer = self.session.query("select b from t where a = 50;")
        self.assertEqual([[text]], answer.rows)
        self.assertEqual(len(answer.lines), len(answer.response.text.splitlines()))

    def test_failed_statements_are_200(self):
        """The official client prints any other response raw."""
        for statement in ("nonsense;", "select * from nowhere;", "drop table nowhere;"):
            with self.subTest(statement=statement):
                self.assertFails(self.session.query(statement))

    def test_progress_and_questions_have_what_clients_need(self):
        """Without a banner the official client loops; cs_tools 1.x requires options."""
        for answer in self.answers():
            for result in answer.results:
                for entry in result.get("progress", []):
                    self.assertLessEqual({"id", "label", "percentage"}, set(entry))
                for question in result.get("interactive_question", []):
                    self.assertLessEqual({"question_id", "banner", "prompt", "options"},
                                         set(question))

    def test_scripts_never_ask(self):
        """The official client's script reader has no prompts."""
        answer = self.session.script("alter table t set dimension; drop table t; "
                                     "create table t (a int, b varchar(0)); "
                                     "insert into t values (1, 'one'), (2, null);")
        self.assertFalse(any("interactive_question" in result for result in answer.results))

    def test_keys_are_snake_case_and_in_the_order_of_the_messages(self):
        line = self.session.query("select a from t;").raw_lines[-1].decode()
        self.assertFalse(re.search(r'"[a-z]+[A-Z]\w*":', line))
        pairs = json.loads(line, object_pairs_hook=list)
        result = dict(pairs)["result"]
        order = [key for key, _ in result]
        known = ["final_context", "interactive_question", "progress", "table", "message", "complete"]
        self.assertEqual([key for key in known if key in order], order)

    def test_gzip_is_not_forced_on_a_stream(self):
        """The response must arrive line by line: no content encoding may delay lines."""
        answer = harness.Answer(self.session.exchange(
            "POST", harness.QUERY, json.dumps({"query": {"statement": "show databases;"}}),
            {"Accept-Encoding": "gzip, deflate, br"}))
        self.assertIsNone(answer.response.get("Content-Encoding"))
        self.assertEqual(("INFO", SUCCESS), answer.messages[-1])


if __name__ == "__main__":
    harness.main()
