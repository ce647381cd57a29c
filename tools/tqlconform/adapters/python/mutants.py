#!/usr/bin/env python3
"""Clients with one fault each, to test the cases for clients: an adapter of full depth like full.py, whose
client has the fault that the environment variable TQLCONFORM_MUTANT names. `mutants.py --list` prints
the names. Without the variable the client has no fault."""

import http.client
import json
import os
import ssl
import sys
import time

import full
import tql_client
from tql_client import CallFailed, Client, StatusError

MUTANTS = {}


def mutant(name):
    def register(kind):
        MUTANTS[name] = kind
        return kind
    return register


# ---- Framing -------------------------------------------------------------------------------------------

@mutant("read-is-a-line")
class _(Client):
    def lines(self, response):
        while data := self.read(response):
            yield data


@mutant("utf8-split")
class _(Client):
    def lines(self, response):
        text = ""
        while data := self.read(response):
            text += data.decode("utf-8", "replace")
        yield from (line.encode() for line in text.split("\n"))


@mutant("unicode-line-ends")
class _(Client):
    def lines(self, response):
        for line in super().lines(response):
            yield from (part.encode() for part in line.decode().splitlines())


@mutant("last-line-needs-line-end")
class _(Client):
    def lines(self, response):
        held = None
        for line in super().lines(response):
            if held is not None:
                yield held
            held = line


@mutant("blank-line-fatal")
class _(Client):
    def objects(self, response):
        *lines, last = self.lines(response)
        for line in lines + ([last] if last else []):
            yield self.parse(line)


@mutant("first-line-only")
class _(Client):
    def objects(self, response):
        for answer in super().objects(response):
            yield answer
            while self.read(response):
                pass
            return


@mutant("short-lines-only")
class _(Client):
    def lines(self, response):
        return (line[:65536] for line in super().lines(response))


@mutant("small-chunks-only")
class _(Client):
    def read(self, response):
        data = super().read(response)
        return data[:512]


@mutant("length-required")
class _(Client):
    def exchange(self, method, path, body, headers):
        response = super().exchange(method, path, body, headers)
        if path != tql_client.LOGIN and response.getheader("Content-Length") is None and \
                not response.chunked:
            raise CallFailed("internal: the answer has neither a length nor chunks")
        return response


@mutant("chunks-required")
class _(Client):
    def exchange(self, method, path, body, headers):
        response = super().exchange(method, path, body, headers)
        if path != tql_client.LOGIN and response.status == 200 and not response.chunked:
            raise CallFailed("internal: the answer has no chunks")
        return response


@mutant("header-names-by-case")
class _(Client):
    def exchange(self, method, path, body, headers):
        response = super().exchange(method, path, body, headers)
        if path == tql_client.LOGIN and "Set-Cookie" not in response.headers.keys():
            raise CallFailed("internal: the answer to the login has no session")
        return response


@mutant("content-type-checked")
class _(Client):
    def exchange(self, method, path, body, headers):
        response = super().exchange(method, path, body, headers)
        if path != tql_client.LOGIN and response.status == 200 and \
                response.getheader("Content-Type") != "application/octet-stream":
            raise CallFailed("internal: the answer has another content type")
        return response


# ---- Shapes --------------------------------------------------------------------------------------------

@mutant("unknown-field-fatal")
class _(Client):
    def add(self, answer, result):
        known = {"final_context", "interactive_question", "progress", "table", "message", "complete"}
        unknown = set(answer.get("result") or {}) - known
        if unknown or set(answer) - {"request", "script_complete", "result"}:
            raise CallFailed("internal: unknown fields")
        super().add(answer, result)


@mutant("unknown-type-fatal")
class _(Client):
    def add(self, answer, result):
        known = "UNKNOWN VARCHAR DOUBLE FLOAT BOOL INT DATETIME DATE TIME BIGINT".split()
        for column in ((answer.get("result") or {}).get("table") or {}).get("headers") or []:
            if column.get("type", "UNKNOWN") not in known:
                raise CallFailed("internal: unknown type")
        super().add(answer, result)


@mutant("null-fatal")
class _(Client):
    def add(self, answer, result):
        content = answer.get("result", {})
        if content is None or any(value is None for value in content.values()):
            raise CallFailed("internal: a null")
        super().add(answer, result)


@mutant("result-required")
class _(Client):
    def add(self, answer, result):
        if "result" not in answer:
            raise CallFailed("internal: no result")
        super().add(answer, result)


@mutant("enum-numbers-unknown")
class _(Client):
    def take_message(self, kind, text, result):
        super().take_message("INFO" if isinstance(kind, int) else kind, text, result)


@mutant("unknown-severity-fatal")
class _(Client):
    def take_message(self, kind, text, result):
        super().take_message(kind if kind in ("INFO", "WARNING") else "ERROR", text, result)


