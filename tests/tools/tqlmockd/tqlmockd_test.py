"""tqlmockd as a process: ready line and ready file, signals, exit statuses, flags and the config file.

`tqlmockd_test.py PATH_OF_TQLMOCKD [unittest arguments]`
"""

import json
import os
import pathlib
import re
import signal
import socket
import ssl
import stat
import subprocess
import sys
import tempfile
import threading
import unittest

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[2] / "integration"))

import harness  # noqa: E402
import wire  # noqa: E402

FREE = ("--http", "127.0.0.1:0", "--https", "off", "--grpc", "off")
NUMBERS = ("create database n; use n; create table t (x int); insert into t values "
           + ",".join(f"({i})" for i in range(100)) + ";")
# A cross join that runs far longer than any test.
ENDLESS = ("use n; select count(*) from " + ", ".join(f"t a{i}" for i in range(12))
           + " where " + " + ".join(f"a{i}.x" for i in range(12)) + " < 0;")


def fail(*flags):
    """Runs a tqlmockd that cannot start; returns its exit status and output."""
    ended = subprocess.run([harness.binary(), *flags], stdin=subprocess.DEVNULL,
                           capture_output=True, timeout=wire.PATIENCE, check=False)
    if ended.stdout:
        raise AssertionError(f"a line on standard output: {ended.stdout}")
    return ended.returncode, ended.stderr.decode()


class TqlmockdTest(unittest.TestCase):
    def setUp(self):
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        self.folder = pathlib.Path(folder.name)

    def start(self, *flags):
        server = harness.Server(*flags)
        self.addCleanup(server.stop, signal.SIGKILL)
        return server

    def file(self, name, text):
        path = self.folder / name
        path.write_text(text, encoding="utf-8")
        return str(path)


