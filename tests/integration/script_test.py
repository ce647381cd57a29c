"""Scripts: echo, streaming, stopping, and the formats in which a script may be sent."""

import json

import harness
from harness import SUCCESS

CONTINUE = {"adv_options": {"continue_execution_on_error": True}}
STOP = {"adv_options": {"continue_execution_on_error": False}}
BODY_END = "\r\n--limit--\r\n"


def part(name, content, filename=None):
    file = f'; filename="{filename}"' if filename else ""
    return (f'--limit\r\nContent-Disposition: form-data; name="{name}"{file}\r\n\r\n'
            f"{content}")


class ScriptTest(harness.ServerTest):
    def assertSuccesses(self, count, answer):
        self.assertEqual(200, answer.status)
        self.assertEqual(count, answer.messages.count(("INFO", SUCCESS)), answer.messages)

    def test_each_statement_is_echoed_as_its_first_message(self):
        answer = self.session.script("show databases;\nshow  DATABASES ;\n")
        firsts = [result["message"][0] for result in answer.results]
        self.assertEqual(["INFO", "INFO"], [first["type"] for first in firsts])
        self.assertEqual(["show databases;\n", "show  DATABASES;\n"],
                         [first["value"].replace(" ;", ";") for first in firsts])

    def test_a_query_is_not_echoed(self):
        self.assertNotIn("show databases", self.session.query("show databases;").text)

    def test_complete_is_on_the_last_line_only(self):
        answer = self.session.script("show databases; show databases; show databases;")
        self.assertIs(True, answer.lines[-1]["script_complete"])
        for line in answer.lines[:-1]:
            self.assertNotIn("script_complete", line)

    def test_one_context_runs_through_the_script(self):
        answer = self.session.script('create database "through"; use "through"; '
                                     "create table t (a int); insert into t values (5); "
                                     "select a from t;")
        self.assertSuccesses(5, answer)
        self.assertEqual([["5"]], answer.rows)
        self.assertEqual("through", answer.context["database"])

    def test_continues_after_an_error_by_default(self):
        for options in (None, CONTINUE, {"adv_options": {}}):
            with self.subTest(options=options):
                answer = self.session.script("show databases; drop database nowhere; "
                                             "show databases;", options)
                self.assertSuccesses(2, answer)
                self.assertEqual(1, len(answer.errors))
                self.assertIn("returned error", answer.errors[0])

    def test_continues_after_a_syntax_error(self):
        answer = self.session.script("show databases; complete nonsense; show databases;")
        self.assertSuccesses(2, answer)
        self.assertRegex(answer.errors[0], r"^Error parsing SQL\. Check SQL input\.")

    def test_stops_at_an_error_when_asked_to(self):
        answer = self.session.script("show databases; drop database nowhere; show databases;", STOP)
        self.assertSuccesses(1, answer)
        self.assertEqual("ERROR", answer.messages[-1][0])
        self.assertIs(True, answer.lines[-1]["script_complete"])

    def test_exit_stops_with_success(self):
        for word in ("exit", "quit", "EXIT"):
            with self.subTest(word=word):
                answer = self.session.script(f"show databases; {word}; drop database nowhere;")
                self.assertEqual([], answer.errors)
                self.assertIs(True, answer.lines[-1]["script_complete"])

    def test_comments_strings_and_quoted_names_do_not_split(self):
        answer = self.session.script(
            "/* a; b */ create database \"semi;colon\"; -- c; d\nuse \"semi;colon\";\n"
            "create table t (a varchar(0)); insert into t values ('x;y'); select a from t;")
        self.assertSuccesses(5, answer)
        self.assertEqual([["x;y"]], answer.rows)

    def test_last_statement_needs_no_semicolon(self):
        self.assertSuccesses(2, self.session.script("show databases;\nshow databases"))

    def test_empty_statements_are_ignored(self):
        self.assertSuccesses(1, self.session.script(";;\n ; show databases;; -- end\n/* * */;"))

    def test_script_without_statements(self):
        for script in ("", " \n", "-- nothing\n", "/* nothing */", ";", ";;-- nothing"):
            with self.subTest(script=script):
                answer = self.session.script(script)
                self.assertSuccesses(1, answer)
                self.assertIs(True, answer.lines[-1]["script_complete"])

    def test_a_request_without_a_script_is_an_error(self):
        for path, request in ((harness.SCRIPT, {}), (harness.SCRIPT, {"script": None}),
                              (harness.QUERY, {}), (harness.QUERY, {"query": {}})):
            with self.subTest(path=path, request=request):
                self.assertEqual(400, self.session.post(path, request).status)

    def test_places_are_those_of_the_script(self):
        """A message about line 3 of the script mentions line 3."""
        answer = self.session.script("show databases;\n\n  select from from;\n")
        self.assertRegex(answer.errors[0], r"(?i)line 3\b")

    def test_runtime_errors_have_places_in_the_script(self):
        for send in (self.session.script, self.session.query):
            for text, place in (("show databases;\nselect nope;", "line 2, column 8"),
                                ("show databases; /* ö */ select nope", "line 1, column 32"),
                                ("-- a comment\nselect nope", "line 2, column 8"),
                                ("show databases;\n\n  select\n cast('x' as int);",
                                 "line 4, column 2")):
                with self.subTest(text, send=send.__name__):
                    self.assertIn(f"({place})", send(text).errors[-1])

    def test_type_by_number_and_name(self):
        for script_type in (1, "TQL_SCRIPT", "1"):
            with self.subTest(script_type=script_type):
                self.assertSuccesses(1, self.session.script("show databases;",
                                                            script_type=script_type))

    def test_type_may_be_absent(self):
        answer = harness.Answer(self.session.post(harness.SCRIPT, {"script": "show databases;"}))
        self.assertSuccesses(1, answer)