@mutant("error-ignored")
class _(Client):
    def take_message(self, kind, text, result):
        result.info.append(text)


@mutant("warning-is-an-error")
class _(Client):
    def take_message(self, kind, text, result):
        super().take_message("ERROR" if kind == "WARNING" else kind, text, result)


@mutant("first-message-only")
class _(Client):
    def take_message(self, kind, text, result):
        if not result.info or kind == "ERROR":
            super().take_message(kind, text, result)


@mutant("keys-in-order")
class _(Client):
    def add(self, answer, result):
        keys = list(answer.get("result") or {})
        if "complete" in keys and keys[-1] != "complete":
            raise CallFailed("internal: fields after complete")
        super().add(answer, result)


@mutant("empty-cells-dropped")
class _(Client):
    def add(self, answer, result):
        super().add(answer, result)
        result.rows = [[cell for cell in row if cell != ""] for row in result.rows]


@mutant("success-by-text")
class _(Client):
    def check_whole(self, result):
        super().check_whole(result)
        if not result.error and not any("Statement executed" in text for text in result.info):
            raise CallFailed("internal: no text of success")


@mutant("type-required")
class _(Client):
    def add(self, answer, result):
        for column in ((answer.get("result") or {}).get("table") or {}).get("headers") or []:
            if "type" not in column:
                raise CallFailed("internal: a column has no type")
        super().add(answer, result)


@mutant("rows-required")
class _(Client):
    def add(self, answer, result):
        table = (answer.get("result") or {}).get("table")
        if table and not table.get("rows"):
            raise CallFailed("internal: a table has no rows")
        super().add(answer, result)


@mutant("compact-json-only")
class _(Client):
    def parse(self, line):
        if not line.startswith(b'{"'):
            raise CallFailed("internal: a line does not begin with a key")
        return super().parse(line)


@mutant("number-cells-fatal")
class _(Client):
    def cell(self, cell):
        if not isinstance(cell, str):
            raise CallFailed("internal: a cell is not a string")
        return cell


# ---- Truncation ----------------------------------------------------------------------------------------

@mutant("complete-ignored")
class _(Client):
    def check_whole(self, result):
        pass


@mutant("cut-taken-for-whole")
class _(Client):
    def read(self, response):
        try:
            return super().read(response)
        except tql_client.ConnectionFailed:
            return b""

    def check_whole(self, result):
        pass

    def parse(self, line):
        try:
            return super().parse(line)
        except CallFailed:
            return {}


@mutant("rows-after-error-hide-it")
class _(Client):
    def as_results(self):
        for result in self.results:
            if result.rows:
                result.error = ""
        return super().as_results()


@mutant("last-row-dropped")
class _(Client):
    def as_results(self):
        for result in self.results:
            del result.rows[-1:]
        return super().as_results()


@mutant("bad-json-skipped")
class _(Client):
    def parse(self, line):
        try:
            return super().parse(line)
        except CallFailed:
            return {}


@mutant("invalid-utf8-replaced")
class _(Client):
    def parse(self, line):
        return super().parse(line.decode("utf-8", "replace").encode())


@mutant("any-status-is-success")
class _(Client):
    def checked(self, method, path, body, headers):
        return self.exchange(method, path, body, headers)

    def parse(self, line):
        try:
            return super().parse(line)
        except CallFailed:
            return {"result": {"complete": True}}


# ---- Faults and sessions -------------------------------------------------------------------------------

@mutant("insert-sent-again")
class _(Client):
    def may_repeat(self, statement, failure):
        return True


@mutant("select-into-sent-again")
class _(Client):
    def may_repeat(self, statement, failure):
        return statement.lower().startswith("select")


@mutant("never-repeats")
class _(Client):
    def may_repeat(self, statement, failure):
        return False


@mutant("repeats-without-end")
class _(Client):
    def repeated(self, call, repeatable):
        while True:
            try:
                return call()
            except CallFailed as failure:
                if not repeatable or not self.is_temporary(failure):
                    raise
                time.sleep(min(0.02, self.remaining()))


@mutant("repeats-every-status")
class _(Client):
    def is_temporary(self, failure):
        return True


@mutant("insert-sent-again-500")
class _(Client):
    def is_temporary(self, failure):
        return super().is_temporary(failure) or getattr(failure, "status", 0) == 500

    def may_repeat(self, statement, failure):
        return True


@mutant("logins-not-repeated")
class _(Client):
    def repeated(self, call, repeatable):
        return super().repeated(call, repeatable and self.cookie != "")


@mutant("stops-after-an-error")
class _(Client):
    def query(self, statement, options, answers):
        super().query(statement, options, answers)
        if self.results[-1].error:
            raise CallFailed("aborted: a statement failed")


