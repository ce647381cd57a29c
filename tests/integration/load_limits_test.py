"""Hostile and broken uploads: the documented error, nothing lost, other cycles untouched."""

import os
import signal
import tempfile

import harness
import load_client
import wire

ROOT = load_client.ROOT


def resident_kib(pid):
    with open(f"/proc/{pid}/status", encoding="ascii") as status:
        for line in status:
            if line.startswith("VmRSS:"):
                return int(line.split()[1])
    raise AssertionError("no VmRSS")


class LoadLimitsTest(harness.ServerTest):
    setup_script = "create database load; use load; create table t (a int, b varchar(0));"

    def setUp(self):
        super().setUp()
        self.session.do("use load;", "truncate table t;")
        self.loader = load_client.Loader(self.server)
        self.other = self.loader.start()
        self.loader.upload(self.other, b"7,other\n")

    def assertOtherLoads(self):
        self.assertEqual(202, self.loader.commit(self.other).status)
        self.assertEqual("1", self.loader.wait(self.other)["rows_written"])

    def count(self):
        return self.session.query("select count(*) from t;").rows[0][0]

    def begin(self, cycle, headers, body=b""):
        connection = self.server.connect()
        self.addCleanup(connection.close)
        connection.send(wire.request_bytes("POST", f"{ROOT}/loads/{cycle}",
                                           {**self.loader.headers, **headers}, body))
        return connection

    def settle(self, cycle):
        """Waits until the server has noticed that no upload is in progress; commits."""
        while (response := self.loader.commit(cycle)).status == 500:
            self.assertIn("uploads are in progress", response.text)
        self.assertEqual(202, response.status)
        return self.loader.wait(cycle)

    def test_an_upload_that_is_cut_leaves_nothing(self):
        cycle = self.loader.start()
        self.begin(cycle, {"Content-Length": "1000"}, b"1,x\n2,y\n").close()
        self.assertEqual("0", self.settle(cycle)["rows_written"])
        self.assertOtherLoads()
        self.assertEqual("1", self.count())

    def test_an_upload_whose_namespace_is_removed(self):
        self.server.exchange("PUT", "/mock/namespaces/short", {}, "{from: main}")
        loader = load_client.Loader(self.server, "tsadmin+short")
        cycle = loader.start()
        connection = self.server.connect()
        self.addCleanup(connection.close)
        connection.send(wire.request_bytes("POST", f"{ROOT}/loads/{cycle}",
                                           {**loader.headers, "Content-Length": "8"}, b"1,x\n"))
        while loader.status(cycle)["internal_stage"] != "INGESTING":
            pass
        self.server.exchange("DELETE", "/mock/namespaces/short", {}, "")
        connection.send(b"2,y\n")
        response = connection.read_response()
        self.assertEqual((400, f"Cycle_id=[{cycle}] does not exist."), (response.status, response.text))

    def test_a_form_that_is_cut_leaves_nothing(self):
        cycle = self.loader.start()
        body, headers = load_client.form(b"1,x\n" * 1000)
        self.begin(cycle, {**headers, "Content-Length": str(len(body))}, body[:-3]).close()
        self.assertEqual("0", self.settle(cycle)["rows_written"])

    def test_a_wrong_boundary(self):
        cycle = self.loader.start()
        body, _ = load_client.form(b"1,x\n", boundary="other")
        response = self.loader.call("POST", f"/loads/{cycle}", body,
                                    {"Content-Type": "multipart/form-data; boundary=xYz"})
        self.assertEqual(400, response.status)
        self.assertEqual("text/plain", response.get("Content-Type"))
        self.assertIn("boundary" if "boundary" in response.text else "--xYz", response.text)
        self.assertEqual("0", self.settle(cycle)["rows_written"])

    def test_a_commit_while_an_upload_is_in_progress(self):
        cycle = self.loader.start()
        connection = self.begin(cycle, {"Content-Length": "8"}, b"1,x\n")
        while self.loader.status(cycle)["internal_stage"] != "INGESTING":
            pass
        response = self.loader.commit(cycle)
        self.assertEqual(500, response.status)
        self.assertEqual("Commit load cycle failed. Error ending load. 1 uploads are in progress "
                         f"for cycle_id '{cycle}'", response.text)
        connection.send(b"2,y\n")
        self.assertEqual(202, connection.read_response().status)
        self.loader.commit(cycle)
        self.assertEqual("2", self.loader.wait(cycle)["rows_written"])

    def test_a_cancel_while_an_upload_is_in_progress(self):
        cycle = self.loader.start()
        connection = self.begin(cycle, {"Content-Length": "8"}, b"1,x\n")
        while self.loader.status(cycle)["internal_stage"] != "INGESTING":
            pass
        self.loader.call("POST", f"/loads/{cycle}/cancel")
        connection.send(b"2,y\n")
        response = connection.read_response()
        self.assertEqual((400, f"Cycle_id=[{cycle}] does not exist."),
                         (response.status, response.text))

    def test_a_million_columns(self):
        status = self.loader.load(b"1,x\n" + b"," * 1_000_000 + b"\n2,y\n",
                                  {"load_options": {"max_ignored_rows": 1}})
        self.assertEqual(["line 2: found 1000001 fields, expected 2"], status["parsing_errors"])
        self.assertEqual("2", status["rows_written"])

    def upload_much(self, cycle, pieces):
        """Sends pieces as chunks of HTTP."""
        connection = self.begin(cycle, {"Transfer-Encoding": "chunked"})
        for piece in pieces:
            connection.send(b"%x\r\n" % len(piece) + piece + b"\r\n")
        connection.send(b"0\r\n\r\n")
        return connection.read_response()

    def test_an_upload_that_waits_for_its_commit_takes_little_memory(self):
        cycle = self.loader.start()
        before = resident_kib(self.server.pid)
        for _ in range(3000):
            self.assertEqual(202, self.loader.raw_upload(cycle, b"1,x\n").status)
        self.assertLess(resident_kib(self.server.pid) - before, 6 << 10)
        self.assertEqual(200, self.loader.call("POST", f"/loads/{cycle}/cancel").status)

    def test_a_record_that_never_ends_fails_the_load_within_bounds(self):
        cycle = self.loader.start({"load_options": {"max_ignored_rows": 9}})
        before = resident_kib(self.server.pid)
        block = b"x" * (1 << 20)
        response = self.upload_much(cycle, [b'1,"'] + [block] * 300)
        self.assertEqual(202, response.status)
        self.assertLess(resident_kib(self.server.pid) - before, 32 << 10, "an upload is not held")
        self.loader.commit(cycle)
        status = self.loader.wait(cycle)
        self.assertEqual("LOAD_FAILED", status["status"]["code"])
        self.assertEqual("line 1: a record of more than 100663296 bytes",
                         status["status"]["message"])
        self.assertOtherLoads()

    def test_a_cell_of_40_megabytes(self):
        status = self.loader.load(b"1," + b"x" * 40_000_000 + b"\n")
        self.assertEqual("1", status["rows_written"])

    def test_open_cycles_are_bounded(self):
        cycles = []
        while True:
            response = self.loader.call("POST", "/loads",
                                        '{"target":{"database":"load","table":"t"}}')
            if response.status != 202:
                break
            cycles.append(response.json()["cycle_id"])
        self.assertEqual(429, response.status)
        self.assertIn("Commit or cancel one", response.text)
        self.assertGreater(len(cycles), 900)
        for cycle in cycles:
            self.loader.call("POST", f"/loads/{cycle}/cancel")
        self.assertOtherLoads()
        self.assertEqual("1", self.loader.load(b"1,x\n")["rows_written"])
        known = {load["Cycle_id"] for load in self.loader.call("GET", "/loads").json()}
        self.assertLess(len(known), 300, "cycles that are done are forgotten")

    def test_parameters_that_are_no_object(self):
        for body in (b"", b"[]", b"\xff", b"{" * 100_000, b'{"target":1}'):
            response = self.loader.call("POST", "/loads", body)
            self.assertEqual(400, response.status)
            self.assertTrue(response.text.startswith(
                "Invalid input params for starting data load: "))

    def test_chunk_headers_that_are_no_numbers(self):
        cycle = self.loader.start()
        self.assertEqual(400, self.loader.upload(cycle, b"", {"X-ts-chunk-id": "-1"}).status)
        self.assertEqual(400, self.loader.commit(cycle, {"X-ts-chunks": "x"}).status)
        self.assertEqual("INIT", self.loader.status(cycle)["internal_stage"])


class KilledTest(harness.unittest.TestCase):
    def test_a_kill_between_upload_and_commit_leaves_the_table_as_it_was(self):
        with tempfile.TemporaryDirectory() as folder:
            data = os.path.join(folder, "data.db")
            server = harness.Server("--data", data)
            harness.run_script(server.login(), "create database load; use load; "
                               "create table t (a int); insert into t values (1);")
            loader = load_client.Loader(server)
            cycle = loader.start({"load_options": {"empty_target": True}})
            loader.upload(cycle, b"2\n" * 100_000)
            server.stop(signal.SIGKILL)
            left = [name for name in os.listdir(folder) if not name.startswith("data.db")]
            self.assertEqual([], left, "uploaded data are in a file without a name")
            server = harness.Server("--data", data)
            session = server.login()
            session.do("use load;")
            self.assertEqual([["1"]], session.query("select a from t;").rows)
            self.assertEqual(400, load_client.Loader(server).call("GET", f"/loads/{cycle}").status)
            server.stop()


if __name__ == "__main__":
    harness.main()
