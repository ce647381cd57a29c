"""The control interface of the test double over gRPC, with another gRPC library (Python's).

The messages are built from the descriptors that the server's reflection returns, so that no generated code is needed.
"""

import contextlib
import socket
import threading
import time
import unittest

try:
    import grpc
    from google.protobuf import descriptor_pb2, descriptor_pool, json_format, message_factory
except ImportError:
    grpc = None

import harness
from grpc_tools_test import REFLECTION, field, texts

SERVICE = "tql.mock.v1.MockControl"
TABLES = "create database d; use d; create table sales (region varchar(10), amount double);"


class Stub:
    """Calls the methods of MockControl with dictionaries in the form of their JSON."""

    def __init__(self, channel):
        self.channel = channel
        pool = descriptor_pool.DescriptorPool()
        answer = b"".join(channel.stream_stream(REFLECTION.format("v1"))(
            iter([field(4, SERVICE.encode())]), timeout=harness.wire.PATIENCE))
        files = [descriptor_pb2.FileDescriptorProto.FromString(file) for file in texts(texts(answer, 4)[0], 1)]
        known = {file.name: file for file in files}

        def add(file):
            for name in file.dependency:
                if name in known:
                    add(known.pop(name))
            pool.Add(file)

        while known:
            add(known.pop(next(iter(known))))
        self.service = pool.FindServiceByName(SERVICE)
        self.make = getattr(message_factory, "GetMessageClass", None) or message_factory.MessageFactory(pool).GetPrototype

    def __call__(self, method, request, metadata=()):
        described = self.service.FindMethodByName(method)
        message = json_format.ParseDict(request, self.make(described.input_type)())
        answer = self.channel.unary_unary(f"/{SERVICE}/{method}")(
            message.SerializeToString(), metadata=metadata, timeout=harness.wire.PATIENCE)
        return json_format.MessageToDict(self.make(described.output_type).FromString(answer),
                                         preserving_proto_field_name=True)


