"""The tsload service: its calls, their documented texts, load cycles as clients use them."""

import gzip
import json
import threading
import urllib.parse

import harness
import load_client
import wire

ROOT = load_client.ROOT
NOBODY = "nobody"
UNKNOWN = "00000000-0000-4000-8000-00000000abcd"
NOT_LOGGED_IN = "Unable to verify user. Please login again."
NO_PRIVILEGE = "User does not have required privileges. Please contact your administrator."


class LoadTest(harness.ServerTest):
    flags = ("--user", "tsadmin:admin", "--user", "ann:secret",
             "--user-without-privileges", f"{NOBODY}:secret")
    setup_script = "create database load; use load; create table t (a int, b varchar(0));"

    def setUp(self):
        super().setUp()
        self.session.do("use load;", "truncate table t;")
        self.loader = load_client.Loader(self.server)

    def rows(self):
        return ["|".join(row) for row in self.session.query("select a, b from t order by a;").rows]

    def assertText(self, status, text, response):
        self.assertEqual((status, text), (response.status, response.text))
        self.assertEqual("text/plain", response.get("Content-Type"))

    # Logins and calls without a cycle.

    def test_ping_needs_no_login(self):
        self.assertText(200, "Ping Received.", self.server.exchange("GET", ROOT + "/ping"))

    def test_login_with_a_form_and_with_json(self):
        form = urllib.parse.urlencode({"username": "ann", "password": "secret"})
        for body in (form, json.dumps({"username": "ann", "password": "secret"})):
            response = self.server.exchange("POST", ROOT + "/session", {"Accept": "text/plain"}, body)
            self.assertEqual(200, response.status)
            self.assertTrue(harness.session_cookie(response))

    def test_wrong_password(self):
        response = self.server.exchange("POST", ROOT + "/session", {},
                                        json.dumps({"username": "ann", "password": "x"}))
        self.assertText(401, NOT_LOGGED_IN, response)

    def test_login_that_waits_for_100_continue(self):
        with self.server.connect() as connection:
            body = json.dumps({"username": "ann", "password": "secret"})
            connection.send(wire.request_bytes("POST", ROOT + "/session", {
                "Expect": "100-continue", "Content-Length": str(len(body))}))
            self.assertEqual(100, wire.Head(
                connection._until(b"\r\n\r\n").decode("latin-1")).status)
            connection.send(body.encode())
            self.assertEqual(200, connection.read_response().status)

    def calls(self):
        cycle = self.loader.start()
        return [("GET", "/sessions"), ("POST", "/loads"), ("GET", "/loads"),
                ("POST", f"/loads/{cycle}"), ("GET", f"/loads/{cycle}"),
                ("POST", f"/loads/{cycle}/commit"), ("POST", f"/loads/{cycle}/cancel"),
                ("GET", f"/loads/{cycle}/input_summary"),
                ("GET", f"/loads/{cycle}/bad_records_file")]

    def test_every_other_call_needs_a_session_and_the_privilege(self):
        nobody = load_client.Loader(self.server, NOBODY, "secret")
        for method, path in self.calls():
            with self.subTest(path):
                self.assertText(401, NOT_LOGGED_IN, self.server.exchange(method, ROOT + path))
                self.assertText(403, NO_PRIVILEGE, nobody.call(method, path))

    def test_an_upload_of_a_stranger_is_refused_before_it_is_sent(self):
        with self.server.connect() as connection:
            connection.send(wire.request_bytes("POST", f"{ROOT}/loads/{UNKNOWN}",
                                               {"Content-Length": str(1 << 40)}))
            self.assertText(401, NOT_LOGGED_IN, connection.read_response())

    def test_sessions_lists_the_sessions(self):
        load_client.Loader(self.server, "ann", "secret")
        sessions = self.loader.call("GET", "/sessions").json()
        self.assertIn("ann", [session["user"] for session in sessions])
        self.assertNotIn(self.loader.headers["Cookie"].partition("=")[2], json.dumps(sessions))

    # Life of a cycle.

    def test_start_answers_the_address_that_the_client_has_used(self):
        for host, expected in (("localhost:8442", {"host": "localhost", "port": 8442}),
                               ("127.0.0.1:1", {"host": "127.0.0.1", "port": 1}),
                               ("[::1]:8442", {"host": "[::1]", "port": 8442}),
                               ("localhost", {"host": "localhost", "port": 80})):
            with self.subTest(host):
                response = self.loader.call(
                    "POST", "/loads", '{"target":{"database":"load","table":"t"}}', {"Host": host})
                self.assertEqual(202, response.status)
                self.assertEqual({"node_address", "cycle_id"}, set(response.json()))
                self.assertEqual(expected, response.json()["node_address"])

    def test_nothing_is_visible_before_the_commit(self):
        cycle = self.loader.start()
        self.assertEqual("INIT", self.loader.status(cycle)["internal_stage"])
        self.assertText(202, "Upload Complete.", self.loader.upload(cycle, b"1,x\n"))
        status = self.loader.status(cycle)
        self.assertEqual("INGESTING", status["internal_stage"])
        self.assertEqual({"code": "OK", "message": "OK"}, status["status"])
        self.assertEqual("4", status["buffered_bytes_size"])
        self.assertEqual([], self.rows())
        self.assertText(202, "Commit load cycle request made.", self.loader.commit(cycle))
        status = self.loader.wait(cycle)
        self.assertEqual(["1|x"], self.rows())
        self.assertEqual(("1", "0", "3", "0"), tuple(status[key] for key in (
            "rows_written", "ignored_row_count", "bytes_written", "buffered_bytes_size")))
        self.assertEqual(cycle, status["cycle_id"])
        self.assertNotIn("parsing_errors", status)
        self.assertLessEqual(int(status["start_time"]), int(status["end_time"]))

    def test_status_also_without_public(self):
        cycle = self.loader.start()
        response = self.server.exchange("GET", f"/ts_dataservice/v1/loads/{cycle}",
                                        self.loader.headers)
        self.assertEqual(cycle, response.json()["cycle_id"])

    def test_uploads_by_form_and_raw_are_texts_of_their_own_in_their_order(self):
        cycle = self.loader.start({"format": {"has_header_row": True}})
        self.loader.upload(cycle, b"a,b\n1,form")
        self.loader.raw_upload(cycle, b"a,b\n2,raw", {"Content-Type": "application/octet-stream"})
        body, headers = load_client.form(b"a,b\n3,one", "documents")
        second = b'--xYz\r\nContent-Disposition: form-data; name="other"\r\n\r\na,b\n4,two\r\n'
        self.loader.call("POST", f"/loads/{cycle}", second + body, headers)
        self.loader.commit(cycle)
        self.loader.wait(cycle)
        self.assertEqual(["1|form", "2|raw", "3|one", "4|two"], self.rows())

    def test_errors_of_several_uploads_name_the_upload(self):
        cycle = self.loader.start({"load_options": {"max_ignored_rows": 1}})
        self.loader.upload(cycle, b"1,x\n")
        self.loader.upload(cycle, b"2,y\nz\n")
        self.loader.commit(cycle)
        self.assertEqual(["upload 2, line 2: found 1 fields, expected 2"],
                         self.loader.wait(cycle)["parsing_errors"])

    def test_chunks_are_one_text_in_the_order_of_their_numbers(self):
        cycle = self.loader.start({"format": {"has_header_row": True}})
        for number, data in ((3, b"z\n"), (1, b"a,b\n1,x\n2"), (2, b",w"), (2, b",y\n3,")):
            response = self.loader.upload(cycle, data, {"X-ts-chunk-id": str(number)})
            self.assertEqual(202, response.status)
        self.assertText(500, "Commit load cycle failed. Error ending load. Found 3 of 4 chunks of "
                             f"cycle_id '{cycle}'", self.loader.commit(cycle, {"X-ts-chunks": "4"}))
        self.assertEqual("INGESTING", self.loader.status(cycle)["internal_stage"])
        self.assertEqual(202, self.loader.commit(cycle, {"X-ts-chunks": "3"}).status)
        self.loader.wait(cycle)
        self.assertEqual(["1|x", "2|y", "3|z"], self.rows())

    def uploaded(self, *parts):
        cycle = self.loader.start({"format": {"has_header_row": True}})
        for part in parts:
            self.assertEqual(202, self.loader.upload(cycle, part).status)
        self.assertEqual(202, self.loader.commit(cycle).status)
        self.loader.wait(cycle)
        return self.rows()

    def test_a_file_in_two_uploads_has_one_header(self):
        self.assertEqual(["1|x", "2|y", "3|z"], self.uploaded(b"a,b\n1,x\n", b"2,y\n3,z\n"))

    def test_two_files_have_a_header_each(self):
        self.assertEqual(["1|x", "2|y"], self.uploaded(b"a,b\n1,x\n", b"a,b\n2,y\n"))

    def test_parallel_uploads(self):
        cycle = self.loader.start()
        data = [b"".join(b"%d,x\n" % (1000 * i + j) for j in range(1000)) for i in range(8)]
        threads = [threading.Thread(target=self.loader.upload, args=(cycle, each)) for each in data]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        self.assertEqual(202, self.loader.commit(cycle).status)
        self.assertEqual("8000", self.loader.wait(cycle)["rows_written"])
        self.assertEqual([["8000", "0", "7999"]],
                         self.session.query("select count(*), min(a), max(a) from t;").rows)

    def test_gzip(self):
        packed = gzip.compress(b"1,x\n") + gzip.compress(b"2,y\n")
        for headers in ({"Content-Encoding": "gzip"}, {"Content-Type": "application/gzip"}):
            with self.subTest(headers):
                self.session.do("truncate table t;")
                cycle = self.loader.start()
                self.assertEqual(202, self.loader.raw_upload(cycle, packed, headers).status)
                self.loader.commit(cycle)
                self.loader.wait(cycle)
                self.assertEqual(["1|x", "2|y"], self.rows())

    def test_gzip_data_that_are_cut_or_invalid(self):
        packed = gzip.compress(b"1,x\n" * 1000)
        for data, message in ((packed[:-10], "the gzip data end early"), (b"1,x\n", "invalid gzip data"),
                              (packed + b"xx", "invalid gzip data")):
            cycle = self.loader.start()
            self.loader.raw_upload(cycle, data, {"Content-Encoding": "gzip"})
            self.loader.commit(cycle)
            status = self.loader.wait(cycle)["status"]
            self.assertEqual({"code": "LOAD_FAILED", "message": message}, status)
        self.assertEqual([], self.rows())

    def test_other_encodings_are_refused(self):
        cycle = self.loader.start()
        self.assertEqual(415, self.loader.raw_upload(cycle, b"x", {"Content-Encoding": "br"}).status)
        self.assertEqual(415, self.loader.upload(cycle, b"x", {"Content-Encoding": "gzip"}).status)

    def test_cancel(self):
        cycle = self.loader.start()
        self.loader.upload(cycle, b"1,x\n")
        self.assertText(200, "", self.loader.call("POST", f"/loads/{cycle}/cancel"))
        status = self.loader.status(cycle)
        self.assertEqual(("DONE", "LOAD_FAILED", "The load was cancelled."),
                         (status["internal_stage"], status["status"]["code"],
                          status["status"]["message"]))
        self.assertText(500, "Commit load cycle failed. Error ending load. Unknown cycle_id "
                             f"'{cycle}'", self.loader.commit(cycle))
        self.assertEqual([], self.rows())

    def test_cancel_after_the_end_changes_nothing(self):
        cycle = self.loader.start()
        self.loader.upload(cycle, b"1,x\n")
        self.loader.commit(cycle)
        before = self.loader.wait(cycle)
        self.assertEqual(200, self.loader.call("POST", f"/loads/{cycle}/cancel").status)
        self.assertEqual(before, self.loader.status(cycle))

    def test_an_upload_and_a_commit_after_the_commit(self):
        cycle = self.loader.start()
        self.loader.commit(cycle)
        self.assertText(400, f"Cycle_id=[{cycle}] does not exist.", self.loader.upload(cycle, b""))
        self.assertText(500, "Commit load cycle failed. Error ending load. Unknown cycle_id "
                             f"'{cycle}'", self.loader.commit(cycle))

    def assertUnknown(self, loader, cycle):
        text = f"Cycle_id=[{cycle}] does not exist."
        self.assertText(400, text, loader.upload(cycle, b"1,x\n"))
        self.assertText(400, text, loader.call("GET", f"/loads/{cycle}"))
        self.assertText(400, text, loader.call("GET", f"/loads/{cycle}/input_summary"))
        self.assertText(400, text, loader.call("POST", f"/loads/{cycle}/cancel"))
        self.assertText(500, "Commit load cycle failed. Error ending load. Unknown cycle_id "
                             f"'{cycle}'", loader.commit(cycle))
        self.assertText(500, f"Node does not exist: /tmp/{cycle}.bad_record",
                        loader.call("GET", f"/loads/{cycle}/bad_records_file"))

    def test_an_unknown_cycle(self):
        self.assertUnknown(self.loader, UNKNOWN)

    def test_the_cycle_of_another_user(self):
        cycle = self.loader.start()
        self.assertUnknown(load_client.Loader(self.server, "ann", "secret"), cycle)
        self.assertEqual("INIT", self.loader.status(cycle)["internal_stage"])

    def test_an_unknown_table(self):
        cycle = self.loader.start(table="missing")
        self.assertText(400, "Unable to find table in Falcon. Cannot load data.",
                        self.loader.upload(cycle, b"1,x\n"))

    def test_a_table_that_is_dropped_before_the_commit(self):
        self.session.do("create table gone (a int);")
        cycle = self.loader.start(table="gone")
        self.loader.upload(cycle, b"1\n")
        self.session.do("drop table gone;")
        self.loader.commit(cycle)
        self.assertEqual("Unable to find table in Falcon. Cannot load data.",
                         self.loader.wait(cycle)["status"]["message"])

    def test_input_summary_has_all_parameters(self):
        cycle = self.loader.start({"format": {"field_separator": "|"}})
        params = self.loader.call("GET", f"/loads/{cycle}/input_summary").json()["load_params"]
        self.assertEqual({"database": "load", "schema": "falcon_default_schema", "table": "t"},
                         params["target"])
        self.assertEqual("|", params["format"]["field_separator"])
        self.assertEqual("(null)", params["format"]["null_value"])
        self.assertEqual({"empty_target": False, "max_ignored_rows": "0"}, params["load_options"])

    def test_loads_lists_the_cycles_of_all_users(self):
        own = self.loader.start()
        other = load_client.Loader(self.server, "ann", "secret").start()
        self.loader.call("POST", f"/loads/{own}/cancel")
        loads = {load["Cycle_id"]: load for load in self.loader.call("GET", "/loads").json()}
        self.assertEqual("LOAD_FAILED", loads[own]["Status"])
        self.assertEqual("INIT", loads[other]["Status"])
        self.assertEqual(f"{ROOT}/loads/{own}/bad_records_file", loads[own]["BadRecordsUrl"])

    def test_the_table_shows_a_new_data_version_and_its_rows_to_tql(self):
        self.loader.load(b"1,x\n2,y\n")
        answer = self.session.query("show statistics for table t;")
        self.assertIn("2", answer.output[-1].split("|")[6])

    def test_a_load_into_a_namespace_is_seen_there_alone(self):
        self.server.exchange("PUT", "/mock/namespaces/t1", {}, "{from: main}")
        loader = load_client.Loader(self.server, "tsadmin+t1")
        loader.load(b"1,x\n")
        self.assertEqual([], self.rows())
        session = self.server.login("tsadmin+t1")
        session.do("use load;")
        self.assertEqual([["1", "x"]], session.query("select a, b from t;").rows)

    def test_a_cycle_ends_with_its_namespace(self):
        for end in ("reset", "removed and made again"):
            self.server.exchange("PUT", "/mock/namespaces/t2", {}, "{from: main}")
            loader = load_client.Loader(self.server, "tsadmin+t2")
            cycle = loader.start()
            loader.upload(cycle, b"1,x\n")
            if end != "reset":
                self.server.exchange("DELETE", "/mock/namespaces/t2", {}, "")
            self.server.exchange("PUT", "/mock/namespaces/t2", {}, "{from: main}")
            self.assertUnknown(load_client.Loader(self.server, "tsadmin+t2"), cycle)
            session = self.server.login("tsadmin+t2")
            session.do("use load;")
            self.assertEqual([], session.query("select a, b from t;").rows)

    # Clients of three generations.

    def test_the_python_client_of_the_vendor(self):
        """Starts without a Content-Type, reads input_summary, uploads, and waits for DONE."""
        login = self.server.exchange(
            "POST", ROOT + "/session",
            {"Content-Type": "application/x-www-form-urlencoded", "Accept": "text/plain"},
            "username=tsadmin&password=admin")
        headers = {"Cookie": f"JSESSIONID={harness.session_cookie(login)}"}
        params = {"target": {"database": "load", "schema": "falcon_default_schema", "table": "t"},
                  "format": {"type": "CSV", "field_separator": "|", "has_header_row": True}}
        start = self.server.exchange("POST", ROOT + "/loads", headers, json.dumps(params)).json()
        host, port = self.server.http
        self.assertIn("node_address", start)
        cycle = f"{ROOT}/loads/{start['cycle_id']}"
        summary = self.server.exchange("GET", cycle + "/input_summary", headers).json()
        self.assertIn("load_params", summary)
        body, form = load_client.form(b"a|b\n1|x\n", "documents")
        self.assertEqual(2, self.server.exchange("POST", cycle, {**headers, **form},
                                                 body).status // 100)
        self.assertEqual(2, self.server.exchange("POST", cycle + "/commit", headers).status // 100)
        status = {"internal_stage": ""}
        while not (status["internal_stage"] == "DONE" or
                   ("code" in status.get("status", {}) and status["status"]["code"] != "OK")):
            status = self.server.exchange("GET", cycle, headers).json()
        self.assertEqual(0, int(status["ignored_row_count"]))
        self.assertEqual(["1|x"], self.rows())

    def test_cs_tools(self):
        """Sends every format, and stops at `message` other than OK or at `code`."""
        params = {"format": {
            "field_separator": "|", "enclosing_character": '"', "escape_character": '"',
            "null_value": "", "has_header_row": True, "flexible": False,
            "date_time": {"date_time_format": "%Y-%m-%d %H:%M:%S", "date_format": "%Y-%m-%d",
                          "time_format": "%H:%M:%S", "skip_second_fraction": True},
            "boolean": {"true_format": "True", "false_format": "False"}},
            "load_options": {"empty_target": True, "max_ignored_rows": 0}}
        self.session.do("create table u (a int, d date, m datetime, b bool, s varchar(0));")
        data = b'a|d|m|b|s\n1|2024-01-31|2024-01-31 10:00:00.123|True|"x ""y"""\n2||||\n'
        status = self.loader.load(data, params, table="u")
        self.assertEqual({"code": "OK", "message": "OK"}, status["status"])
        self.assertEqual(("DONE", "2", "0"), tuple(
            status[key] for key in ("internal_stage", "rows_written", "ignored_row_count")))
        self.assertEqual([["1", "2024-01-31", "2024-01-31 10:00:00", "true", 'x "y"']],
                         self.session.query("select * from u where a = 1;").rows)


class LoadSettingsTest(harness.ServerTest):
    flags = ("--tsload", "127.0.0.1:0", "--tsload-node", "127.0.0.2:8442",
             "--wire-variant", "late-load-status")
    setup_script = "create database load; use load; create table t (a int);"

    def test_the_additional_port(self):
        url = urllib.parse.urlsplit(self.server.ready["tsload"])
        self.assertEqual("https", url.scheme)
        with wire.Connection((url.hostname, url.port), wire.unverified_tls()) as connection:
            self.assertEqual("Ping Received.", connection.request("GET", ROOT + "/ping").text)

    def test_the_node_that_is_set(self):
        loader = load_client.Loader(self.server)
        response = loader.call("POST", "/loads", '{"target":{"database":"load","table":"t"}}')
        self.assertEqual({"host": "127.0.0.2", "port": 8442}, response.json()["node_address"])

    def test_a_status_only_at_the_end(self):
        loader = load_client.Loader(self.server)
        cycle = loader.start()
        self.assertNotIn("status", loader.status(cycle))
        loader.commit(cycle)
        self.assertEqual({"code": "OK", "message": "OK"}, loader.wait(cycle)["status"])


class NoNodeTest(harness.ServerTest):
    flags = ("--tsload-node", "none")

    def test_no_node_address(self):
        response = load_client.Loader(self.server).call(
            "POST", "/loads", '{"target":{"database":"load","table":"t"}}')
        self.assertEqual({"cycle_id"}, set(response.json()))


if __name__ == "__main__":
    harness.main()
