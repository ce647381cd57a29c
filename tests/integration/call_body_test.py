"""Rules that change the bodies of calls without statements: REST, tsload, Thena, logins, the health check.

What is expected comes from the definition of the actions in mock_control.proto.
"""

import json
import tempfile

import harness
import wire
from mock_control_test import Control

HEALTH = '{"status":"ok"}'
INFO = "/callosum/v1/session/info"
LOADS = "/ts_dataservice/v1/public"


class CallBodyTest(harness.ServerTest):
    def setUp(self):
        self.main = Control(self.server)
        self.main.do("PUT", "/namespaces/main")
        self.main.do("DELETE", "/journal")

    def plan(self, *actions, call="OTHER", **more):
        self.main.plan({"match": {"call": [call]}, "do": list(actions), "times": 0, **more})

    def cookie(self):
        return {"Cookie": f"JSESSIONID={self.server.login().cookie}"}

    def entry(self, path):
        return [entry for entry in self.main.entries() if entry.get("path") == path][-1]

    def warnings(self, path):
        return self.entry(path).get("warning", [])

    def text(self, *actions):
        self.plan(*actions)
        response = self.server.exchange("GET", "/healthz")
        self.assertEqual((200, "application/json"), (response.status, response.get("Content-Type")))
        return response.text


class EditTest(CallBodyTest):
    def test_positions(self):
        for expected, edit in (
                ("<" + HEALTH, {"insert": "<"}), (HEALTH + ">", {"at": {"end": True}, "insert": ">"}),
                ("{<" + HEALTH[1:], {"at": {"byte": 1}, "insert": "<"}), (HEALTH[2:], {"at": {"byte": 0}, "drop": 2}),
                ("{{{" + HEALTH[1:], {"at": {"byte": 0}, "repeat": 2}),
                ('"{' + HEALTH[2:], {"at": {"byte": 0}, "swap": True}), ("", {"at": {"line": 0}, "drop": 1}),
                (HEALTH * 2, {"at": {"line": 0}, "repeat": 1}),
                (HEALTH.replace("ok", "no"), {"replace": {"regex": "ok", "with": "no"}}),
                (HEALTH.replace("ok", "[ok]"), {"replace": {"regex": "o(k)", "with": r"[o\1]"}})):
            with self.subTest(edit=edit):
                self.assertEqual(expected, self.text({"edit": edit}))
                self.assertEqual("OK", self.entry("/healthz")["outcome"])
                self.assertEqual([], self.warnings("/healthz"))

    def test_several_actions_of_a_rule(self):
        self.assertEqual('<{"status":"NO"}>', self.text(
            {"edit": {"insert": "<"}}, {"edit": {"replace": {"regex": "ok", "with": "no"}}},
            {"edit": {"replace": {"regex": "no", "with": "NO"}}}, {"edit": {"at": {"end": True}, "insert": ">"}}))

    def test_positions_of_statements_are_left_out(self):
        for action in ({"edit": {"at": {"row": 0}, "drop": 1}}, {"cut": {"at": {"message": 0}}},
                       {"answer": {"error": "no"}}, {"edit": {"at": {"complete": True}, "drop": 1}}):
            with self.subTest(action=action):
                self.assertEqual(HEALTH, self.text(action))
                self.assertEqual(["rule r1: an action needs a statement and was left out"], self.warnings("/healthz"))

    def test_of_an_error(self):
        self.plan({"edit": {"replace": {"regex": '"code"', "with": '"kode"'}}}, call="REST")
        response = self.server.exchange("GET", INFO)
        self.assertEqual(401, response.status)
        self.assertIn("kode", response.json())

    def test_of_a_refusal(self):
        self.plan({"status": {"http": 503, "body": "busy"}}, {"drip": {"bytes": 1, "every": "0s"}}, call="REST")
        response = self.server.exchange("GET", INFO)
        self.assertEqual((503, "busy"), (response.status, response.text))
        self.assertEqual("REFUSED", self.entry(INFO)["outcome"])

    def test_each_service(self):
        edit = {"edit": {"insert": "<"}}
        for call, method, path in (("REST", "GET", INFO), ("LOAD", "GET", LOADS + "/ping"),
                                   ("TOKENS", "GET", LOADS + "/tql/tokens/static"),
                                   ("SCHEMA_VERSION", "GET", "/ts_tqlservice/v1/public/schema_version"),
                                   ("LOGIN", "POST", "/callosum/v1/session/login")):
            with self.subTest(call=call):
                headers = self.cookie()
                self.plan(edit, call=call)
                body = "username=tsadmin&password=admin" if method == "POST" else b""
                response = self.server.exchange(method, path, headers, body)
                self.assertEqual((200, "<"), (response.status, response.text[:1]))

    def test_without_a_body(self):
        self.plan({"edit": {"insert": "<"}}, call="LOGOUT")
        path = "/callosum/v1/session/logout"
        response = self.server.exchange("POST", path, self.cookie())
        self.assertEqual((204, b""), (response.status, response.body))
        self.assertEqual(["rule r1: no body was sent, so an action on it was left out"], self.warnings(path))

    def test_over_http_1_0(self):
        self.plan({"edit": {"insert": "<"}})
        with self.server.connect() as connection:
            connection.send(b"GET /healthz HTTP/1.0\r\n\r\n")
            self.assertEqual("<" + HEALTH, connection.read_response().text)

    def test_an_entry_exists_before_the_end_of_the_answer(self):
        self.plan({"edit": {"insert": "<"}})
        with self.server.connect() as calls:
            for number in range(100):
                calls.request("GET", "/healthz", {"X-Request-Id": f"n{number}"})
                self.assertEqual(f"n{number}", self.entry("/healthz")["request_id"])


