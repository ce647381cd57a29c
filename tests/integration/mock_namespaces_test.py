"""Properties of namespaces: their own ports, their memory, their time to live; rules for other calls."""

import time
import urllib.parse

import harness
import mock_control_test
import wire
from mock_control_test import CONTEXT

SESSION_INFO = "/callosum/v1/session/info"


class OwnPortsTest(mock_control_test.ControlTest):
    def make(self, name, **request):
        answer = self.main.do("PUT", f"/namespaces/{name}", {"from": "main", "own_ports": True, **request})
        self.addCleanup(self.main.call, "DELETE", f"/namespaces/{name}")
        return answer

    def connect(self, url):
        parts = urllib.parse.urlsplit(url)
        return wire.Connection((parts.hostname, parts.port), wire.unverified_tls() if parts.scheme == "https" else None)

    def login_at(self, url, user=harness.USER, headers=()):
        form = urllib.parse.urlencode({"username": user, "password": harness.PASSWORD})
        with self.connect(url) as connection:
            return connection.request("POST", harness.LOGIN,
                                      {"Content-Type": "application/x-www-form-urlencoded", **dict(headers)}, form)

    def sessions(self, name):
        return self.main.do("GET", f"/namespaces/{name}").get("sessions", 0)

    def test_logins_belong_to_the_namespace_of_their_port(self):
        ports, other = self.make("t1"), self.make("t2")
        urls = [ports["http"], ports["https"], other["http"], other["https"]]
        self.assertEqual(4, len(set(urls)), urls)
        for url in urls:
            self.assertEqual(200, self.login_at(url).status)
        self.assertEqual([2, 2], [self.sessions("t1"), self.sessions("t2")])
        self.assertEqual(200, self.login_at(ports["http"], harness.USER + "+t2").status)
        self.assertEqual(200, self.login_at(ports["http"], headers={"X-TQL-Mock-Namespace": "t2"}).status)
        self.assertEqual([2, 4], [self.sessions("t1"), self.sessions("t2")])
        self.assertEqual({"http": ports["http"], "https": ports["https"], "own_ports": True},
                         {key: self.main.do("GET", "/namespaces/t1")[key] for key in ("http", "https", "own_ports")})

    def test_a_reset_keeps_the_ports(self):
        ports = self.make("t1")
        self.assertEqual(ports["http"], self.make("t1")["http"])
        self.assertEqual(200, self.login_at(ports["https"]).status)

    def test_ports_close_with_the_namespace(self):
        for end in (lambda: self.main.do("DELETE", "/namespaces/t1"),
                    lambda: self.main.do("PUT", "/namespaces/t1", {"from": "main"})):
            ports = self.make("t1")
            end()
            for url in (ports["http"], ports["https"]):
                with self.assertRaises(OSError):
                    self.connect(url).close()

    def test_main_has_the_ports_of_the_server(self):
        status, said = self.main.error("PUT", "/namespaces/main", {"own_ports": True})
        self.assertEqual(400, status)
        self.assertIn("own_ports: ", said)


class WithoutPortsTest(harness.unittest.TestCase):
    def test_each_kind_of_port_only_if_the_server_has_it(self):
        server = harness.Server()
        self.addCleanup(server.stop)
        control = mock_control_test.Control(server)
        self.assertEqual(201, control.call("PUT", "/namespaces/t1", {"own_ports": True})[0])
        self.assertEqual(0, server.stop()[0])  # with ports that are open


class PropertiesTest(mock_control_test.ControlTest):
    def test_bytes_are_those_that_a_namespace_does_not_share(self):
        t1 = self.fork("t1")
        self.assertEqual("0", t1.do("GET").get("bytes", "0"))
        self.login("t1").query("insert into sales values ('north', 1)", context=CONTEXT)
        own = int(t1.do("GET")["bytes"])
        self.assertGreater(own, 0)
        self.assertLess(own, 1 << 20)

    def test_a_list_of_namespaces_is_no_call(self):
        self.fork("t1", ttl="0.1s")
        deadline = time.monotonic() + wire.PATIENCE
        while "t1" in [space["name"] for space in self.main.do("GET", "/namespaces")["namespace"]]:
            self.assertLess(time.monotonic(), deadline)


class CallsWithoutStatementsTest(mock_control_test.ControlTest):
    def test_rules_act_on_them(self):
        t1 = self.fork("t1")
        session = self.login("t1")
        t1.plan({"match": {"call": ["REST"]}, "skip": 1, "do": [{"status": {"http": 503, "message": "busy"}}]})
        statuses = [session.exchange("GET", SESSION_INFO).status for _ in range(3)]
        self.assertEqual([200, 503, 200], statuses)
        self.assertEqual(["OK", "REFUSED", "OK"], [entry["outcome"] for entry in t1.entries("call=REST")])
        self.assertEqual(200, t1.verify()[0])

    def test_each_action(self):
        t1 = self.fork("t1")
        session = self.login("t1")
        t1.plan({"match": {"call": ["REST"]}, "do": [{"head": {"set": {"X-Extra": "1"}}}]})
        self.assertEqual("1", session.exchange("GET", SESSION_INFO).get("X-Extra"))
        t1.plan({"match": {"call": ["REST"]}, "do": [{"cut": {"how": "CLOSE"}}]})
        with self.assertRaises((OSError, wire.WireError)):
            session.exchange("GET", SESSION_INFO)
        t1.plan({"match": {"call": ["REST"]}, "do": [{"session": {"what": "EXPIRE"}}]})
        self.assertEqual(401, session.exchange("GET", SESSION_INFO).status)

    def test_the_health_check_belongs_to_main(self):
        self.main.plan({"match": {"call": ["OTHER"]}, "do": [{"status": {"http": 503}}]})
        self.assertEqual([503, 200], [self.server.exchange("GET", "/healthz").status for _ in range(2)])

    def test_the_control_interface_is_not_among_them(self):
        self.main.plan({"match": {"call": ["OTHER"]}, "may_stay_unused": True, "do": [{"status": {"http": 503}}]})
        self.assertEqual(200, self.server.exchange("GET", "/mock/coverage").status)
        self.assertEqual(0, self.main.do("GET", "/plan")["rule"][0].get("seen", 0))


if __name__ == "__main__":
    harness.main()