class ReadyTest(TqlmockdTest):
    def test_ready_line(self):
        server = self.start()
        self.assertEqual({"event", "https", "http", "grpc", "pid", "ms"}, set(server.ready))
        self.assertEqual("ready", server.ready["event"])
        self.assertEqual(server.pid, server.ready["pid"])
        self.assertRegex(server.ready["https"], r"^https://127\.0\.0\.1:[1-9]\d*$")
        self.assertRegex(server.ready["http"], r"^http://127\.0\.0\.1:[1-9]\d*$")
        self.assertRegex(server.ready["grpc"], r"^127\.0\.0\.1:[1-9]\d*$")
        self.assertIsInstance(server.ready["ms"], int)
        self.assertEqual(200, server.exchange("GET", "/healthz").status)
        with server.connect_tls() as connection:
            self.assertEqual(200, connection.request("GET", "/healthz").status)
        self.assertEqual((0, b""), server.stop())

    def test_a_port_that_is_off_is_left_out(self):
        process = subprocess.Popen([harness.binary(), *FREE], stdout=subprocess.PIPE,
                                   stderr=subprocess.DEVNULL)
        self.addCleanup(process.communicate)
        self.addCleanup(process.kill)
        self.assertEqual({"event", "http", "pid", "ms"}, set(json.loads(process.stdout.readline())))

    def test_a_file_descriptor_gets_the_line(self):
        reader, writer = os.pipe()
        self.addCleanup(os.close, reader)
        server = subprocess.Popen([harness.binary(), *FREE, "--ready-fd", str(writer)], pass_fds=[writer],
                                  stdout=subprocess.PIPE, stderr=subprocess.DEVNULL)
        os.close(writer)
        with open(os.dup(reader), "rb") as pipe:
            line = pipe.read()  # up to its end: the server has closed it
        self.assertEqual(server.stdout.readline(), line)
        self.assertEqual("ready", json.loads(line)["event"])
        server.terminate()
        server.stdout.close()
        self.assertEqual(0, server.wait(wire.PATIENCE))

    def test_a_service_manager_is_notified(self):
        for abstract in (False, True):
            with self.subTest(abstract=abstract), socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as manager:
                name = f"tqlmockd-test-{os.getpid()}" if abstract else str(self.folder / "notify")
                manager.bind("\0" + name if abstract else name)
                manager.settimeout(wire.PATIENCE)
                server = subprocess.Popen(
                    [harness.binary(), *FREE], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
                    env={**os.environ, "NOTIFY_SOCKET": "@" + name if abstract else name})
                self.assertEqual(b"READY=1", manager.recv(100))
                server.terminate()
                self.assertEqual(b"STOPPING=1", manager.recv(100))
                self.assertEqual(0, server.wait(wire.PATIENCE))

    def test_check(self):
        server = self.start()
        for url in (server.ready["http"], server.ready["https"], server.ready["http"] + "/any/path"):
            self.assertEqual((0, ""), fail("--check", url))
        server.stop()
        status, error = fail("--check", server.ready["http"])
        self.assertEqual(1, status)
        self.assertRegex(error, r"^tqlmockd: http://127\.0\.0\.1:\d+ is not ready: it does not accept connections\n$")
        status, error = fail("--check", "localhost:80")
        self.assertEqual((1, 'tqlmockd: --check: found "localhost:80", expected a URL such as '
                             'http://127.0.0.1:8080\n'), (status, error))

    def test_fail_unmet(self):
        plan = self.file("plan.yaml", "rule: [{id: once, match: {kind: [USE]}}]")
        server = self.start("--plan", plan, "--fail-unmet", "--log-level", "off")
        self.assertEqual((4, b""), server.stop())
        self.assertEqual("tqlmockd: namespace main:\nrule once acted 0 of 1 times\n", server.log())
        server = self.start("--plan", plan, "--fail-unmet", "--log-level", "off")
        server.login().query("use nowhere;")
        self.assertEqual((0, b""), server.stop())
        self.assertEqual("", server.log())

    def test_absent_files_are_named(self):
        for flag in ("--plan", "--world", "--init"):
            path = os.path.join(self.folder, "absent")
            status, error = fail(flag, path, *FREE)
            self.assertEqual(1, status)
            self.assertIn(path, error)
            self.assertEqual(1, error.count(path), error)

    def test_ready_file(self):
        path = self.file("ready", "a line of an earlier server\n")
        server = self.start("--ready-file", path)
        self.assertEqual(server.ready, json.loads(pathlib.Path(path).read_text(encoding="utf-8")))
        self.assertEqual(["ready"], os.listdir(self.folder))
        self.assertEqual(0, server.stop()[0])
        self.assertEqual([], os.listdir(self.folder))

    def test_files_are_private_and_links_are_not_followed(self):
        victim = self.file("victim", "as it was")
        paths = {name: self.folder / name for name in ("ready", "data.db", "cert.pem")}
        for name in ("ready", "cert.pem"):
            paths[name].symlink_to(victim)
        before = os.umask(0)
        try:
            server = self.start("--ready-file", str(paths["ready"]), "--data", str(paths["data.db"]),
                                "--tls-cert-out", str(paths["cert.pem"]))
        finally:
            os.umask(before)
        session = server.login()
        session.do("create database d;")
        modes = {path.name: stat.S_IMODE(path.lstat().st_mode) for path in self.folder.iterdir()
                 if path.name != "victim"}
        self.assertEqual({"ready": 0o600, "cert.pem": 0o644, "data.db": 0o600, "data.db-wal": 0o600,
                          "data.db-shm": 0o600}, modes)
        self.assertEqual("as it was", pathlib.Path(victim).read_text(encoding="utf-8"))

    def test_a_data_file_is_not_made_through_a_link(self):
        link = self.folder / "data.db"
        link.symlink_to(self.folder / "elsewhere")
        status, text = fail(*FREE, "--data", str(link))
        self.assertEqual(2, status)
        self.assertIn(str(link), text)
        self.assertEqual(["data.db"], os.listdir(self.folder))

    def test_users_of_a_file(self):
        path = self.file("users", "# who\n\nann:pass:word\nbob: b \r\n")
        os.chmod(path, 0o600)
        server = self.start("--user-file", path, "--user", "eve:secret")
        for user, password in (("ann", "pass:word"), ("bob", " b "), ("eve", "secret")):
            self.assertTrue(server.login(user, password).cookie)
        with self.assertRaises(AssertionError):
            server.login("tsadmin", "admin")

    def test_a_user_of_the_environment(self):
        for value, flags, user, password in (("ann:pass:word", (), "ann", "pass:word"),
                                             ("ann:x", ("--user", "eve:secret"), "eve", "secret")):
            with self.subTest(flags=flags):
                os.environ["TQLMOCKD_USER"] = value
                try:
                    server = self.start(*flags)
                finally:
                    del os.environ["TQLMOCKD_USER"]
                self.assertTrue(server.login(user, password).cookie)
                for other in ("tsadmin", "admin"), *([("ann", "x")] if flags else []):
                    with self.assertRaises(AssertionError):
                        server.login(*other)
        os.environ["TQLMOCKD_USER"] = "no password"
        try:
            status, error = fail(*FREE)
        finally:
            del os.environ["TQLMOCKD_USER"]
        self.assertEqual(1, status)
        self.assertRegex(error, r"^tqlmockd: TQLMOCKD_USER: ")
        self.assertNotIn("no password", error)

    def test_a_file_of_users_that_cannot_be_used(self):
        pipe = self.folder / "pipe"
        os.mkfifo(pipe, 0o600)
        for name, text, mode, why in (
                ("open", "ann:s3cret\n", 0o640, "other users have access to it; run: chmod 600"),
                ("none", "# nobody\n", 0o600, "it has no user"),
                ("bad", "ann:x\ns3cret\n", 0o600, ":2: expected NAME:PASSWORD"),
                ("long", "#" * (1 << 20) + "\n", 0o600, "larger than 1048576 bytes")):
            with self.subTest(name=name):
                path = self.file(name, text)
                os.chmod(path, mode)
                status, said = fail(*FREE, "--user-file", path)
                self.assertEqual(1, status)
                self.assertIn(why, said)
                self.assertNotIn("s3cret", said)
        for path, why in ((pipe, "not a regular file"), (self.folder / "gone", "No such file")):
            status, said = fail(*FREE, "--user-file", str(path))
            self.assertEqual(1, status)
            self.assertIn(why, said)

    def test_a_file_with_a_control_token_that_cannot_be_used(self):
        for name, text, mode, why in (
                ("open", "s3cret-s3cret-s3cret\n", 0o640, "other users have access to it; run: chmod 600"),
                ("short", "s3cret\n", 0o600, "expected a token of at least 16 visible ASCII characters"),
                ("lines", "s3cret-s3cret-s3cret\n\n", 0o600, "expected a token"),
                ("blank", "s3cret s3cret s3cret\n", 0o600, "expected a token")):
            with self.subTest(name=name):
                path = self.file(name, text)
                os.chmod(path, mode)
                status, said = fail(*FREE, "--control-token-file", path)
                self.assertEqual(1, status)
                self.assertIn(why, said)
                self.assertNotIn("s3cret", said)

    def test_a_ready_file_that_cannot_be_written(self):
        status, text = fail(*FREE, "--ready-file", str(self.folder / "no" / "ready"))
        self.assertEqual(1, status)
        self.assertIn("ready", text)

    def test_does_not_replace_other_file_types(self):
        pipe = self.folder / "pipe"
        os.mkfifo(pipe)
        for flag in ("--ready-file", "--tls-cert-out"):
            with self.subTest(flag=flag):
                status, text = fail("--http", "off", "--https", "127.0.0.1:0", flag, str(pipe))
                self.assertEqual(1, status)
                self.assertIn(f"{pipe}: not a regular file", text)
                self.assertTrue(pipe.is_fifo())

    def test_closed_standard_streams(self):
        path = self.folder / "ready"
        process = subprocess.Popen(
            ["sh", "-c", 'exec "$@" <&- >&- 2>&-', "sh", harness.binary(), *FREE,
             "--ready-file", str(path)])
        self.addCleanup(process.wait)
        self.addCleanup(process.kill)
        while not path.exists():
            self.assertIsNone(process.poll())
        for fd in (0, 1, 2):
            self.assertEqual("/dev/null", os.readlink(f"/proc/{process.pid}/fd/{fd}"))
            flags = pathlib.Path(f"/proc/{process.pid}/fdinfo/{fd}").read_text(encoding="utf-8")
            # Opened in the opposite direction, so that using it is an error and not silent.
            access = int(flags.partition("flags:")[2].split()[0], 8) & os.O_ACCMODE
            self.assertEqual(os.O_WRONLY if fd == 0 else os.O_RDONLY, access)

    def test_writes_the_certificate(self):
        path = self.folder / "cert.pem"
        server = self.start("--tls-cert-out", str(path))
        trusting = ssl.create_default_context(cafile=str(path))
        with wire.Connection(server.https, trusting) as connection:
            self.assertEqual(200, connection.request("GET", "/healthz").status)

    def test_no_ready_line_while_a_script_runs(self):
        """A start that is interrupted during its script is never ready."""
        script = self.file("endless.tql", NUMBERS + ENDLESS)
        process = subprocess.Popen(
            [harness.binary(), *FREE, "--init", script, "--ready-file", str(self.folder / "ready")],
            stdout=subprocess.PIPE, stderr=subprocess.DEVNULL)
        self.addCleanup(process.kill)
        with self.assertRaises(subprocess.TimeoutExpired):
            process.wait(0.5)
        process.send_signal(signal.SIGTERM)
        output, _ = process.communicate(timeout=wire.PATIENCE)
        self.assertEqual((0, b""), (process.returncode, output))
        self.assertFalse((self.folder / "ready").exists())


