"""Invalid request bodies, and valid ones that look invalid."""

import json

import harness
import wire

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

    def test_second_cookie_header_is_read(self):
        cookie, = (value for name, value in self.session.headers.items() if name == "Cookie")
        with self.server.connect() as connection:
            response = connection.request(
                "POST", harness.QUERY, [("Cookie", "a=b"), ("Cookie", cookie)], json.dumps(GOOD))
        self.assertSucceeds(harness.Answer(response))

    def test_target_with_scheme_and_host(self):
        """As clients send it to proxies."""
        for scheme in ("http", "HTTP", "Https"):
            with self.subTest(scheme=scheme), self.server.connect() as connection:
                self.assertEqual(200, connection.request(
                    "GET", f"{scheme}://localhost:80/healthz", {"Host": "other.example"}).status)

    def test_ipv4_address_in_an_ipv6_one(self):
        with self.server.connect() as connection:
            self.assertEqual(200, connection.request(
                "GET", "/healthz", {"Host": "[::ffff:127.0.0.1]"}).status)

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

    def error(self, *request, status=400):
        """The message of the error that a request on a new connection receives."""
        with self.server.connect() as connection:
            connection.send(wire.request_bytes(*request))
            response = connection.read_response()
        self.assertEqual(status, response.status)
        answer = response.json()
        return answer["error"]["message"] if "error" in answer else json.loads(answer["debug"])[0]

    def test_host_of_the_target_is_checked(self):
        message = self.error("GET", "http://evil.example/healthz", {"Host": "localhost"}, status=403)
        self.assertIn('not "evil.example"', message)

    def test_form_errors_name_what_was_found(self):
        def form(body, content_type="multipart/form-data; boundary=b"):
            return self.error("POST", harness.SCRIPT,
                              {**self.session.headers, "Content-Type": content_type}, body)

        part = "--b\r\nContent-Disposition: form-data; name=\"x\"\r\n\r\nhelp;\r\n"
        self.assertIn("found an empty body, expected a line '--b'", form(""))
        self.assertIn("found '{}' at the start", form("{}"))
        self.assertIn("expected a line '--b--'", form(part))
        self.assertIn("found more than 100 parts", form(part * 101 + "--b--\r\n"))
        self.assertIn("found no boundary", form(part + "--b--\r\n", "multipart/form-data"))
        self.assertIn("found 'a;b' as the boundary",
                      form(part + "--b--\r\n", 'multipart/form-data; boundary="a;b"'))

    def test_errors_name_value_and_limit(self):
        for headers, status, text in (
                ({"Content-Length": "20000001"}, 413, "has 20000001 bytes, expected at most 20000000"),
                ({"Content-Encoding": "gzip"}, 415, "found 'gzip', expected none"),
                ({"Expect": "200-ok"}, 417, "found '200-ok', expected 100-continue"),
                ({f"X{i}": "" for i in range(300)}, 431, "more than 256 headers")):
            with self.subTest(status=status):
                self.assertIn(text, self.error("POST", harness.QUERY,
                                               {**self.session.headers, **headers}, status=status))

    def test_strangers_are_refused_before_they_send_a_body(self):
        with self.server.connect() as connection:
            connection.send_request("POST", harness.QUERY,
                                    {"Expect": "100-continue", "Content-Length": "10"})
            self.assertEqual(401, connection.read_head().status)

    def test_long_names_are_not_repeated(self):
        body = json.dumps({"username": "tsadmin+" + "x" * 5000, "password": "admin"})
        message = self.error("POST", harness.LOGIN, {}, body, status=401)
        self.assertLess(len(message), 300)
        self.assertIn("xxx...", message)

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
