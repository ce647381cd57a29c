"""The gRPC service as used by standard tools: only through reflection, with another gRPC library (Python's).

Messages are put together by hand here, so that no generated code is needed.
"""

import json
import os
import tempfile
import time
import unittest

try:
    import grpc
except ImportError:
    grpc = None

import harness

REFLECTION = "/grpc.reflection.{}.ServerReflection/ServerReflectionInfo"
VERSIONS = ("v1", "v1alpha")
MANY_TABLES, MANY_COLUMNS = 250, 300
SILENT = "select count(*) from t a, t b, t c, t d, t e, t f where a.x + b.x + c.x + d.x + e.x + f.x < 0;"


def varint(number):
    """In protobuf's encoding."""
    more = number >> 7
    return bytes([number & 127 | 128]) + varint(more) if more else bytes([number])


def field(number, content):
    """A length-delimited field of a message."""
    return bytes([number << 3 | 2]) + varint(len(content)) + content


def texts(message, number):
    """The contents of the length-delimited fields with this number, or the values of other fields."""
    at, found = 0, []

    def read():
        nonlocal at
        value = shift = 0
        while True:
            byte = message[at]
            at += 1
            value |= (byte & 127) << shift
            shift += 7
            if byte < 128:
                return value

    while at < len(message):
        tag, value = read(), read()
        if tag & 7 == 2:
            if tag >> 3 == number:
                found.append(message[at:at + value])
            at += value
    return found


def first_text(message):
    """The content of a message that begins with a short length-delimited field."""
    return message[2:2 + message[1]]


