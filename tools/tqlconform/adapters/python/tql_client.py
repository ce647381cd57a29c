"""A small client of the TQL service, with the standard library alone. The example adapters use it."""

import http.client
import json
import socket
import ssl
import time
import urllib.parse

LOGIN = "/callosum/v1/session/login"
QUERY = "/ts_dataservice/v1/public/tql/query"
SCRIPT = "/ts_dataservice/v1/public/tql/script"
MOST_ATTEMPTS = 3
MOST_QUESTIONS = 100
MOST_LINE_BYTES = 64 << 20
READ_BYTES = 65536


class CallFailed(Exception):
    """The call has no usable response. The text begins with a word for the kind of the failure."""


class ConnectionFailed(CallFailed):
    """The connection could not be made, or ended too early."""

    def __init__(self, text, nothing_sent=False):
        super().__init__("unavailable: " + text)
        self.nothing_sent = nothing_sent


class StatusError(CallFailed):
    def __init__(self, status, reason, pause=None):
        super().__init__(f"status {status}: {reason}")
        self.status = status
        self.pause = pause


class Result:
    """What a statement answered."""

    def __init__(self):
        self.header = []
        self.rows = []
        self.info = []
        self.error = ""
        self.questions = []
        self.asked = False
        self.complete = False

    def as_json(self):
        return {"ok": not self.error, "error": self.error, "header": self.header,
                "row": [{"cell": row} for row in self.rows], "info": self.info, "asked": self.asked}


def only_reads(statement):
    words = statement.lower().replace("(", " ").split()
    return bool(words) and words[0] in ("select", "show", "script") and "into" not in words


