"""Runs a real tqlmockd and sends TQL to it.

Each test file is a program: `x_test.py PATH_OF_TQLMOCKD [unittest arguments]`.
"""

import gc
import json
import os
import pathlib
import signal
import subprocess
import sys
import tempfile
import unittest
import urllib.parse
import warnings

import wire

ROOT = pathlib.Path(__file__).resolve().parents[2]
DATA = ROOT / "tests" / "data"
QUERY = "/ts_dataservice/v1/public/tql/query"
SCRIPT = "/ts_dataservice/v1/public/tql/script"
STATIC_TOKENS = "/ts_dataservice/v1/public/tql/tokens/static"
DYNAMIC_TOKENS = "/ts_dataservice/v1/public/tql/tokens/dynamic"
SCHEMA_VERSION = "/ts_tqlservice/v1/public/schema_version"
LOGIN = "/callosum/v1/session/login"
SUCCESS = "Statement executed successfully. \n"
DEFAULT_SCHEMA = "falcon_default_schema"
USER, PASSWORD = "tsadmin", "admin"

_binary = None


def binary():
    return _binary or os.environ["TQLMOCKD"]


def main():
    """Runs the tests of the calling file; resources that they leave open are a failure as well."""
    global _binary
    if len(sys.argv) > 1 and os.path.exists(sys.argv[1]):
        _binary = os.path.abspath(sys.argv.pop(1))
    left_open = []

    def on_unraisable(hooked):
        if isinstance(hooked.exc_value, ResourceWarning):
            left_open.append(str(hooked.exc_value))
        else:
            sys.__unraisablehook__(hooked)

    # A warning in a destructor cannot be raised, but it reaches the hook.
    warnings.simplefilter("error", ResourceWarning)
    sys.unraisablehook = on_unraisable
    program = unittest.main(verbosity=2, warnings="", exit=False)
    gc.collect()
    for what in left_open:
        print(what, file=sys.stderr)
    sys.exit(0 if program.result.wasSuccessful() and not left_open else 1)


os.environ["no_proxy"] = "*"  # tests connect to the local host only


class Server:
    """A tqlmockd process on free ports of the loopback interface."""

    def __init__(self, *flags):
        self._log = tempfile.TemporaryFile()
        self._whole_log = None
        self._sessions = []
        self._process = subprocess.Popen(
            [binary(), "--http", "127.0.0.1:0", "--https", "127.0.0.1:0",
             "--grpc", "127.0.0.1:0", "--password-hash-rounds", "1000", *flags],
            stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=self._log)
        line = self._process.stdout.readline()
        if not line:
            self._process.communicate()
            self._close_log()
            raise AssertionError(f"tqlmockd did not start:\n{self.log()}")
        self.ready = json.loads(line)
        self.http = self._address(self.ready["http"])
        self.https = self._address(self.ready["https"])
        self.grpc = self._address("//" + self.ready["grpc"]) if "grpc" in self.ready else None

    @staticmethod
    def _address(text):
        url = urllib.parse.urlsplit(text)
        return url.hostname, url.port

    @property
    def pid(self):
        return self._process.pid

    def log(self):
        if self._whole_log is not None:
            return self._whole_log
        self._log.seek(0)
        return self._log.read().decode("utf-8", "replace")

    def _close_log(self):
        self._whole_log = self.log()
        self._log.close()

    def running(self):
        return self._process.poll() is None

    def stop(self, with_signal=signal.SIGTERM):
        """Stops the server; returns its exit status and the rest of its output."""
        if self.running():
            self._process.send_signal(with_signal)
        try:
            rest, _ = self._process.communicate(timeout=wire.PATIENCE)
        except subprocess.TimeoutExpired:
            self._process.kill()
            self._process.communicate()
            raise AssertionError(f"tqlmockd did not stop:\n{self.log()}") from None
        finally:
            self._close_log()
            for session in self._sessions:
                session.close()
        return self._process.returncode, rest

    def connect(self):
        return wire.Connection(self.http)

    def connect_tls(self):
        return wire.Connection(self.https, wire.unverified_tls())

    def exchange(self, method, path, headers=(), body=b""):
        """Sends one request over a separate connection."""
        with self.connect() as connection:
            return connection.request(method, path, headers, body)

    def login(self, user=USER, password=PASSWORD):
        self._sessions.append(Session(self, user, password))
        return self._sessions[-1]


class Answer:
    """The parsed lines of a response, and their combined contents."""

    def __init__(self, response):
        self.response = response
        self.status = response.status
        self.raw_lines = response.body.split(b"\n")[:-1]
        self.lines = [json.loads(line) for line in self.raw_lines] if self.status == 200 else []

    @property
    def results(self):
        return [line["result"] for line in self.lines]

    @property
    def messages(self):
        """The messages as pairs (type, value)."""
        return [(m["type"], m["value"]) for r in self.results for m in r.get("message", [])]

    @property
    def text(self):
        """The text that a client prints for the messages."""
        return "".join(value for _, value in self.messages)

    @property
    def output(self):
        """The text without the success line, as a list of lines."""
        return [line for line in self.text.splitlines() if line.strip() != SUCCESS.strip()]

    @property
    def errors(self):
        return [value for kind, value in self.messages if kind == "ERROR"]

    @property
    def table(self):
        """The table of a single SELECT, or None."""
        tables = [r["table"] for r in self.results if "table" in r]
        if len(tables) > 1:
            raise AssertionError(f"{len(tables)} tables in one answer")
        return tables[0] if tables else None

    @property
    def headers(self):
        return [(h["name"], h["type"]) for h in self.table["headers"]]

    @property
    def rows(self):
        return [row["v"] for row in self.table.get("rows", [])]

    @property
    def context(self):
        return self.results[-1]["final_context"]

    @property
    def version(self):
        return int(self.context["server_schema_version"])