@unittest.skipUnless(grpc, "python3-grpcio is not installed")
class GrpcToolsTest(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        folder = tempfile.TemporaryDirectory()
        cls.addClassCleanup(folder.cleanup)
        certificate = os.path.join(folder.name, "server.pem")
        cls.server = harness.Server("--tls-cert-out", certificate)
        cls.addClassCleanup(cls.server.stop)
        with open(certificate, "rb") as file:
            trust = grpc.ssl_channel_credentials(file.read())
        cls.channel = grpc.secure_channel(cls.server.ready["grpc"], trust)
        cls.addClassCleanup(cls.channel.close)

    def reflect(self, *requests, version="v1alpha"):
        method = self.channel.stream_stream(REFLECTION.format(version))
        return b"".join(method(iter(requests), timeout=harness.wire.PATIENCE))

    def log_in(self, channel=None):
        login = (channel or self.channel).unary_unary("/tql.v1.TqlService/Login")
        answer = login(field(1, b"tsadmin") + field(2, b"admin"), timeout=harness.wire.PATIENCE)
        return [("tql-session", first_text(answer).decode())]

    def call(self, method, request, session=None):
        metadata = [("tql-session", session)] if session else []
        return self.channel.unary_unary(method)(request, metadata=metadata, timeout=harness.wire.PATIENCE)

    def test_every_service_that_is_listed_is_described(self):
        for version in VERSIONS:
            listed = self.reflect(field(7, b"*"), version=version)
            for service, part in (("tql.v1.TqlService", b"GetSchemaVersion"),
                                  ("tql.mock.v1.MockControl", b"VerifyRequest"),
                                  ("grpc.health.v1.Health", b"HealthCheckRequest"),
                                  ("grpc.reflection.v1.ServerReflection", b"ServerReflectionRequest"),
                                  ("grpc.reflection.v1alpha.ServerReflection", b"ServerReflectionRequest")):
                with self.subTest(service=service, version=version):
                    self.assertIn(field(1, service.encode()), listed)
                    self.assertIn(part, self.reflect(field(4, service.encode()), version=version))

    def test_descriptors_are_complete(self):
        for request in (field(4, b"tql.v1.LoginRequest"), field(4, b"tql.v1.TqlService.Query"),
                        field(3, b"tql/tql_service.proto")):
            described = self.reflect(request)
            self.assertIn(field(1, b"tql/tql_service.proto") + field(2, b"tql.v1"), described)
            self.assertIn(field(1, b"tql/tql.proto") + field(2, b"tql.v1"), described)
            self.assertNotIn(b"tqlkit", described)

    def test_unknown_symbols_in_reflection(self):
        unknown = (field(4, b"tql.v1.Nothing"), field(3, b"no.proto"), field(5, field(1, b"tql.v1.LoginRequest")),
                   field(6, b"tql.v1.Nothing"), b"")
        answers = list(self.channel.stream_stream(REFLECTION.format("v1"))(
            iter([*unknown, field(7, b"")]), timeout=harness.wire.PATIENCE))
        self.assertEqual(len(unknown) + 1, len(answers))
        for answer in answers[:-1]:
            self.assertEqual(1, len(texts(answer, 7)), answer)
        self.assertIn(b"tql.v1.TqlService", answers[-1])
        self.assertIn(field(5, field(1, b"tql.v1.LoginRequest")), self.reflect(field(6, b"tql.v1.LoginRequest")))

    def test_rejects_invalid_messages(self):
        for method in ("Login", "Logout", "GetTokens", "GetSchemaVersion", "Query", "RunScript", "StreamTokens"):
            with self.subTest(method=method), self.assertRaises(grpc.RpcError) as refused:
                list(self.channel.unary_stream(f"/tql.v1.TqlService/{method}")(
                    b"\xff\xff", timeout=harness.wire.PATIENCE))
            self.assertEqual(grpc.StatusCode.INVALID_ARGUMENT, refused.exception.code())
            self.assertIn("is not a message", refused.exception.details())

    def test_a_keepalive_does_not_end_a_silent_statement(self):
        """Sends pings every second, with and without a call, for longer than gRPC's own limit allows."""
        options = [("grpc.keepalive_time_ms", 1000), ("grpc.keepalive_timeout_ms", 20000),
                   ("grpc.keepalive_permit_without_calls", 1), ("grpc.http2.max_pings_without_data", 0),
                   ("grpc.http2.min_time_between_pings_ms", 1000), ("grpc.http2.min_ping_interval_without_data_ms", 1000)]
        server = harness.Server("--grpc-plaintext")
        self.addCleanup(server.stop)
        harness.run_script(server.login(), "create database d; use d; create table t (x int);" + "".join(
            f"insert into t values ({i});" for i in range(100)))
        with grpc.insecure_channel(server.ready["grpc"], options) as channel:
            session = self.log_in(channel)
            query = channel.unary_stream("/tql.v1.TqlService/Query")
            time.sleep(6)  # without a call
            silent = query(field(2, field(2, b"d")) + field(3, field(1, SILENT.encode())), metadata=session,
                           timeout=harness.wire.PATIENCE)
            time.sleep(6)
            self.assertFalse(silent.done(), "the statement is to be silent for longer")
            silent.cancel()
            self.assertIn(harness.SUCCESS.encode(), b"".join(query(
                field(3, field(1, b"show databases;")), metadata=session, timeout=harness.wire.PATIENCE)))

    def test_streams_tokens_of_a_large_schema(self):
        server = harness.Server("--grpc-plaintext")
        self.addCleanup(server.stop)
        tables = "".join("create table t{0} ({1});".format(table, ", ".join(
            f"a_column_with_a_name_of_some_length_{column:03}_in_the_table_{table:03} int"
            for column in range(MANY_COLUMNS))) for table in range(MANY_TABLES))
        harness.run_script(server.login(), f"create database a_database; use a_database; {tables}")
        with grpc.insecure_channel(server.ready["grpc"]) as channel:
            session = self.log_in(channel)
            for kind in b"", b"\x08\x01":
                pieces = list(channel.unary_stream("/tql.v1.TqlService/StreamTokens")(
                    kind, metadata=session, timeout=harness.wire.PATIENCE))
                self.assertLess(max(len(piece) for piece in pieces), 1 << 17)
                streamed = [token for piece in pieces for token in texts(piece, 2)]
                with grpc.insecure_channel(server.ready["grpc"], [("grpc.max_receive_message_length", -1)]) as large:
                    whole = large.unary_unary("/tql.v1.TqlService/GetTokens")(
                        kind, metadata=session, timeout=harness.wire.PATIENCE)
                self.assertEqual(texts(whole, 2), streamed)
        self.assertGreater(len(whole), 4 << 20, "more than a client takes that is not told otherwise")
        self.assertGreater(len(pieces), 20)

    def test_a_cell_of_more_than_4_mib_needs_the_option_that_the_contract_names(self):
        server = harness.Server("--grpc-plaintext")
        self.addCleanup(server.stop)
        large = "x" * (5 << 20)
        harness.run_script(server.login(), f"create database d; use d; create table t (s varchar(0)); insert into t values ('{large}');")
        query = field(2, field(2, b"d")) + field(3, field(1, b"select s from t;"))
        for options, code in (([], grpc.StatusCode.RESOURCE_EXHAUSTED), ([("grpc.max_receive_message_length", -1)], None)):
            with grpc.insecure_channel(server.ready["grpc"], options) as channel:
                session = self.log_in(channel)
                answers = channel.unary_stream("/tql.v1.TqlService/Query")(
                    query, metadata=session, timeout=harness.wire.PATIENCE)
                if code is None:
                    self.assertIn(large.encode(), b"".join(answers))
                    continue
                with self.assertRaises(grpc.RpcError) as refused:
                    list(answers)
                self.assertEqual(code, refused.exception.code())

    def test_health(self):
        for service in b"", b"tql.v1.TqlService":
            self.assertEqual(b"\x08\x01", self.call("/grpc.health.v1.Health/Check", field(1, service) if service else b""))

    def test_a_login_and_a_query(self):
        query = field(3, field(1, b"show databases;"))
        with self.assertRaises(grpc.RpcError) as refused:
            list(self.channel.unary_stream("/tql.v1.TqlService/Query")(query, timeout=harness.wire.PATIENCE))
        self.assertEqual(grpc.StatusCode.UNAUTHENTICATED, refused.exception.code())
        answers = self.channel.unary_stream("/tql.v1.TqlService/Query")(
            query, metadata=self.log_in(), timeout=harness.wire.PATIENCE)
        self.assertIn(harness.SUCCESS.encode(), b"".join(answers))

    def test_writes_only_the_log(self):
        server = harness.Server("--grpc-plaintext", "--log-format", "json")
        self.addCleanup(server.stop)
        with grpc.insecure_channel(server.ready["grpc"]) as channel:
            with self.assertRaises(grpc.RpcError) as refused:
                channel.unary_unary("/tql.v1.TqlService/Login")(field(1, b"\xff"), timeout=harness.wire.PATIENCE)
        self.assertEqual(grpc.StatusCode.INVALID_ARGUMENT, refused.exception.code())
        for line in server.log().splitlines():
            self.assertNotIn("UTF-8", json.loads(line)["message"], "it is for --log-level debug")


if __name__ == "__main__":
    harness.main()
