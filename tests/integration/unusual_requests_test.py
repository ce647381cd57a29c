"""Invalid request bodies, and valid ones that look invalid."""

import json

import harness

GOOD = {"query": {"statement": "show databases;"}}


class ToleratedRequestTest(harness.ServerTest):
    def assertAccepted(self, message):
        body = message if isinstance(message, (str, bytes)) else json.dumps(message)
        self.assertSucceeds(harness.Answer(self.session.exchange("POST", harness.QUERY, body)))

    def test_content_type_is_ignored(self):
        for content_type in ("text/plain", "application/json", "application/x-www-form-urlencoded",
                             "application/octet-stream", "nonsense", ""):
            with self.subTest(content_type=content_type):
                self.assertSucceeds(harness.Answer(self.session.exchange(
                    "POST", harness.QUERY, json.dumps(GOOD), {"Content-Type": content_type})))

    def test_form_content_type_with_a_long_body(self):
        """What `curl -d` sends for a script of more than 8 KB."""
        body = json.dumps({"query": {"statement": "/* " + "x" * 20000 + " */ show databases;"}})
        self.assertSucceeds(harness.Answer(self.session.exchange(
            "POST", harness.QUERY, body, {"Content-Type": "application/x-www-form-urlencoded"})))

    def test_unknown_fields_are_ignored_everywhere(self):
        extra = {"unknown": {"deep": [1, {"er": None}]}}
        self.assertAccepted({**GOOD, **extra, "context": extra,
                             "options": {"query_options": {"pagination": extra, **extra}, **extra}})

    def test_null_is_absent(self):
        self.assertAccepted({**GOOD, "context": None, "options": None})
        self.assertAccepted({**GOOD, "context": {"database": None, "schema": None},
                             "options": {"query_options": None, "adv_options": None}})

    def test_int64_as_number_or_string(self):
        for version in (-1, "-1", 163, "163", 2 ** 62, str(2 ** 62)):
            with self.subTest(version=version):
                self.assertAccepted({**GOOD, "context": {"server_schema_version": version}})

    def test_camel_case(self):
        self.assertAccepted({**GOOD, "context": {"serverSchemaVersion": "5"},
                             "options": {"queryOptions": {"queryResultsApplyTopRowCount": 5}}})


class RefusedRequestTest(harness.ServerTest):
    flags = ("--max-request-bytes", "20000000")

    def tearDown(self):
        self.assertServerAnswers()

    def assertRefused(self, body, statuses=(400,)):
        for path in (harness.QUERY, harness.SCRIPT):
            response = self.session.exchange("POST", path, body)
            self.assertIn(response.status, statuses, response.body[:200])
            self.assertTrue(response.body.strip(), "no word about what is wrong")

    def test_malformed_json(self):
        for body in (b"", b"{", b"}", b"[]", b"7", b'"x"', b"null", b"{]", b'{"query":', b"\0",
                     b'{"query":{"statement":"show databases;"}', b"{" * 1000, b"not json"):
            with self.subTest(body=body[:30]):
                self.assertRefused(body)

    def test_wrong_types(self):
        for message in ({"query": 7, "script": {}}, {"query": [], "script": []},
                        {"query": {"statement": {}}, "script": [1]},
                        {"context": 5, **GOOD, "script": "help;"},
                        {"options": "x", **GOOD, "script": "help;"},
                        {"context": {"server_schema_version": "many"}, **GOOD, "script": "help;"}):
            with self.subTest(message=message):
                self.assertRefused(json.dumps(message))

    def test_deeply_nested_json(self):
        for opening, closing in ((b"[", b"]"), (b'{"a":', b"}")):
            for end in (b"", b"1" + closing * 100000):
                with self.subTest(opening=opening, ended=bool(end)):
                    self.assertRefused(b'{"x":' + opening * 100000 + end)

    def test_request_without_a_statement(self):
        response = self.session.exchange("POST", harness.QUERY, b"{}")
        self.assertEqual(400, response.status)

    def test_over_long_body_by_its_announced_length(self):
        """Rejected after the head: the body is never sent."""
        with self.server.connect() as connection:
            connection.send_request("POST", harness.QUERY,
                                    {**self.session.headers, "Content-Length": "20000001"})
            self.assertEqual(413, connection.read_head().status)

    def test_over_long_body_in_chunks(self):
        chunk = b"100000\r\n" + b" " * 0x100000 + b"\r\n"
        with self.server.connect() as connection:
            connection.send_request("POST", harness.QUERY,
                                    {**self.session.headers, "Transfer-Encoding": "chunked"})
            try:
                for _ in range(21):
                    connection.send(chunk)
                connection.send(b"0\r\n\r\n")
            except OSError:
                return  # rejected while the body was being sent; tearDown checks the server
            if not connection.at_end():
                self.assertEqual(413, connection.read_head().status)

    def test_invalid_utf_8(self):
        for text in (b"\xff", b"\xc3", b"\xc0\xaf", b"\xed\xa0\x80", b"\xf4\x90\x80\x80"):
            with self.subTest(text=text):
                body = b'{"query":{"statement":"select \'' + text + b'\';"},"script":"' + text + b'"}'
                response = self.session.exchange("POST", harness.QUERY, body)
                if response.status == 200:
                    self.assertFails(harness.Answer(response))
                else:
                    self.assertEqual(400, response.status)

    def test_half_a_surrogate_pair(self):
        response = self.session.exchange(
            "POST", harness.QUERY, rb'{"query":{"statement":"select \"\ud800\" from t;"}}')
        self.assertTrue(response.status == 400 or harness.Answer(response).errors)


if __name__ == "__main__":
    harness.main()