class StreamingTest(harness.ServerTest):
    def test_responses_are_streamed(self):
        """The first line is read while the second statement is still running: it would count 10^18 pairs, and ends
        only when the client disconnects."""
        values = ", ".join(f"({i})" for i in range(1000))
        self.session.do('create database "long";', 'use "long";', "create table n (a int);",
                        f"insert into n values {values};")
        endless = ("select count(*) from n a, n b, n c, n d, n e, n f "
                   "where a.a + b.a + c.a + d.a + e.a + f.a < 0;")
        body = {"context": self.session.context, "script_type": 1,
                "script": f"show databases; {endless} show databases;"}
        with self.server.connect() as connection:
            connection.send_request("POST", harness.SCRIPT, self.session.headers, json.dumps(body))
            head = connection.read_head()
            self.assertEqual(200, head.status)
            line = json.loads(next(connection.lines(head)))
            self.assertEqual("show databases;\n", line["result"]["message"][0]["value"])
            self.assertEqual(SUCCESS, line["result"]["message"][-1]["value"])
            self.assertNotIn("script_complete", line)
            connection.reset()
        self.assertServerAnswers()


class UploadTest(harness.ServerTest):
    headers = (("Content-Type", "multipart/form-data; boundary=limit"),)

    def upload(self, *parts):
        return harness.Answer(self.session.exchange(
            "POST", harness.SCRIPT, "\r\n".join(parts) + BODY_END, self.headers))

    def test_part_with_the_request_as_json(self):
        request = json.dumps({"script_type": 1, "script": "show databases;"})
        answer = self.upload(part("note", "no json"), part("request", request))
        self.assertSucceeds(answer)

    def test_file_part_with_the_script(self):
        self.assertSucceeds(self.upload(part("file", "show databases;\n", "a.tql")))

    def test_request_as_json_with_its_script_in_a_file(self):
        request = json.dumps({"options": {"adv_options": {"continue_execution_on_error": False}}})
        script = part("file", "nothing;\nshow databases;\n", "a.tql")
        for parts in ((part("request", request), script), (script, part("request", request))):
            answer = self.upload(*parts)
            self.assertEqual(1, len(answer.errors))
            self.assertNotIn("thoughtspot_internal", answer.output)

    def test_file_of_some_megabytes(self):
        script = "-- " + "x" * (3 << 20) + "\nshow databases;\n"
        self.assertSucceeds(self.upload(part("file", script, "a.tql")))

    def test_upload_without_parts_is_a_client_error(self):
        for body in ("", "--limit--\r\n", "--other\r\n\r\n", "\r\n" * 100, "--limit"):
            with self.subTest(body=body):
                response = self.session.exchange("POST", harness.SCRIPT, body, self.headers)
                self.assertEqual(400, response.status)
        self.assertServerAnswers()

    def test_upload_without_boundary_is_a_client_error(self):
        response = self.session.exchange("POST", harness.SCRIPT, part("a", "b") + BODY_END,
                                         {"Content-Type": "multipart/form-data"})
        self.assertEqual(400, response.status)


class ProtoScriptTest(harness.ServerTest):
    def test_type_2_holds_a_request_in_text_format(self):
        """A PROTO_SCRIPT is the script's request in protobuf's text format."""
        script = 'script: "show databases;" options { adv_options { allow_unsafe: true } }'
        for script_type in (2, "PROTO_SCRIPT"):
            with self.subTest(script_type=script_type):
                answer = self.session.script(script, script_type=script_type)
                self.assertSucceeds(answer)
                self.assertIn("thoughtspot_internal", answer.output)

    def test_another_message_is_refused(self):
        answer = self.session.script('query { statement: "show databases;" }', script_type=2)
        self.assertEqual(400, answer.status)
        self.assertIn("line 1", answer.response.text)
        self.assertIn('\\"tql.v1.ExecuteSqlScriptRequest\\"', answer.response.text)

    def test_malformed_text_format_is_an_error(self):
        answer = self.session.script("query { statement: ", script_type=2)
        self.assertTrue(answer.status == 400 or answer.errors)
        self.assertServerAnswers()


if __name__ == "__main__":
    harness.main()
