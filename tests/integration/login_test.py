"""The three logins, and how clients use their responses."""

import base64
import json
import unittest
import urllib.parse

import harness

V1 = "/callosum/v1/tspublic/v1/session/login"
V2 = "/api/rest/2.0/auth/session/login"


class LoginTest(harness.ServerTest):
    flags = ("--user", "tsadmin:admin", "--user", "a&b=c:p%:w 1")

    def login(self, path, headers, body):
        return self.server.exchange("POST", path, headers, body)

    def assertSessionWorks(self, response):
        self.assertEqual(2, response.status // 100, response.text)
        cookie = harness.session_cookie(response)
        answer = self.server.exchange("GET", harness.STATIC_TOKENS,
                                      {"Cookie": f"JSESSIONID={cookie}"})
        self.assertEqual(200, answer.status)

    def test_form_login(self):
        response = self.login(harness.LOGIN, {
            "Content-type": "application/x-www-form-urlencoded", "Accept": "application/json",
            "X-Requested-By": "ThoughtSpot"}, "username=tsadmin&password=admin")
        self.assertSessionWorks(response)
        self.assertTrue(response.json()["userGUID"])

    def test_a_cookie_of_tls_is_for_tls_alone(self):
        form = "username=tsadmin&password=admin"
        with self.server.connect_tls() as connection:
            secure = connection.request("POST", harness.LOGIN, (), form)
            ended = connection.request("POST", "/callosum/v1/session/logout", {
                "Cookie": f"JSESSIONID={harness.session_cookie(secure)}"})
        plain = self.login(harness.LOGIN, {}, form)
        self.assertRegex(secure.head.get("Set-Cookie"),
                         "^JSESSIONID=[0-9a-f]{64}; Path=/; HttpOnly; SameSite=Lax; Secure$")
        self.assertEqual("JSESSIONID=; Path=/; Max-Age=0; Secure", ended.head.get("Set-Cookie"))
        self.assertRegex(plain.head.get("Set-Cookie"),
                         "^JSESSIONID=[0-9a-f]{64}; Path=/; HttpOnly; SameSite=Lax$")

    def test_json_login(self):
        self.assertSessionWorks(self.login(
            harness.LOGIN, {"Content-Type": "application/json"},
            json.dumps({"username": "tsadmin", "password": "admin"})))

    def test_body_decides_not_the_content_type(self):
        for content_type in ("text/plain", "application/octet-stream", "application/json", None):
            headers = {"Content-Type": content_type} if content_type else {}
            for body in ("username=tsadmin&password=admin",
                         '{"username":"tsadmin","password":"admin"}'):
                with self.subTest(content_type=content_type, body=body):
                    self.assertSessionWorks(self.login(harness.LOGIN, headers, body))

    def test_form_values_are_percent_decoded(self):
        form = urllib.parse.urlencode({"username": "a&b=c", "password": "p%:w 1"})
        self.assertSessionWorks(self.login(
            harness.LOGIN, {"Content-Type": "application/x-www-form-urlencoded"}, form))

    def test_cs_tools_1_login_with_rememberme(self):
        self.assertSessionWorks(self.login(
            V1, {"Content-Type": "application/x-www-form-urlencoded",
                 "x-requested-by": "CS Tools"},
            "username=tsadmin&password=admin&rememberme=true"))

    def test_cs_tools_2_login_with_null_organisation(self):
        self.assertSessionWorks(self.login(
            V2, {"Content-Type": "application/json", "x-requested-by": "CS Tools"},
            json.dumps({"username": "tsadmin", "password": "admin", "org_identifier": None,
                        "remember_me": True})))

    def test_wrong_password_is_401_at_each_login(self):
        """The vendor's client asks for a password again only after 401."""
        for path in (harness.LOGIN, V1, V2):
            for user, password in (("tsadmin", "wrong"), ("nobody", "admin"), ("tsadmin", "")):
                with self.subTest(path=path, user=user, password=password):
                    response = self.login(path, {"Content-Type": "application/json"}, json.dumps(
                        {"username": user, "password": password}))
                    self.assertEqual(401, response.status)
                    self.assertEqual([], response.head.get_all("Set-Cookie"))
            self.server.login().close()  # resets the count of failed logins

    def test_senseless_bodies_are_client_errors(self):
        bodies = (b"", b"{", b"[]", b'{"username":7}', b"\xff\xfe", b"username", b"null",
                  base64.b64encode(bytes(range(256))), b'{"username":{"a":1},"password":[]}')
        for path in (harness.LOGIN, V1, V2):
            for body in bodies:
                with self.subTest(path=path, body=body):
                    self.assertIn(self.login(path, {}, body).status, (400, 401))
        self.assertServerAnswers()

    def test_session_cookie_is_hidden_from_scripts_and_new_each_time(self):
        seen = set()
        for _ in range(3):
            response = self.login(harness.LOGIN, {}, "username=tsadmin&password=admin")
            self.assertIn("httponly", response.get("Set-Cookie").lower())
            seen.add(harness.session_cookie(response))
        self.assertEqual(3, len(seen))
        self.assertTrue(all(len(cookie) >= 22 for cookie in seen), seen)  # 128 bits or more

    def test_login_over_tls(self):
        with self.server.connect_tls() as connection:
            response = connection.request("POST", harness.LOGIN, {},
                                          "username=tsadmin&password=admin")
        self.assertSessionWorks(response)


class GuessingTest(unittest.TestCase):
    def test_guessing_does_not_lock_others_out(self):
        """Brute force is slowed down for the attacked user only."""
        server = harness.Server("--user", "tsadmin:admin", "--user", "other:secret")
        self.addCleanup(server.stop)
        for _ in range(8):
            response = server.exchange("POST", harness.LOGIN, {},
                                       "username=tsadmin&password=guess")
            self.assertIn(response.status, (401, 429))
        self.assertTrue(server.login("other", "secret").cookie)


if __name__ == "__main__":
    harness.main()
