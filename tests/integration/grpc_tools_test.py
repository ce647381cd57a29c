"""The gRPC service as standard tools use it: nothing but what reflection says, over another gRPC library (Python's).

Messages are put together by hand here, so that no generated code is needed.
"""

import json
import os
import tempfile
import unittest

try:
    import grpc
except ImportError:
    grpc = None

import harness

REFLECTION = "/grpc.reflection.v1alpha.ServerReflection/ServerReflectionInfo"


def field(number, content):
    """A length-delimited field of a message."""
    return bytes([number << 3 | 2, len(content)]) + content


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

    def reflect(self, request):
        answers = self.channel.stream_stream(REFLECTION)(iter([request]), timeout=harness.wire.PATIENCE)
        return b"".join(answers)

    def call(self, method, request, session=None):
        metadata = [("tql-session", session)] if session else []
        return self.channel.unary_unary(method)(request, metadata=metadata, timeout=harness.wire.PATIENCE)

    def test_every_service_that_is_listed_is_described(self):
        listed = self.reflect(field(7, b"*"))
        for service, part in (("tql.v1.TqlService", b"GetSchemaVersion"), ("grpc.health.v1.Health", b"HealthCheckRequest"),
                              ("grpc.reflection.v1alpha.ServerReflection", b"ServerReflectionRequest")):
            with self.subTest(service=service):
                self.assertIn(field(1, service.encode()), listed)
                self.assertIn(part, self.reflect(field(4, service.encode())))

    def test_health(self):
        for service in b"", b"tql.v1.TqlService":
            self.assertEqual(b"\x08\x01", self.call("/grpc.health.v1.Health/Check", field(1, service) if service else b""))

    def test_a_login_and_a_query(self):
        query = field(3, field(1, b"show databases;"))
        with self.assertRaises(grpc.RpcError) as refused:
            list(self.channel.unary_stream("/tql.v1.TqlService/Query")(query, timeout=harness.wire.PATIENCE))
        self.assertEqual(grpc.StatusCode.UNAUTHENTICATED, refused.exception.code())
        session = first_text(self.call("/tql.v1.TqlService/Login", field(1, b"tsadmin") + field(2, b"admin")))
        answers = self.channel.unary_stream("/tql.v1.TqlService/Query")(
            query, metadata=[("tql-session", session.decode())], timeout=harness.wire.PATIENCE)
        self.assertIn(harness.SUCCESS.encode(), b"".join(answers))

    def test_nothing_but_the_log_is_written(self):
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
