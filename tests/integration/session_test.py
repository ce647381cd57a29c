"""Authorization of requests: sessions, unknown paths, wrong methods, health."""

import json

import harness
import wire

QUERY_BODY = json.dumps({"query": {"statement": "show databases;"}})
PROTECTED = (
    ("POST", harness.QUERY, QUERY_BODY),
    ("POST", harness.SCRIPT, json.dumps({"script_type": 1, "script": "show databases;"})),
    ("GET", harness.STATIC_TOKENS, b""),
    ("GET", harness.DYNAMIC_TOKENS, b""),
    ("GET", harness.SCHEMA_VERSION, b""),
)


class SessionTest(harness.ServerTest):
    def test_401_without_a_session(self):
        for method, path, body in PROTECTED:
            with self.subTest(path=path):
                self.assertEqual(401, self.server.exchange(method, path, {}, body).status)

    def test_401_with_a_bogus_cookie(self):
        cookies = ("JSESSIONID=", "JSESSIONID=00000000", "JSESSIONID", "=", "JSESSIONID=\"\"",
                   "other=1", "JSESSIONID=" + "A" * 4000, f"jsessionid={self.session.cookie}x")
        for cookie in cookies:
            for method, path, body in PROTECTED:
                with self.subTest(path=path, cookie=cookie[:40]):
                    self.assertEqual(401, self.server.exchange(
                        method, path, {"Cookie": cookie}, body).status)

    def test_guid_header_is_not_a_session(self):
        """JSESSION_ID contains the user's GUID; it is neither required nor sufficient."""
        guid = {"JSESSION_ID": self.session.user_guid}
        self.assertEqual(401, self.server.exchange("GET", harness.STATIC_TOKENS, guid).status)
        for value in (self.session.user_guid, "nonsense", ""):
            answer = self.session.exchange("POST", harness.QUERY, QUERY_BODY,
                                           {"JSESSION_ID": value})
            self.assertEqual(200, answer.status)

    def test_cookie_among_other_cookies(self):
        cookie = f"a=b; JSESSIONID={self.session.cookie}; userGUID={self.session.user_guid}"
        answer = self.server.exchange("POST", harness.QUERY, {"Cookie": cookie}, QUERY_BODY)
        self.assertEqual(200, answer.status)

    def test_logout_ends_the_session(self):
        for path in ("/callosum/v1/session/logout", "/callosum/v1/tspublic/v1/session/logout",
                     "/api/rest/2.0/auth/session/logout"):
            with self.subTest(path=path):
                session = self.server.login()
                self.addCleanup(session.close)
                self.assertEqual(200, session.exchange("GET", harness.STATIC_TOKENS).status)
                self.assertEqual(2, session.exchange("POST", path).status // 100)
                self.assertEqual(401, session.exchange("GET", harness.STATIC_TOKENS).status)
        self.assertEqual(200, self.session.exchange("GET", harness.STATIC_TOKENS).status)

    def test_sessions_keep_apart(self):
        """The context is part of the request: no session sees the database of another."""
        self.session.do('create database "mine";', 'use "mine";', "create table t (a int);")
        other = self.server.login()
        self.addCleanup(other.close)
        self.assertFails(other.query("show tables;"))

    def test_rejects_large_bodies_without_a_session(self):
        """A request without a session is rejected after its head, not after 64 MiB."""
        for path, status in ((harness.QUERY, 401), (harness.SCRIPT, 401), (harness.LOGIN, 413)):
            with self.subTest(path=path), self.server.connect() as connection:
                connection.send_request("POST", path, {"Content-Length": str(64 << 20)})
                self.assertEqual(status, connection.read_head().status)

    def test_unknown_paths_are_404(self):
        for method in ("GET", "POST", "PUT", "DELETE"):
            for path in ("//", "/nowhere", harness.QUERY + "/more", "/..%2f..%2fetc/passwd",
                         "/ts_dataservice/v1/public/tql", "/" + "a/" * 500, "/%00", "/%ff%fe"):
                with self.subTest(method=method, path=path[:40]):
                    self.assertEqual(404, self.session.exchange(method, path).status)

    def test_wrong_methods_are_405(self):
        for method, path, _ in PROTECTED:
            wrong = "GET" if method == "POST" else "POST"
            for other in (wrong, "PUT", "DELETE", "PATCH"):
                with self.subTest(method=other, path=path):
                    self.assertEqual(405, self.session.exchange(other, path).status)

    def test_head_is_get_without_a_body(self):
        cookie = {"Cookie": f"JSESSIONID={self.session.cookie}"}
        with self.server.connect() as connection:
            connection.send(b"".join(
                wire.request_bytes("HEAD", path, cookie)
                for path in ("/healthz", harness.STATIC_TOKENS, harness.DYNAMIC_TOKENS)))
            connection.send_request("GET", "/healthz")
            for _ in range(3):
                self.assertEqual(200, connection.read_head().status)
            self.assertEqual({"status": "ok"}, connection.read_response().json())

    def test_health_does_not_require_a_session(self):
        self.assertEqual(200, self.server.exchange("GET", "/healthz").status)
        with self.server.connect_tls() as connection:
            self.assertEqual(200, connection.request("GET", "/healthz").status)


if __name__ == "__main__":
    harness.main()