@mutant("script-sent-again")
class _(Client):
    def post(self, path, request, statement):
        try:
            return super().post(path, request, statement)
        except CallFailed:
            if path != tql_client.SCRIPT:
                raise
            return super().post(path, request, statement)


@mutant("stale-connection-used")
class _(Client):
    def is_stale(self):
        return False


@mutant("redirect-followed")
class _(Client):
    def exchange(self, method, path, body, headers):
        response = super().exchange(method, path, body, headers)
        target = response.getheader("Location")
        if response.status // 100 == 3 and target:
            self.close()
            return super().exchange(method, target, body, headers)
        return response


@mutant("no-new-login")
class _(Client):
    def in_session(self, call):
        return call()


@mutant("logs-in-for-ever")
class _(Client):
    def in_session(self, call):
        while True:
            try:
                return call()
            except StatusError as failure:
                if failure.status != 401:
                    raise
            self.login()
            self.remaining()


@mutant("new-login-on-403")
class _(Client):
    def in_session(self, call):
        try:
            return call()
        except StatusError as failure:
            if failure.status not in (401, 403):
                raise
        self.login()
        return call()


@mutant("new-login-loses-context")
class _(Client):
    request = {}

    def login(self):
        self.context = self.request["context"] = {"server_schema_version": -1}
        super().login()

    def post(self, path, request, statement):
        self.request = request
        return super().post(path, request, statement)


@mutant("statement-lost-by-new-login")
class _(Client):
    def in_session(self, call):
        try:
            return call()
        except StatusError as failure:
            if failure.status != 401:
                raise
        self.login()
        raise CallFailed("unauthenticated: the session had ended; try again")


@mutant("login-for-each-statement")
class _(Client):
    def query(self, statement, options, answers):
        self.deadline = time.monotonic() + self.within
        self.login()
        super().query(statement, options, answers)


@mutant("login-failure-ignored")
class _(Client):
    def begin(self):
        try:
            super().begin()
        except CallFailed:
            pass

    def in_session(self, call):
        return call()


@mutant("password-not-encoded")
class _(Client):
    def begin(self):
        self.password = self.password.replace("+", " ").partition("&")[0]
        super().begin()


@mutant("first-cookie-only")
class _(Client):
    def exchange(self, method, path, body, headers):
        response = super().exchange(method, path, body, headers)
        cookies = response.headers.get_all("Set-Cookie", [])
        del response.headers["Set-Cookie"]
        for cookie in cookies[:1]:
            response.headers["Set-Cookie"] = cookie
        return response


# ---- Questions, progress -------------------------------------------------------------------------------

@mutant("answers-forgotten")
class _(Client):
    def sent_answers(self, given):
        return given[-1:]


@mutant("says-yes-to-everything")
class _(Client):
    def choose(self, question, left):
        return "yes"


@mutant("any-answer-sent")
class _(Client):
    def choose(self, question, left):
        return super().choose(dict(question, options=[]), left)


@mutant("answers-without-ids")
class _(Client):
    def sent_answers(self, given):
        return [{"answer": answer["answer"]} for answer in given]


@mutant("question-taken-for-success")
class _(Client):
    def add(self, answer, result):
        super().add(answer, result)
        if result.questions:
            result.questions = []
            result.complete = True


@mutant("one-question-only")
class _(Client):
    def choose(self, question, left):
        if len(left) < self.answers_at_first:
            raise CallFailed("unimplemented: a second question")
        return super().choose(question, left)

    def query(self, statement, options, answers):
        self.answers_at_first = len(answers)
        super().query(statement, options, answers)


@mutant("first-question-of-a-line-only")
class _(Client):
    def add(self, answer, result):
        super().add(answer, result)
        del result.questions[1:]


@mutant("answers-kept-for-the-next-statement")
class _(Client):
    kept = ()

    def sent_answers(self, given):
        self.kept = list(given)
        return given

    def post(self, path, request, statement):
        if self.kept and "prompt_responses" not in request.get("query", {"prompt_responses": 1}):
            request["query"]["prompt_responses"] = self.kept
        return super().post(path, request, statement)


@mutant("options-lost-with-an-answer")
class _(Client):
    def post(self, path, request, statement):
        if "prompt_responses" in request.get("query", {}):
            request.pop("options", None)
        return super().post(path, request, statement)


@mutant("progress-is-the-end")
class _(Client):
    def add(self, answer, result):
        super().add(answer, result)
        if (answer.get("result") or {}).get("progress"):
            result.complete = True

    def objects(self, response):
        for answer in super().objects(response):
            yield answer
            if (answer.get("result") or {}).get("progress"):
                self.close()
                return