class Client:
    """One login to a service. `within` is the longest time of a call in seconds."""

    def __init__(self, url, user, password, ca_file="", within=60.0):
        parts = urllib.parse.urlsplit(url)
        if parts.scheme not in ("http", "https"):
            raise NotImplementedError(f"the scheme {parts.scheme} is not supported")
        self.host, self.port, self.scheme = parts.hostname, parts.port, parts.scheme
        self.user, self.password, self.ca_file = user, password, ca_file
        self.within = within
        self.deadline = 0.0
        self.connection = None
        self.cookie = ""
        self.context = {"server_schema_version": -1}
        self.results = []  # of the statements so far, also of one that failed in the middle

    # ---- Connections -------------------------------------------------------------------------------

    def tls_context(self):
        return ssl.create_default_context(cafile=self.ca_file or None)

    def connect(self):
        timeout = self.remaining()
        if self.scheme == "https":
            self.connection = http.client.HTTPSConnection(
                self.host, self.port, timeout=timeout, context=self.tls_context())
        else:
            self.connection = http.client.HTTPConnection(self.host, self.port, timeout=timeout)
        try:
            self.connection.connect()
        except OSError as error:
            self.close()
            raise self.lost(error, nothing_sent=True) from error
        self.connection.sock.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)

    def close(self):
        if self.connection is not None:
            self.connection.close()
        self.connection = None

    def remaining(self):
        left = self.deadline - time.monotonic()
        if left <= 0:
            raise CallFailed(f"deadline_exceeded: no complete answer within {self.within} s")
        return left

    def lost(self, error, nothing_sent=False):
        if isinstance(error, TimeoutError):
            return CallFailed(f"deadline_exceeded: no complete answer within {self.within} s")
        if isinstance(error, ssl.SSLCertVerificationError):
            return CallFailed(f"failed_precondition: {error}")
        return ConnectionFailed(str(error) or type(error).__name__, nothing_sent)

    def is_stale(self):
        """Whether the server has closed the idle connection."""
        sock = self.connection.sock
        if sock is None:
            return True
        sock.settimeout(0)
        try:
            return sock.recv(1) == b"" or True
        except (BlockingIOError, ssl.SSLWantReadError):
            return False
        except OSError:
            return True

    def exchange(self, method, path, body, headers):
        if self.connection is not None and self.is_stale():
            self.close()
        if self.connection is None:
            self.connect()
        try:
            self.connection.sock.settimeout(self.remaining())
            self.connection.request(method, path, body, headers)
            return self.connection.getresponse()
        except (OSError, http.client.HTTPException) as error:
            self.close()
            raise self.lost(error) from error

    def read(self, response):
        """The next bytes of the body; empty at its end."""
        try:
            if self.connection is not None and self.connection.sock is not None:
                self.connection.sock.settimeout(self.remaining())
            data = response.read1(READ_BYTES)
        except (OSError, http.client.HTTPException, ValueError) as error:
            self.close()
            raise self.lost(error) from error
        if not data and response.length not in (None, 0):
            self.close()
            raise ConnectionFailed("the connection was closed in the body of the answer")
        if not data:
            response.close()  # read1() itself does not free the connection after a Content-Length
        return data

    # ---- Login -------------------------------------------------------------------------------------

    def begin(self):
        self.deadline = time.monotonic() + self.within
        self.login()

    def login(self):
        form = urllib.parse.urlencode({"username": self.user, "password": self.password})
        headers = {"Content-Type": "application/x-www-form-urlencoded", "Accept": "application/json",
                   "X-Requested-By": "ThoughtSpot"}
        response = self.repeated(lambda: self.checked("POST", LOGIN, form.encode(), headers), True)
        for value in response.headers.get_all("Set-Cookie", []):
            name, _, rest = value.partition("=")
            if name.strip() == "JSESSIONID":
                self.cookie = rest.partition(";")[0].strip()
        while self.read(response):
            pass
        if not self.cookie:
            raise CallFailed("internal: the answer to the login has no session")

    def checked(self, method, path, body, headers):
        """The response, if its status is one of success."""
        response = self.exchange(method, path, body, headers)
        if response.status // 100 == 2:
            return response
        text = b""
        while len(text) < READ_BYTES:
            data = self.read(response)
            if not data:
                break
            text += data
        self.close()
        pause = response.headers.get("Retry-After", "")
        reason = text.decode("utf-8", "replace").strip()
        kind = {401: "unauthenticated: ", 403: "permission_denied: "}.get(response.status, "")
        raise StatusError(response.status, kind + reason, float(pause) if pause.isdigit() else None)

    # ---- Statements --------------------------------------------------------------------------------

    def may_repeat(self, statement, failure):
        """Whether a call that failed may be sent again: it changes nothing, or it did not arrive."""
        return only_reads(statement) or getattr(failure, "nothing_sent", False)

    def is_temporary(self, failure):
        return isinstance(failure, ConnectionFailed) or getattr(failure, "status", 0) in (429, 503)

    def repeated(self, call, repeatable):
        for attempt in range(1, MOST_ATTEMPTS + 1):
            try:
                return call()
            except CallFailed as failure:
                again = repeatable or getattr(failure, "nothing_sent", False)
                if attempt == MOST_ATTEMPTS or not again or not self.is_temporary(failure):
                    raise
                pause = getattr(failure, "pause", None)
                self.wait(0.02 * attempt if pause is None else pause)
        raise AssertionError

    def wait(self, seconds):
        if seconds >= self.remaining():
            raise CallFailed(f"deadline_exceeded: the service asks for a pause of {seconds} s")
        time.sleep(seconds)

    def in_session(self, call):
        """Calls, and after a 401 logs in and calls once more."""
        try:
            return call()
        except StatusError as failure:
            if failure.status != 401:
                raise
        self.cookie = ""
        self.login()
        return call()

    def post(self, path, request, statement):
        def call():
            body = json.dumps(request).encode()
            headers = {"Content-Type": "application/json", "X-Requested-By": "ThoughtSpot",
                       "Cookie": "JSESSIONID=" + self.cookie}
            return self.checked("POST", path, body, headers)
        def attempt():
            return self.repeated(call, path == QUERY and self.may_repeat(statement, None))
        return self.in_session(attempt)

    def lines(self, response):
        """The lines of the body. Only a line feed ends a line."""
        rest = b""
        while True:
            data = self.read(response)
            if not data:
                break
            *whole, rest = (rest + data).split(b"\n")
            yield from whole
            if len(rest) > MOST_LINE_BYTES:
                raise CallFailed("resource_exhausted: the answer has a line that is too long")
        yield rest

    def parse(self, line):
        try:
            return json.loads(line.decode("utf-8"))
        except (UnicodeDecodeError, ValueError, RecursionError) as error:
            raise CallFailed(f"internal: a line of the answer is not JSON: {error}") from error

    def objects(self, response):
        for line in self.lines(response):
            if line.strip():
                answer = self.parse(line)
                if not isinstance(answer, dict):
                    raise CallFailed("internal: a line of the answer is not an object")
                yield answer

    def cell(self, cell):
        """The text of a cell, which some servers send as {"s": "text"}."""
        if isinstance(cell, dict):
            return next(iter(cell.values()), "")
        if cell is None:
            return "(null)"
        return cell if isinstance(cell, str) else json.dumps(cell)

    def add(self, answer, result):
        """Adds one line of the answer to the result."""
        content = answer.get("result") or {}
        self.take_context(content.get("final_context") or {})
        for question in content.get("interactive_question") or []:
            result.questions.append(question)
        table = content.get("table") or {}
        for column in table.get("headers") or []:
            kind = column.get("type") or "UNKNOWN"
            result.header.append(f"{column.get('name', '')} {kind}")
        for row in table.get("rows") or []:
            result.rows.append([self.cell(cell) for cell in row.get("v") or []])
        for message in content.get("message") or []:
            self.take_message(message.get("type", "INFO"), message.get("value", ""), result)
        if content.get("complete"):
            result.complete = True

    def take_message(self, kind, text, result):
        if kind in ("ERROR", 2):
            result.error = result.error or text.strip() or "the statement failed"
        else:
            result.info.append(text)

    def take_context(self, context):
        for name in ("database", "server_schema_version"):
            if context.get(name) is not None:
                self.context[name] = context[name]

    def query(self, statement, options, answers):
        self.deadline = time.monotonic() + self.within
        self.results.append(Result())
        given = []
        left = list(answers)
        while True:
            request = {"context": self.request_context(), "query": {"statement": statement}}
            if options:
                request["options"] = options
            if given:
                request["query"]["prompt_responses"] = self.sent_answers(given)
            result = self.results[-1]
            for answer in self.objects(self.post(QUERY, request, statement)):
                self.add(answer, result)
            if not result.questions:
                self.check_whole(result)
                return
            self.results[-1] = Result()
            self.results[-1].asked = True
            for question in result.questions:
                given.append({"question_id": question.get("question_id", ""),
                              "answer": self.choose(question, left)})
            if len(given) > MOST_QUESTIONS:
                raise CallFailed("resource_exhausted: the service asks too many questions")

    def as_results(self):
        return [result.as_json() for result in self.results]

    def request_context(self):
        return dict(self.context)

    def sent_answers(self, given):
        return given

    def choose(self, question, left):
        if not left:
            raise CallFailed("failed_precondition: the service asks: " + question.get("prompt", ""))
        answer = left.pop(0)
        if question.get("options") and answer not in question["options"]:
            raise CallFailed(f"invalid_argument: {answer} is not one of the permitted answers")
        return answer

    def check_whole(self, result):
        if not result.complete:
            raise CallFailed("data_loss: the answer ended before the statement was complete")

    def script(self, text, options):
        self.deadline = time.monotonic() + self.within
        request = {"context": self.request_context(), "script_type": 1, "script": text}
        if options:
            request["options"] = options
        ended = True
        for answer in self.objects(self.post(SCRIPT, request, text)):
            if ended:
                self.results.append(Result())
            self.add(answer, self.results[-1])
            ended = self.results[-1].complete
        if not self.results:
            self.results.append(Result())
        self.check_whole(self.results[-1])