class Session:
    """A logged-in user. It keeps the context of the last response, like interactive clients."""

    def __init__(self, server, user=USER, password=PASSWORD):
        self.server = server
        form = urllib.parse.urlencode({"username": user, "password": password})
        response = server.exchange(
            "POST", LOGIN, {"Content-Type": "application/x-www-form-urlencoded"}, form)
        if response.status // 100 != 2:
            raise AssertionError(f"login: {response.status} {response.text}")
        self.cookie = session_cookie(response)
        self.user_guid = response.json()["userGUID"]
        self.context = {"server_schema_version": -1}
        self._connection = None

    @property
    def headers(self):
        return {"Cookie": f"JSESSIONID={self.cookie}", "Content-Type": "application/json"}

    def close(self):
        if self._connection:
            self._connection.close()
            self._connection = None

    def exchange(self, method, path, body=b"", headers=()):
        """Sends a request with the session's cookie over the session's own connection."""
        self._connection = self._connection or self.server.connect()
        try:
            response = self._connection.request(
                method, path, {**self.headers, **dict(headers)}, body)
        except (OSError, wire.WireError):
            self.close()
            raise
        if not response.head.keeps_alive():
            self.close()
        return response

    def post(self, path, message):
        return self.exchange("POST", path, json.dumps(message))

    def query(self, statement, options=None, context=None, answers=None):
        """Runs one statement; updates the context unless one is given."""
        body = {"context": context or self.context, "query": {"statement": statement}}
        if options is not None:
            body["options"] = options
        if answers is not None:
            body["query"]["prompt_responses"] = answers
        answer = Answer(self.post(QUERY, body))
        self._follow(answer, context)
        return answer

    def script(self, script, options=None, context=None, script_type=1):
        body = {"context": context or self.context, "script_type": script_type, "script": script}
        if options is not None:
            body["options"] = options
        answer = Answer(self.post(SCRIPT, body))
        self._follow(answer, context)
        return answer

    def _follow(self, answer, given):
        if given is None and answer.lines and "final_context" in answer.results[-1]:
            self.context = answer.context

    def do(self, *statements):
        """Runs statements that must succeed, each in a separate request."""
        for statement in statements:
            answer = self.query(statement)
            if answer.status != 200 or answer.errors or not answer.text.endswith(SUCCESS):
                raise AssertionError(f"{statement!r}: {answer.status} {answer.response.text}")
        return answer


def bare_environment(**variables):
    """The environment of a program that must not depend on the tester's, except for sanitizer options."""
    kept = {name: value for name, value in os.environ.items()
            if name == "PATH" or name.endswith("SAN_OPTIONS")}
    return {**kept, **variables}


def session_cookie(response):
    for header in response.head.get_all("Set-Cookie"):
        name, _, value = header.split(";")[0].partition("=")
        if name.strip() == "JSESSIONID":
            return value
    raise AssertionError(f"no cookie JSESSIONID in {response.head.headers}")


class ServerTest(unittest.TestCase):
    """Tests that share one server; `flags` are its flags, `setup_script` its first statements."""

    flags = ()
    setup_script = ""
    maxDiff = None

    @classmethod
    def setUpClass(cls):
        cls.server = Server(*cls.flags)
        cls.addClassCleanup(cls._stop_server)
        if cls.setup_script:
            run_script(cls.server.login(), cls.setup_script)

    @classmethod
    def _stop_server(cls):
        status, _ = cls.server.stop()
        if status != 0:
            raise AssertionError(f"tqlmockd ended with status {status}:\n{cls.server.log()}")

    def setUp(self):
        self.session = self.server.login()
        self.addCleanup(self.session.close)

    def assertSucceeds(self, answer):
        self.assertEqual(200, answer.status, answer.response.text)
        self.assertEqual([], answer.errors)
        self.assertEqual(("INFO", SUCCESS), answer.messages[-1])
        return answer

    def assertFails(self, answer, pattern=r"\S"):
        """The statement ran and ended with one ERROR message."""
        self.assertEqual(200, answer.status, answer.response.text)
        self.assertEqual(1, len(answer.errors), answer.messages)
        self.assertRegex(answer.errors[0], pattern)
        self.assertNotIn(("INFO", SUCCESS), answer.messages)
        return answer

    def assertServerAnswers(self):
        """The server still works: a new session gets a correct response."""
        self.assertTrue(self.server.running(), self.server.log())
        session = self.server.login()
        self.addCleanup(session.close)
        answer = self.assertSucceeds(session.query("show databases;"))
        self.assertIn("thoughtspot_internal", answer.output)


def run_script(session, script):
    answer = session.script(script)
    if answer.status != 200 or answer.errors:
        raise AssertionError(f"{answer.status} {answer.errors or answer.response.text}")
    return answer