@mutant("progress-needs-details")
class _(Client):
    def add(self, answer, result):
        for stage in (answer.get("result") or {}).get("progress") or []:
            if "details" not in stage:
                raise CallFailed("internal: a stage has no details")
        super().add(answer, result)


# ---- Context, numbers, texts ---------------------------------------------------------------------------

@mutant("context-ignored")
class _(Client):
    def take_context(self, context):
        pass


@mutant("context-forgotten-when-not-sent")
class _(Client):
    def take_context(self, context):
        self.context.pop("database", None)
        super().take_context(context)


@mutant("version-as-double")
class _(Client):
    def take_context(self, context):
        super().take_context(context)
        self.context["server_schema_version"] = \
            int(float(self.context.get("server_schema_version", -1)))


@mutant("big-integers-mangled")
class _(Client):
    def cell(self, cell):
        text = super().cell(cell)
        return str(int(float(text))) if text.lstrip("-").isdigit() and len(text) > 15 else text


@mutant("doubles-reformatted")
class _(Client):
    def cell(self, cell):
        text = super().cell(cell)
        return repr(float(text)) if text.count(".") == 1 and text.replace(".", "").isdigit() else text


@mutant("ascii-only")
class _(Client):
    def cell(self, cell):
        return super().cell(cell).encode("ascii", "replace").decode()


@mutant("no-astral-planes")
class _(Client):
    def cell(self, cell):
        return "".join(c if ord(c) < 0x10000 else "\ufffd\ufffd" for c in super().cell(cell))


@mutant("cells-trimmed")
class _(Client):
    def cell(self, cell):
        return super().cell(cell).strip()


@mutant("texts-end-at-nul")
class _(Client):
    def take_message(self, kind, text, result):
        super().take_message(kind, text.partition("\0")[0], result)


@mutant("normalizes-unicode")
class _(Client):
    def cell(self, cell):
        import unicodedata
        return unicodedata.normalize("NFC", super().cell(cell))


@mutant("statement-in-latin1")
class _(Client):
    def query(self, statement, options, answers):
        super().query(statement.encode("latin-1", "replace").decode("latin-1"), options, answers)


@mutant("statement-trimmed")
class _(Client):
    def query(self, statement, options, answers):
        super().query(" ".join(statement.split()), options, answers)


@mutant("options-dropped")
class _(Client):
    def post(self, path, request, statement):
        request.pop("options", None)
        return super().post(path, request, statement)


@mutant("script-as-queries")
class _(Client):
    def script(self, text, options):
        for statement in text.split("\n"):
            self.query(statement, options, [])


@mutant("columns-by-name")
class _(Client):
    def add(self, answer, result):
        super().add(answer, result)
        names = [column.partition(" ")[0] for column in result.header]
        keep = [i for i, name in enumerate(names) if name not in names[i + 1:]]
        if len(keep) < len(names):
            result.rows = [[row[i] for i in keep] for row in result.rows]
            result.header = [result.header[i] for i in keep]


# ---- TLS, time -----------------------------------------------------------------------------------------

@mutant("certificate-not-checked")
class _(Client):
    def tls_context(self):
        return ssl._create_unverified_context()


@mutant("host-name-not-checked")
class _(Client):
    def tls_context(self):
        context = super().tls_context()
        context.check_hostname = False
        return context


@mutant("system-authorities-not-replaced")
class _(Client):
    def tls_context(self):
        return ssl.create_default_context()


@mutant("falls-back-to-plain-http")
class _(Client):
    def connect(self):
        try:
            super().connect()
        except CallFailed:
            self.connection = http.client.HTTPConnection(self.host, self.port,
                                                         timeout=self.remaining())
            self.connection.connect()


@mutant("no-time-limit")
class _(Client):
    def remaining(self):
        return None


@mutant("time-limit-for-each-read")
class _(Client):
    def remaining(self):
        return self.within


@mutant("waits-as-long-as-asked")
class _(Client):
    def wait(self, seconds):
        time.sleep(seconds)


@mutant("time-limit-taken-for-end")
class _(Client):
    def read(self, response):
        try:
            return super().read(response)
        except CallFailed as failure:
            if "deadline" not in str(failure):
                raise
            return b""

    def parse(self, line):
        try:
            return super().parse(line)
        except CallFailed:
            return {}

    def check_whole(self, result):
        pass


def main():
    if sys.argv[1:] == ["--list"]:
        print("\n".join(MUTANTS))
        return
    name = os.environ.get("TQLCONFORM_MUTANT", "")
    if name and name not in MUTANTS:
        sys.exit(f"mutants.py: TQLCONFORM_MUTANT: {name!r} is not one of those that --list prints")
    full.main(MUTANTS.get(name, Client))


if __name__ == "__main__":
    main()