class StopTest(TqlmockdTest):
    def test_while_it_waits_for_the_writer_of_a_script(self):
        pipe = self.folder / "pipe"
        os.mkfifo(pipe)
        process = subprocess.Popen([harness.binary(), *FREE, "--init", str(pipe)],
                                   stdout=subprocess.PIPE, stderr=subprocess.DEVNULL)
        self.addCleanup(process.kill)
        writer = os.open(pipe, os.O_WRONLY)  # waits until the server has opened it
        self.addCleanup(os.close, writer)
        process.send_signal(signal.SIGTERM)
        output, _ = process.communicate(timeout=wire.PATIENCE)
        self.assertEqual((0, b""), (process.returncode, output))

    def test_each_signal_when_idle(self):
        for with_signal in (signal.SIGTERM, signal.SIGINT, signal.SIGHUP):
            with self.subTest(signal=with_signal):
                server = self.start()
                self.assertEqual((0, b""), server.stop(with_signal))

    def test_ignored_hangup_stays_ignored(self):
        """As under nohup."""
        before = signal.signal(signal.SIGHUP, signal.SIG_IGN)
        try:
            server = self.start()
        finally:
            signal.signal(signal.SIGHUP, before)
        os.kill(server.pid, signal.SIGHUP)
        session = server.login()
        self.addCleanup(session.close)
        self.assertEqual([], session.query("show databases;").errors)
        self.assertEqual((0, b""), server.stop(signal.SIGTERM))

    def test_each_signal_with_an_endless_statement(self):
        for with_signal in (signal.SIGTERM, signal.SIGINT, signal.SIGHUP):
            with self.subTest(signal=with_signal):
                server = self.start("--init", self.file("n.tql", NUMBERS))
                session = server.login()
                self.addCleanup(session.close)
                sent = threading.Event()

                def run():
                    sent.set()
                    try:
                        session.query(ENDLESS)
                    except (OSError, wire.WireError):
                        pass

                client = threading.Thread(target=run)
                client.start()
                sent.wait()
                self.assertEqual((0, b""), server.stop(with_signal))
                client.join(wire.PATIENCE)
                self.assertFalse(client.is_alive())

    def test_acknowledged_data_survives_a_kill(self):
        data = str(self.folder / "data.db")
        server = self.start("--data", data)
        session = server.login()
        self.addCleanup(session.close)
        session.do("create database kept;", "use kept;", "create table t (a int, primary key (a));")
        for i in range(50):
            session.do(f"insert into t values ({i});")
        server.stop(signal.SIGKILL)
        again = self.start("--data", data)
        session = again.login()
        self.addCleanup(session.close)
        session.do("use kept;")
        self.assertEqual([["50"]], session.query("select count(*) from t;").rows)