@unittest.skipUnless(grpc, "python3-grpcio or python3-protobuf is not installed")
class MockControlGrpcTest(unittest.TestCase):
    def setUp(self):
        self.server = harness.Server("--grpc-plaintext")
        self.addCleanup(self.server.stop)
        self.channel = grpc.insecure_channel(self.server.ready["grpc"])
        self.addCleanup(self.channel.close)
        self.call = Stub(self.channel)
        self.session = self.server.login()
        harness.run_script(self.session, TABLES)

    def login(self, user="tsadmin", metadata=(), channel=None):
        answer = (channel or self.channel).unary_unary("/tql.v1.TqlService/Login")(
            field(1, user.encode()) + field(2, b"admin"), metadata=metadata, timeout=harness.wire.PATIENCE)
        return [("tql-session", texts(answer, 1)[0].decode())]

    def query(self, text, session):
        return b"".join(self.channel.unary_stream("/tql.v1.TqlService/Query")(
            field(2, field(2, b"d")) + field(3, field(1, text.encode())), metadata=session, timeout=harness.wire.PATIENCE))

    def assertRefused(self, code, pattern, method, request, metadata=()):
        with self.assertRaises(grpc.RpcError) as refused:
            self.call(method, request, metadata)
        self.assertEqual(code, refused.exception.code(), refused.exception.details())
        self.assertRegex(refused.exception.details(), pattern)

    def test_each_method(self):
        self.assertEqual("+n", self.call("PutNamespace", {"name": "n", "from": "main"})["user_suffix"])
        self.assertEqual(["main", "n"], [n["name"] for n in self.call("ListNamespaces", {})["namespace"]])
        plan = {"rule": [{"match": {"kind": ["SELECT"]}, "do": [{"answer": {"error": "no"}}]}]}
        self.assertEqual("r1", self.call("PutPlan", {"namespace": "n", "plan": plan})["rule"][0]["id"])
        self.assertEqual(2, len(self.call("PutPlan", {"namespace": "n", "plan": {"rule": [{"id": "more"}]}, "append": True})["rule"]))
        there = self.login("tsadmin+n")
        self.assertIn(b"no", self.query("select * from sales", there))
        self.assertIn(harness.SUCCESS.encode(), self.query("insert into sales values ('north', 1)", there))
        self.assertEqual(1, self.call("GetNamespace", {"namespace": "n"})["sessions"])
        self.assertEqual([1, 1], [rule["fired"] for rule in self.call("GetPlan", {"namespace": "n"})["rule"]])
        journal = self.call("GetJournal", {"namespace": "n", "match": {"call": ["QUERY"]}})
        self.assertEqual([("SELECT", "FAILED", "GRPC"), ("INSERT", "OK", "GRPC")],
                         [(e["kind"], e["outcome"], e["transport"]) for e in journal["entry"]])
        self.assertTrue(self.call("Verify", {"namespace": "n", "expect": [{"match": {"kind": ["INSERT"]}, "exactly": 1}]})["ok"])
        failed = self.call("Verify", {"namespace": "n", "expect": [{"match": {"kind": ["INSERT"], "table": ["sale"]}}]})
        self.assertNotIn("ok", failed)
        self.assertIn("table: expected sale, found", failed["explanation"])
        self.assertNotIn("entry", self.call("DeleteJournal", {"namespace": "n"}))
        self.assertNotIn("entry", self.call("GetJournal", {"namespace": "n"}))
        noon = {"now": "2030-01-01T12:00:00Z", "frozen": True}
        self.assertEqual(noon, self.call("SetClock", {"namespace": "n", "clock": noon}))
        self.assertEqual(noon, self.call("GetClock", {"namespace": "n"}))
        self.assertTrue(self.call("GetClock", {})["real"])
        self.assertEqual(2, len(self.call("DeletePlan", {"namespace": "n"})["rule"]))
        self.assertEqual("n", self.call("DeleteNamespace", {"namespace": "n"})["name"])
        self.assertRefused(grpc.StatusCode.NOT_FOUND, "unknown namespace", "GetNamespace", {"namespace": "n"})

    def test_errors(self):
        for code, pattern, method, request in (
                (grpc.StatusCode.NOT_FOUND, 'unknown namespace "m"', "PutNamespace", {"name": "n", "from": "m"}),
                (grpc.StatusCode.INVALID_ARGUMENT, "name of a namespace", "PutNamespace", {"name": "a/b"}),
                (grpc.StatusCode.INVALID_ARGUMENT, "name of a namespace", "PutNamespace", {}),
                (grpc.StatusCode.INVALID_ARGUMENT, "ttl: ", "PutNamespace", {"name": "main", "ttl": "1s"}),
                (grpc.StatusCode.INVALID_ARGUMENT, "expected now, advance", "SetClock", {}),
                (grpc.StatusCode.INVALID_ARGUMENT, "now: ", "SetClock", {"clock": {"now": "9999-12-31T23:59:59Z"}}),
                (grpc.StatusCode.NOT_FOUND, "unknown namespace", "SetClock", {"namespace": "m", "clock": {"real": True}}),
                (grpc.StatusCode.INVALID_ARGUMENT, "cannot be removed", "DeleteNamespace", {}),
                (grpc.StatusCode.INVALID_ARGUMENT, r"rule\[0\]\.match\.like: ", "PutPlan",
                 {"plan": {"rule": [{"match": {"like": "select from"}}]}}),
                (grpc.StatusCode.INVALID_ARGUMENT, r"match\.regex: ", "GetJournal", {"match": {"regex": "("}}),
                (grpc.StatusCode.INVALID_ARGUMENT, r"expect\[0\]", "Verify", {"expect": [{"exactly": 1, "at_most": 1}]}),
                (grpc.StatusCode.NOT_FOUND, "unknown namespace", "Verify", {"namespace": "m"})):
            with self.subTest(method=method, request=request):
                self.assertRefused(code, pattern, method, request)
        self.assertRefused(grpc.StatusCode.UNAUTHENTICATED, "token", "GetPlan", {}, [("authorization", "Bearer x")])

    def test_a_login_by_metadata(self):
        self.call("PutNamespace", {"name": "n", "from": "main"})
        there = self.login(metadata=[("tql-mock-namespace", "n")])
        self.query("show databases", there)
        self.assertEqual(1, len(self.call("GetJournal", {"namespace": "n", "match": {"kind": ["SHOW DATABASES"]}})["entry"]))

    def sessions(self, name):
        return self.call("GetNamespace", {"namespace": name}).get("sessions", 0)

    def test_own_ports(self):
        request = {"name": "n", "from": "main", "own_ports": True}
        address = self.call("PutNamespace", request)["grpc"]
        self.assertNotEqual(self.server.ready["grpc"], address)
        self.assertEqual(address, self.call("GetNamespace", {"namespace": "n"})["grpc"])
        other = self.call("PutNamespace", {**request, "name": "m"})["grpc"]
        with grpc.insecure_channel(address) as own:
            there = self.login(channel=own)
            self.assertEqual([1, 0], [self.sessions("n"), self.sessions("m")])
            self.login(channel=own, user="tsadmin+m")
            self.login(channel=own, metadata=[("tql-mock-namespace", "m")])
            self.assertEqual([1, 2], [self.sessions("n"), self.sessions("m")])
            self.query("show databases", there)
            self.assertEqual(1, len(self.call("GetJournal", {"namespace": "n", "match": {"kind": ["SHOW DATABASES"]}})["entry"]))
            self.assertEqual(address, self.call("PutNamespace", request)["grpc"], "a reset keeps the ports")
            # The call is one of the server that it closes.
            self.assertEqual(address, Stub(own)("DeleteNamespace", {"namespace": "n"})["grpc"])
            with self.assertRaises(grpc.RpcError):
                self.login(channel=own)
        host, port = address.rsplit(":", 1)
        deadline = time.monotonic() + harness.wire.PATIENCE
        with self.assertRaises(ConnectionRefusedError):
            while time.monotonic() < deadline:
                socket.create_connection((host, int(port))).close()
                time.sleep(0.01)
        with grpc.insecure_channel(other) as own:
            self.login(channel=own)
        self.assertEqual(0, self.server.stop()[0], "with ports that are open")

    def test_an_entry_exists_before_the_end_of_the_answer(self):
        there = self.login()
        for number in range(300):
            self.query(f"select {number} from sales", there)
            self.assertTrue(self.call("Verify", {"expect": [{"match": {"exact": f"select {number} from sales"}, "exactly": 1}]})["ok"])

    def test_waits_do_not_delay_other_calls_and_end_with_the_server(self):
        ends = []

        def wait():
            with contextlib.suppress(grpc.RpcError):
                self.call("GetJournal", {"after": 1000, "wait": "600s"})
            ends.append(True)

        waiting = [threading.Thread(target=wait) for _ in range(50)]
        for thread in waiting:
            thread.start()
        self.assertEqual(["main"], [n["name"] for n in self.call("ListNamespaces", {})["namespace"]])
        self.call("PutPlan", {"plan": {"rule": [{"match": {"kind": ["SELECT"]}, "do": [{"cut": {"how": "STALL"}}]}]}})
        there = self.login()

        def stalled():
            with self.assertRaises(grpc.RpcError):
                self.query("select * from sales", there)
            ends.append(True)

        waiting.append(threading.Thread(target=stalled))
        waiting[-1].start()
        self.call("GetJournal", {"match": {"outcome": ["CUT"]}, "wait": "60s"})
        self.assertEqual(0, self.server.stop()[0])
        for thread in waiting:
            thread.join()
        self.assertEqual(51, len(ends))


if __name__ == "__main__":
    harness.main()
