"""The client that plays dlt's rest_api source: what dlt was seen to do, against a server of a few lines."""

import http.server
import json
import threading
import unittest
import urllib.parse

import harness
import rest_source


class Script:
    """A server that answers by a function: (path, query) → (status, headers, body)."""

    def __init__(self, answer):
        script = self
        self.requests = []  # (path, headers)

        class Handler(http.server.BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"

            def do_GET(self):
                script.requests.append((self.path, dict(self.headers)))
                parts = urllib.parse.urlsplit(self.path)
                status, headers, body = answer(parts.path, dict(urllib.parse.parse_qsl(parts.query)))
                data = body if isinstance(body, bytes) else json.dumps(body).encode()
                self.send_response(status)
                for name, value in {**headers, "Content-Length": str(len(data))}.items():
                    self.send_header(name, value)
                self.end_headers()
                self.wfile.write(data)

            def log_message(self, *_):
                pass

        self._server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self._thread = threading.Thread(target=self._server.serve_forever, args=(0.01,))
        self._thread.start()
        self.url = f"http://127.0.0.1:{self._server.server_address[1]}"

    def close(self):
        self._server.shutdown()
        self._thread.join()
        self._server.server_close()

    @property
    def paths(self):
        return [path for path, _ in self.requests]


class RestSourceTest(unittest.TestCase):
    def serve(self, answer):
        script = Script(answer)
        self.addCleanup(script.close)
        return script

    def source(self, script, *resources, client=None, **options):
        self.waits = []
        config = {"client": {"base_url": script.url, **(client or {})}, "resources": list(resources)}
        source = rest_source.Source(config, sleep=self.waits.append, **options)
        self.addCleanup(source.client.close)
        return source

    def load(self, answer, endpoint, **client):
        """The rows of one resource, and the paths that were requested."""
        script = self.serve(answer)
        source = self.source(script, {"name": "r", "endpoint": endpoint}, client=client)
        return [row for _, row in source.rows()], script.paths

    def test_urls(self):
        for base, path, expected in (("", "/a", "/a"), ("/", "a", "/a"), ("/v1/", "/a/", "/v1/a/"), ("/v1", "a", "/v1/a")):
            script = self.serve(lambda path, query: (200, {}, []))
            source = self.source(script, {"name": "r", "endpoint": path}, client={"base_url": script.url + base})
            self.assertEqual([], list(source.rows()))
            self.assertEqual([expected], script.paths)

    def test_headers_and_authentication(self):
        def answer(path, query):
            return 200, {}, [{"n": 1}]
        for auth, expected in ((None, None), ({"type": "bearer", "token": "t"}, "Bearer t"),
                               ({"type": "http_basic", "username": "u", "password": "p"}, "Basic dTpw")):
            script = self.serve(answer)
            list(self.source(script, {"name": "r"}, client={"auth": auth}).rows())
            headers = script.requests[0][1]
            self.assertEqual(("dlt/1.26.0", "*/*", expected),
                             (headers["User-Agent"], headers["Accept"], headers.get("Authorization")))
            self.assertNotIn("X-Requested-By", headers)

    def test_selector_of_a_response(self):
        for body, expected in (
                ([{"n": 1}], [{"n": 1}]),
                ({"data": [{"n": 1}]}, [{"n": 1}]),
                ({"tags": ["a"], "data": {"results": [{"n": 1}]}}, [{"n": 1}]),
                ({"headers": [{"n": 1}], "isLastBatch": True, "debugInfo": {}}, [{"n": 1}]),
                # The wrong list, which is why these need "$".
                ({"userContent": {}, "assignedGroups": ["g1", "g2"], "privileges": ["p"]},
                 [{"value": "g1"}, {"value": "g2"}]),
                ({"userName": "u", "privileges": ["AUTHORING"]}, [{"value": "AUTHORING"}]),
                ({"n": 1, "o": {"p": 2}}, [{"n": 1, "o": {"p": 2}}]),
                ({"a": {"b": {"c": {"d": [1]}}}}, [{"a": {"b": {"c": {"d": [1]}}}}])):
            with self.subTest(body):
                self.assertEqual(expected, self.load(lambda path, query, body=body: (200, {}, body), "r")[0])

    def test_selector_that_is_given(self):
        body = {"data": {"results": [{"n": 1}]}, "list": [2]}
        for selector, expected in (("data.results", [{"n": 1}]), ("data", [{"results": [{"n": 1}]}]), ("$", [body]),
                                   ("none", [])):
            rows, _ = self.load(lambda path, query: (200, {}, body), {"path": "r", "data_selector": selector})
            self.assertEqual(expected, rows)

    def pages(self, first, pages):
        """Pages by the value of one parameter; the first request must have no parameter."""
        def answer(path, query):
            if len(query) > 1:
                return 500, {}, {}
            return pages[next(iter(query.values()), first)]
        return answer

    def test_paginator_of_a_response(self):
        def page(rows, headers=None, **members):
            return 200, headers or {}, {"data": [{"n": n} for n in rows], **members}
        for name, answer, paths in (
                ("Link header", lambda path, query: page([1], {"Link": '</r2>; rel="next"'}, next_cursor="c")
                 if path == "/r" else page([2]), ["/r", "/r2"]),
                ("link", lambda path, query: page([1], next="/r2", total_pages=9)
                 if path == "/r" else page([2]), ["/r", "/r2"]),
                ("number of pages", self.pages("1", {"1": page([1], total_pages=2, next_cursor="c"),
                                                     "2": page([2], total_pages=2)}), ["/r", "/r?page=2"]),
                ("cursor", self.pages("", {"": page([1], next_cursor="c2"), "c2": page([2], next_cursor=None)}),
                 ["/r", "/r?cursor=c2"]),
                ("inner cursor", self.pages("", {
                    "": (200, {}, {"data": {"results": [{"n": 1}], "next_cursor": "c2"}}),
                    "c2": (200, {}, {"data": {"results": [{"n": 2}], "next_cursor": None}})}), ["/r", "/r?cursor=c2"])):
            with self.subTest(name):
                rows, requested = self.load(answer, "r")
                self.assertEqual(([{"n": 1}, {"n": 2}], paths), (rows, requested))

    def test_one_page_with_a_warning(self):
        script = self.serve(lambda path, query: (200, {}, {"headers": [{"n": 1}], "isLastBatch": False}))
        source = self.source(script, {"name": "r"})
        self.assertEqual([("r", {"n": 1})], list(source.rows()))
        self.assertEqual((1, 1), (len(script.paths), len(source.warnings)))

    def test_a_cursor_that_repeats_has_no_end(self):
        script = self.serve(lambda path, query: (200, {}, {"data": [{"n": 1}], "next_cursor": "same"}))
        source = self.source(script, {"name": "r"}, max_requests=20)
        with self.assertRaises(rest_source.TooManyRequests):
            list(source.rows())
        self.assertEqual(["/r"] + ["/r?cursor=same"] * 19, script.paths)

    def test_offsets_until_an_empty_page(self):
        def answer(path, query):
            first = int(query["offset"])
            rows = [{"n": n} for n in range(5)][first:first + int(query["batchsize"])]
            return 200, {}, {"headers": rows, "isLastBatch": first + 2 >= 5}
        rows, requested = self.load(answer, {"path": "r", "paginator": {
            "type": "offset", "limit": 2, "limit_param": "batchsize", "total_path": None,
            "stop_after_empty_page": True}})
        self.assertEqual([{"n": n} for n in range(5)], rows)
        self.assertEqual([f"/r?offset={n}&batchsize=2" for n in (0, 2, 4, 6)], requested)

    def test_attempts(self):
        for status, headers, waits in ((429, {}, [1, 2, 4, 8]), (503, {}, [1, 2, 4, 8]),
                                       (429, {"Retry-After": "7"}, [7, 7, 7, 7])):
            script = self.serve(lambda path, query: (status, headers, {}))
            with self.assertRaises(rest_source.HttpError):
                list(self.source(script, {"name": "r"}).rows())
            self.assertEqual((5, waits), (len(script.paths), self.waits))

    def test_a_later_attempt_succeeds(self):
        answers = [(429, {}, {}), (500, {}, {}), (200, {}, [{"n": 1}])]
        rows, _ = self.load(lambda path, query: answers.pop(0), "r")
        self.assertEqual(([{"n": 1}], [1, 2]), (rows, self.waits))

    def test_other_errors_and_sessions_have_one_attempt(self):
        class Session:
            headers = {"Cookie": "JSESSIONID=x"}
        for status, client in ((404, {}), (401, {}), (400, {}), (503, {"session": Session()})):
            script = self.serve(lambda path, query: (status, {}, {}))
            with self.assertRaises(rest_source.HttpError) as raised:
                list(self.source(script, {"name": "r"}, client=client).rows())
            self.assertEqual((status, 1), (raised.exception.status, len(script.paths)))

    def test_one_request_for_each_row_of_the_parent(self):
        def answer(path, query):
            if path == "/users":
                return 200, {}, {"data": [{"id": n, "name": f"u{n}"} for n in (3, 1, 2)]}
            return (404, {}, {}) if path == "/users/1" else (200, {}, {"data": {"key": path}})
        parent = {"name": "users", "endpoint": {"path": "users", "data_selector": "data"}}
        endpoint = {"path": "users/{resources.users.id}", "data_selector": "data"}
        child = {"name": "user", "include_from_parent": ["name"], "endpoint": endpoint}
        script = self.serve(answer)
        with self.assertRaises(rest_source.HttpError):
            list(self.source(script, parent, child).rows())
        endpoint["response_actions"] = [{"status_code": 404, "action": "ignore"}]
        script = self.serve(answer)
        rows = [row for name, row in self.source(script, parent, child).rows() if name == "user"]
        self.assertEqual([{"key": "/users/3", "_users_name": "u3"}, {"key": "/users/2", "_users_name": "u2"}], rows)
        self.assertEqual(["/users", "/users/3", "/users/1", "/users/2"], script.paths)

    def test_places_of_a_path(self):
        rows, requested = self.load(lambda path, query: (200, {}, [{"n": 1}]),
                                    {"path": "logs/topics/{topic}", "params": {"topic": "security_logs"}})
        self.assertEqual(([{"n": 1}], ["/logs/topics/security_logs"]), (rows, requested))
        with self.assertRaisesRegex(ValueError, "user: {id} is not bound"):
            rest_source.Source({"client": {"base_url": ""}, "resources": [
                {"name": "user", "endpoint": {"path": "users/{id}"}}]})


if __name__ == "__main__":
    harness.main()