class StatusTest(TqlmockdTest):
    def test_help_and_version(self):
        for flag, pattern in (("--help", "--statement-timeout"), ("--version", "tqlmockd ")):
            ended = subprocess.run([harness.binary(), flag], capture_output=True, check=False,
                                   timeout=wire.PATIENCE)
            self.assertEqual(0, ended.returncode)
            self.assertIn(pattern, ended.stdout.decode())

    def test_invalid_flags(self):
        for flags, pattern in (
                (("--no-such-flag",), "no-such-flag"),
                (("surplus",), "surplus"),
                (("--http", "nowhere"), "nowhere"),
                (("--http", "off", "--https", "off", "--grpc", "off"), "off"),
                (("--user", "hunter2"), "NAME:PASSWORD"),
                (("--user", "a:b", "--user", "a:c"), "twice"),
                (("--threads", "many"), "threads"),
                (("--max-request-bytes", "3"), "1 KiB"),
                (("--statement-timeout", "soon"), "statement-timeout"),
                (("--log-level", "loud"), "debug, info, warning"),
                (("--tls-cert", "/no/such/file", "--tls-key", "/no/such/file"), "/no/such/file"),
                (("--config", "/no/such/file"), "/no/such/file")):
            with self.subTest(flags=flags):
                status, text = fail(*flags)
                self.assertEqual(1, status, text)
                self.assertIn(pattern, text)
                self.assertNotIn("hunter2", text)

    def test_the_default_password_stays_on_this_machine(self):
        status, text = fail("--http", "0.0.0.0:0", "--https", "off")
        self.assertEqual(1, status)
        self.assertIn("default password", text)
        for flags in (("--allow-default-password",), ("--user", "tsadmin:other")):
            process = subprocess.Popen(
                [harness.binary(), "--http", "0.0.0.0:0", "--https", "off", "--grpc", "off", *flags],
                stdout=subprocess.PIPE, stderr=subprocess.DEVNULL)
            self.addCleanup(process.communicate)
            self.addCleanup(process.kill)
            self.assertIn(b"ready", process.stdout.readline())

    def test_a_script_that_fails(self):
        script = self.file("bad.tql", "create database d;\n\nuse d; creat table t (a int);\n")
        status, text = fail(*FREE, "--init", script)
        self.assertEqual(1, status)
        self.assertIn(f"{script}:3:8: ", text)
        for line, script in (
                (2, "create database d;\ninsert into nowhere values (1);"),
                (3, "create database d; use d;\n\n   drop table t; show databases;"),
                (3, "create database d; use d; create table t (a int);\n"
                       "insert into t values (1),\n (2), ('x');"),
                (2, "create database d;\n/* never closed"),
                (4, "create database d; use d; create table p (a int, primary key (a));\n"
                       "create table f (a int, foreign key (a) references p (a));\n\n"
                       " drop table p;\n"),
                (3, "create database d; use d; create table t (s varchar(0));\n"
                       "insert into t values ('x');\nselect s + 1 from t;")):
            with self.subTest(script=script):
                path = self.file("bad.tql", script)
                status, text = fail(*FREE, "--init", path)
                self.assertEqual(1, status)
                self.assertRegex(text, rf"^tqlmockd: {re.escape(path)}:{line}:\d+: \S")
        status, text = fail(*FREE, "--init", str(self.folder / "missing.tql"))
        self.assertEqual(1, status)
        self.assertIn("missing.tql", text)

    def test_users_are_checked_before_scripts_run(self):
        """Otherwise the file would keep the effects of a failed start."""
        script = self.file("good.tql", "create database made;\n")
        for users in (("x:1", "x:2"), ("x" * 5000 + ":1",), ("x:",), (":x",), ("x",)):
            with self.subTest(users=users):
                data = str(self.folder / "users.db")
                flags = [flag for user in users for flag in ("--user", user)]
                status, _ = fail(*FREE, "--data", data, "--init", script, *flags)
                self.assertEqual(1, status)
                self.assertFalse(os.path.exists(data))

    def test_a_port_that_is_taken(self):
        with socket.create_server(("127.0.0.1", 0)) as taken:
            address = "127.0.0.1:%d" % taken.getsockname()[1]
            for flags in (("--http", address, "--https", "off", "--grpc", "off"),
                          (*FREE, "--grpc", address)):
                status, text = fail(*flags)
                self.assertEqual(2, status)
                self.assertIn(address, text)

    def test_a_data_file_that_is_taken_or_foreign(self):
        data = str(self.folder / "data.db")
        self.start("--data", data)
        status, text = fail(*FREE, "--data", data)
        self.assertEqual(2, status)
        self.assertIn("in use", text)
        foreign = self.file("foreign.db", "this is not a database, but long enough" * 100)
        status, text = fail(*FREE, "--data", foreign)
        self.assertEqual(2, status)
        self.assertIn(foreign, text)


