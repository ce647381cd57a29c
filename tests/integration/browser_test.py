"""What browsers may do: pages of allowed origins alone, and no foreign name for a loopback port."""

import json

import harness

PAGE = "https://app.example.com"
STATEMENT = json.dumps({"query": {"statement": "show databases;"}})


class BrowserTest(harness.ServerTest):
    flags = ("--cors-origin", PAGE, "--cors-origin", "http://localhost:3000",
             "--allow-host", "devbox")

    def exchange(self, method, path, headers, body=b"", tls=False):
        with (self.server.connect_tls() if tls else self.server.connect()) as connection:
            return connection.request(method, path, headers, body)

    def cookie(self):
        return {"Cookie": f"JSESSIONID={self.session.cookie}"}

    def test_host_names(self):
        for host in ("localhost", "localhost:1", "127.0.0.1:8080", "[::1]:8080", "devbox:8080"):
            with self.subTest(host=host):
                self.assertEqual(200, self.exchange("GET", "/healthz", {"Host": host}).status)
        for host in ("evil.example", "localhost.evil.example:8080", "127.0.0.1.evil.example"):
            with self.subTest(host=host):
                answer = self.exchange("POST", harness.QUERY, {"Host": host, **self.cookie()},
                                       STATEMENT)
                self.assertEqual(403, answer.status)
                self.assertIn("--allow-host", answer.json()["error"]["message"])

    def test_rejects_other_origins(self):
        for origin in ("http://evil.example", "null", "http://localhost:3001", PAGE + ":444"):
            with self.subTest(origin=origin):
                answer = self.exchange("POST", harness.LOGIN, {"Origin": origin},
                                       "username=tsadmin&password=admin")
                self.assertEqual(403, answer.status)
                self.assertIsNone(answer.get("Set-Cookie"))
                self.assertIsNone(answer.get("Access-Control-Allow-Origin"))

    def test_allowed_origin(self):
        preflight = self.exchange("OPTIONS", harness.LOGIN, {
            "Origin": PAGE, "Access-Control-Request-Method": "POST",
            "Access-Control-Request-Headers": "content-type,x-requested-by"}, tls=True)
        self.assertEqual(204, preflight.status)
        self.assertEqual(PAGE, preflight.get("Access-Control-Allow-Origin"))
        self.assertEqual("true", preflight.get("Access-Control-Allow-Credentials"))
        self.assertIn("POST", preflight.get("Access-Control-Allow-Methods"))
        self.assertEqual("content-type,x-requested-by",
                         preflight.get("Access-Control-Allow-Headers"))
        login = self.exchange("POST", harness.LOGIN, {"Origin": PAGE},
                              "username=tsadmin&password=admin", tls=True)
        self.assertEqual(200, login.status)
        cookie = login.get("Set-Cookie")
        self.assertIn("SameSite=None", cookie)
        self.assertIn("Secure", cookie)
        answer = self.exchange("POST", harness.QUERY,
                               {"Origin": PAGE, "Cookie": cookie.split(";")[0]}, STATEMENT)
        self.assertSucceeds(harness.Answer(answer))
        self.assertEqual(PAGE, answer.get("Access-Control-Allow-Origin"))
        self.assertEqual("Origin", answer.get("Vary"))

    def test_errors_have_cors_headers(self):
        for method, path, status in (("POST", harness.QUERY, 401), ("GET", "/nowhere", 404),
                                     ("GET", harness.QUERY, 405)):
            with self.subTest(status=status):
                answer = self.exchange(method, path, {"Origin": PAGE}, STATEMENT)
                self.assertEqual(status, answer.status)
                self.assertEqual(PAGE, answer.get("Access-Control-Allow-Origin"))

    def test_keep_alive_header(self):
        self.assertEqual("timeout=300", self.exchange("GET", "/healthz", {}).get("Keep-Alive"))


class WithoutOriginsTest(harness.ServerTest):
    def test_accepts_own_origin_only(self):
        with self.server.connect() as connection:
            host = f"127.0.0.1:{self.server.http[1]}"
            self.assertEqual(200, connection.request(
                "GET", "/healthz", {"Host": host, "Origin": f"http://{host}"}).status)
            self.assertEqual(403, connection.request(
                "GET", "/healthz", {"Host": host, "Origin": PAGE}).status)
            self.assertEqual(405, connection.request("OPTIONS", harness.QUERY, {}).status)


if __name__ == "__main__":
    harness.main()