class CutTest(CallBodyTest):
    def test_positions(self):
        for expected, at in ((HEALTH[:4], {"byte": 4}), ("", {"byte": 0}), ("", {"line": 0}), (HEALTH, {"end": True})):
            with self.subTest(at=at):
                self.plan({"cut": {"at": at}})
                with self.server.connect() as connection:
                    connection.send_request("GET", "/healthz", {})
                    pieces = []
                    with self.assertRaises(wire.WireError):
                        for piece in connection.pieces(connection.read_head()):
                            pieces.append(piece)
                self.assertEqual(expected, b"".join(pieces).decode())
                self.assertEqual("CUT", self.entry("/healthz")["outcome"])


class AnswerTest(CallBodyTest):
    def test_pieces_are_sent_separately(self):
        self.plan({"answer": {"piece": [{"text": "a"}, {"data": "YmM="}]}}, call="REST")
        with self.server.connect() as connection:
            connection.send_request("GET", INFO, {})
            head = connection.read_head()
            self.assertEqual([b"a", b"bc"], list(connection.pieces(head)))
        self.assertEqual((200, "application/json"), (head.status, head.get("Content-Type")))
        self.assertEqual("OK", self.entry(INFO)["outcome"])

    def test_whether_the_call_runs(self):
        for run, expected in (("DEFAULT", 200), ("FIRST", 401)):
            with self.subTest(run=run):
                cookie = self.cookie()
                self.plan({"run": run, "answer": {"piece": [{"text": "bye"}]}}, call="LOGOUT")
                response = self.server.exchange("POST", "/callosum/v1/session/logout", cookie)
                self.assertEqual((200, "bye", None), (response.status, response.text, response.get("Set-Cookie")))
                self.assertEqual(expected, self.server.exchange("GET", INFO, cookie).status)

    def test_the_head_may_be_changed(self):
        self.plan({"answer": {"piece": [{"text": "<html>"}]}}, {"head": {"set": {"Content-Type": "text/html"}}})
        response = self.server.exchange("GET", "/healthz")
        self.assertEqual((200, "text/html", "<html>"), (response.status, response.get("Content-Type"), response.text))


class LimitTest(harness.unittest.TestCase):
    def test_a_long_line_is_not_edited(self):
        with tempfile.NamedTemporaryFile("w", suffix=".json") as world:
            json.dump({"thena": {"generate": {"users": 100_000}}}, world)
            world.flush()
            server = harness.Server("--thena", "127.0.0.1:0", "--world", world.name)
            self.addCleanup(server.stop)
            main = Control(server)
            main.plan({"match": {"call": ["THENA"]}, "do": [{"edit": {"replace": {"regex": '"data"', "with": '"x"'}}}]})
            host, port = server.ready["thena"].removeprefix("http://").rsplit(":", 1)
            connection = wire.Connection((host, int(port)))
            self.addCleanup(connection.close)
            body = connection.request("GET", "/rest/v2/users", {"Authorization": "Bearer thena-test-token"}).body
            self.assertGreater(len(body), 16 << 20)
            self.assertTrue(body.startswith(b'{"data":['))
            self.assertEqual(["rule r1: a line has more than 16 MiB, so an action on it was left out"],
                             main.entries()[-1]["warning"])


if __name__ == "__main__":
    harness.main()