class GrpcPortTest(TqlmockdTest):
    """Tests of gRPC that need no gRPC library."""

    SETTINGS = b"\0\0\0\x04\0\0\0\0\0"  # an empty frame

    def preface_is_answered(self, connection):
        connection.settimeout(wire.PATIENCE)
        connection.sendall(b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n" + self.SETTINGS)
        head = b""
        while len(head) < 9:
            got = connection.recv(9 - len(head))
            self.assertTrue(got, "the server hung up")
            head += got
        self.assertEqual(4, head[3], "the first frame is no SETTINGS")

    def test_it_speaks_tls_with_the_certificate_of_https(self):
        path = self.folder / "cert.pem"
        server = self.start("--tls-cert-out", str(path))
        trusting = ssl.create_default_context(cafile=str(path))
        trusting.set_alpn_protocols(["h2"])
        with socket.create_connection(server.grpc) as plain:
            with trusting.wrap_socket(plain, server_hostname="localhost") as connection:
                self.assertEqual("h2", connection.selected_alpn_protocol())
                self.preface_is_answered(connection)

    def test_or_plaintext(self):
        server = self.start("--grpc-plaintext")
        with socket.create_connection(server.grpc) as connection:
            self.preface_is_answered(connection)

    def test_garbage_is_not_worth_a_word(self):
        server = self.start("--log-level", "error")
        for garbage in (b"GET / HTTP/1.1\r\n\r\n", b"\0" * 100_000, b"\x16\x03\x01\x02\0\x01x"):
            with socket.create_connection(server.grpc) as connection:
                connection.settimeout(wire.PATIENCE)
                try:
                    connection.sendall(garbage)
                    connection.shutdown(socket.SHUT_WR)
                    while connection.recv(65536):
                        pass
                except OSError:  # when the server closes the connection
                    pass
        self.assertEqual(200, server.exchange("GET", "/healthz").status)
        self.assertEqual("", server.log())

    def test_alone_it_brings_its_certificate_along(self):
        path = self.folder / "cert.pem"
        process = subprocess.Popen(
            [harness.binary(), "--http", "off", "--https", "off", "--grpc", "127.0.0.1:0",
             "--tls-cert-out", str(path)], stdout=subprocess.PIPE, stderr=subprocess.DEVNULL)
        self.addCleanup(process.communicate)
        self.addCleanup(process.kill)
        self.assertEqual({"event", "grpc", "pid", "ms"}, set(json.loads(process.stdout.readline())))
        self.assertIn("BEGIN CERTIFICATE", path.read_text(encoding="utf-8"))


class FlagsTest(TqlmockdTest):
    def test_command_line_overrides_config_file(self):
        config = self.file("tqlmockd.ini", 'user = ["ann:one", "ben:two"]\n'
                           'user-without-privileges = "reader:x"\nlog-level = "error"\n'
                           'http = "nowhere"\n')
        server = self.start("--config", config, "--http", "127.0.0.1:0")
        for user, password, status in (("ann", "one", 200), ("ben", "two", 200),
                                       ("reader", "x", 403)):
            session = server.login(user, password)
            self.addCleanup(session.close)
            self.assertEqual(status, session.query("show databases;").status)
        with self.assertRaises(AssertionError):
            server.login("tsadmin", "admin")
        self.assertEqual("", server.log())

    def test_a_file_with_an_unknown_flag(self):
        status, text = fail(*FREE, "--config", self.file("bad.ini", "no-such-flag = 1\n"))
        self.assertEqual(1, status)
        self.assertIn("no-such-flag", text)

    def test_the_log_in_json(self):
        server = self.start("--log-format", "json", "--log-level", "debug")
        server.login("tsadmin", "admin").close()
        self.assertEqual(0, server.stop()[0])
        records = [json.loads(line) for line in server.log().splitlines()]
        self.assertEqual([{"time", "level", "message"}] * len(records),
                         [set(record) for record in records])
        self.assertIn("debug", [record["level"] for record in records])
        self.assertNotIn("password", server.log())

    def test_a_statement_has_its_time(self):
        server = self.start("--init", self.file("n.tql", NUMBERS), "--statement-timeout", "50ms")
        session = server.login()
        self.addCleanup(session.close)
        self.assertEqual(1, len(session.query(ENDLESS).errors))
        session.do("show databases;")

    def test_a_session_ends(self):
        server = self.start("--session-timeout", "1s")
        session = server.login()
        self.addCleanup(session.close)
        while (status := session.query("show databases;").status) == 200:
            pass
        self.assertEqual(401, status)


if __name__ == "__main__":
    harness.main()
