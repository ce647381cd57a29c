"""Slow, idle and broken connections do not delay the responses to other clients."""

import json
import resource
import time
import unittest

import harness
import wire
from harness import SUCCESS

NUMBERS = ", ".join(f"({i})" for i in range(1000))
ENDLESS = ("select count(*) from n a, n b, n c, n d, n e, n f "
           "where a.a + b.a + c.a + d.a + e.a + f.a < 0;")
IDLE = 500


class UnusualConnectionsTest(harness.ServerTest):
    setup_script = f"""CREATE DATABASE "busy"; USE "busy"; CREATE TABLE n (a int);
        INSERT INTO n VALUES {NUMBERS};"""

    def body(self, statement):
        return json.dumps({"context": {"database": "busy"}, "query": {"statement": statement}})

    def connection(self):
        connection = self.server.connect()
        self.addCleanup(connection.close)
        return connection

    def test_dribbling_clients_do_not_delay_another(self):
        """They have sent a part of their head or body and then nothing."""
        request = wire.request_bytes("POST", harness.QUERY, self.session.headers,
                                     self.body("show databases;"))
        dribblers = []
        for end in (0, 1, 10, len(request) // 2, len(request) - 1) * 8:
            connection = self.connection()
            connection.send(request[:end])
            dribblers.append((connection, end))
        self.assertServerAnswers()
        for connection, end in dribblers[:5]:
            connection.send(request[end:])
            self.assertSucceeds(harness.Answer(connection.read_response()))

    def test_a_request_may_come_byte_by_byte(self):
        connection = self.connection()
        for byte in wire.request_bytes("POST", harness.QUERY, self.session.headers,
                                       self.body("show databases;")):
            connection.send(bytes([byte]))
        self.assertSucceeds(harness.Answer(connection.read_response()))

    def test_half_open_connections(self):
        """The client has sent its request and closed its sending half, or closed the connection at once."""
        silent = self.connection()
        silent.finish_sending()
        self.assertTrue(silent.at_end())
        for statement in ("show databases;", "select count(*) from n;",
                          "insert into n values (1);", "delete from n where a = 1;",
                          "insert into n values (1);") * 3:
            connection = self.connection()
            connection.send_request("POST", harness.QUERY, self.session.headers,
                                    self.body(statement))
            connection.finish_sending()
            self.assertSucceeds(harness.Answer(connection.read_response()))
        cut = self.connection()
        cut.send(b"POST " + harness.QUERY.encode() + b" HTTP/1.1\r\nContent-Le")
        cut.finish_sending()
        cut.at_end()
        self.assertServerAnswers()

    def test_requests_in_one_packet_are_all_answered(self):
        connection = self.connection()
        connection.send(wire.request_bytes("POST", harness.QUERY, self.session.headers,
                                           self.body("show databases;")) * 5)
        for _ in range(5):
            self.assertSucceeds(harness.Answer(connection.read_response()))

    def test_noise_instead_of_http(self):
        for noise in (b"\x16\x03\x01\x02\x00\x01\x00" + b"\0" * 600, b"\r\n\r\n", b"GET\r\n\r\n",
                      b"\0" * 70000, b"GET / HTTP/1.1\r\n" + b"a: b\r\n" * 20000 + b"\r\n",
                      b"GET /" + b"a" * 100000 + b" HTTP/1.1\r\n\r\n",
                      b"POST / HTTP/1.1\r\nContent-Length: -1\r\n\r\n",
                      b"POST / HTTP/1.1\r\nContent-Length: 99999999999999999999\r\n\r\n",
                      b"POST / HTTP/1.1\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\n"):
            with self.subTest(noise=noise[:30]):
                connection = self.connection()
                try:
                    connection.send(noise)
                    connection.finish_sending()
                    if not connection.at_end():
                        self.assertIn(connection.read_head().status // 100, (4, 5))
                except OSError:
                    pass  # reset while noise was still being sent
                self.assertServerAnswers()

    def test_rejects_tls_on_the_http_port(self):
        connection = self.connection()
        connection.send(b"\x16\x03\x01\x02\x00\x01\x00")
        self.assertIn("this port speaks plain HTTP", connection.read_response().text)

    def test_500_sessions_on_idle_connections_do_not_starve_a_new_one(self):
        soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
        resource.setrlimit(resource.RLIMIT_NOFILE, (max(soft, min(hard, 4096)), hard))
        sessions = []
        for _ in range(IDLE):
            session = self.server.login()
            self.addCleanup(session.close)
            session.do("show databases;")
            sessions.append(session)
        self.assertEqual(IDLE, len({session.cookie for session in sessions}))
        self.assertServerAnswers()
        for session in (sessions[0], sessions[IDLE // 2], sessions[-1]):
            session.do("show databases;")

    def busy_server(self, *flags):
        server = harness.Server(*flags)
        self.addCleanup(server.stop)
        session = server.login()
        harness.run_script(session, self.setup_script)
        session.close()
        return server

    def stalled(self, server, count):
        """Clients that request more than any buffer holds and do not read it."""
        session = server.login()
        self.addCleanup(session.close)
        body = json.dumps({"context": {"database": "busy"}, "options": {
            "query_options": {"query_results_apply_top_row_count": 0}}, "query": {
                # Rows long enough for even a slow build to fill the buffers at once.
                "statement": f"select '{'x' * 10000}' from n a, n b, n c;"}})
        clients = []
        for _ in range(count):
            client = server.connect()
            self.addCleanup(client.close)
            client.send_request("POST", harness.QUERY, session.headers, body)
            clients.append((client, client.read_head()))
        return clients

    def test_unreading_clients_do_not_block_others(self):
        server = self.busy_server("--threads", "2")
        clients = self.stalled(server, 5)
        session = server.login()
        self.addCleanup(session.close)
        session.do("show databases;", "use busy;", "select count(*) from n;")
        for client, head in clients:
            self.assertTrue(next(iter(client.pieces(head))))

    def test_unreading_client_is_limited_by_the_statement_timeout(self):
        server = self.busy_server("--statement-timeout", "1s")
        (client, head), = self.stalled(server, 1)
        deadline = time.monotonic() + wire.PATIENCE
        while self.has_connection(server, client):
            self.assertLess(time.monotonic(), deadline, "the client still has its connection")
        with self.assertRaises((OSError, wire.WireError)):
            for _ in client.pieces(head):
                pass

    @staticmethod
    def has_connection(server, client):
        """Whether the server's end of the client's connection is open."""
        ends = f":{server.http[1]:04X}", f":{client.port:04X}", "01"
        with open("/proc/net/tcp", encoding="ascii") as table:
            return any(local.endswith(ends[0]) and remote.endswith(ends[1]) and state == ends[2]
                       for _, local, remote, state, *_ in map(str.split, list(table)[1:]))

    def test_endless_statements_do_not_keep_others_waiting(self):
        runners = [self.connection() for _ in range(4)]
        for runner in runners:
            runner.send_request("POST", harness.QUERY, self.session.headers, self.body(ENDLESS))
        self.session.do("use busy;", "create table during (a int);",
                        "insert into during values (1);", "drop table during;")
        self.assertServerAnswers()
        for runner in runners:
            runner.reset()
        self.assertServerAnswers()

    def test_client_that_leaves_within_a_large_answer(self):
        statement = "select a.a, b.a from n a, n b;"
        body = json.dumps({"context": {"database": "busy"}, "query": {"statement": statement},
                           "options": {"query_options": {"query_results_apply_top_row_count": 0}}})
        for _ in range(5):
            connection = self.server.connect()
            connection.send_request("POST", harness.QUERY, self.session.headers, body)
            head = connection.read_head()
            next(connection.pieces(head))
            connection.reset()
        self.assertServerAnswers()


class StopTest(unittest.TestCase):
    def test_stops_with_an_endless_statement_and_idle_clients(self):
        """SIGTERM ends running statements; the exit status is 0."""
        server = harness.Server()
        session = server.login()
        session.do('create database "busy";', 'use "busy";', "create table n (a int);",
                   f"insert into n values {NUMBERS};")
        with server.connect(), server.connect() as running:
            script = json.dumps({"context": session.context, "script_type": 1,
                                 "script": f"show databases; {ENDLESS}"})
            running.send_request("POST", harness.SCRIPT, session.headers, script)
            lines = running.lines(running.read_head())
            first = json.loads(next(lines))
            self.assertEqual(SUCCESS, first["result"]["message"][-1]["value"])
            status, rest = server.stop()
            with self.assertRaises((OSError, wire.WireError), msg="the script has an end"):
                for line in lines:
                    self.assertNotIn(b"script_complete", line)
        session.close()
        self.assertEqual((0, b""), (status, rest), server.log())

    def test_stopped_statement_has_a_status(self):
        server = harness.Server()
        session = server.login()
        session.do('create database "busy";', 'use "busy";', "create table n (a int);",
                   f"insert into n values {NUMBERS};")
        with server.connect() as running:
            running.send_request("POST", harness.QUERY, session.headers, json.dumps(
                {"context": {"database": "busy"}, "query": {"statement": ENDLESS}}))
            time.sleep(0.2)  # whether it runs by then or has not been read yet: it gets no response
            server.stop()
            head = running.read_head()
            self.assertEqual(503, head.status)
            self.assertIn(b"the server is stopping", b"".join(running.pieces(head)))
        session.close()


if __name__ == "__main__":
    harness.main()
