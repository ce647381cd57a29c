"""A client of the tsload service: the calls of a load cycle, without any knowledge of TQL."""

import json
import time
import urllib.parse

import harness
import wire

ROOT = "/ts_dataservice/v1/public"


def form(data, name="file", boundary="xYz"):
    """A multipart body with one part, and its headers."""
    body = (f'--{boundary}\r\nContent-Disposition: form-data; name="{name}"; filename="upload"\r\n'
            "Content-Type: application/octet-stream\r\n\r\n").encode() + data + \
        f"\r\n--{boundary}--\r\n".encode()
    return body, {"Content-Type": f"multipart/form-data; boundary={boundary}"}


class Loader:
    """A session of the tsload service."""

    def __init__(self, server, user=harness.USER, password=harness.PASSWORD):
        self.server = server
        login = server.exchange("POST", ROOT + "/session", {},
                                json.dumps({"username": user, "password": password}))
        if login.status != 200:
            raise AssertionError(f"login: {login.status} {login.text}")
        self.headers = {"Cookie": f"JSESSIONID={harness.session_cookie(login)}"}

    def call(self, method, path, body=b"", headers=()):
        return self.server.exchange(method, ROOT + path, {**self.headers, **dict(headers)}, body)

    def start(self, params=None, table="t", database="load"):
        """Starts a load; returns the cycle."""
        body = {"target": {"database": database, "table": table}, **(params or {})}
        response = self.call("POST", "/loads", json.dumps(body))
        if response.status != 202:
            raise AssertionError(f"start: {response.status} {response.text}")
        return response.json()["cycle_id"]

    def upload(self, cycle, data, headers=()):
        """Uploads as a form with one part."""
        body, form_headers = form(data)
        return self.call("POST", f"/loads/{cycle}", body, {**form_headers, **dict(headers)})

    def raw_upload(self, cycle, data, headers=()):
        return self.call("POST", f"/loads/{cycle}", data, headers)

    def commit(self, cycle, headers=()):
        return self.call("POST", f"/loads/{cycle}/commit", b"", headers)

    def status(self, cycle):
        response = self.call("GET", f"/loads/{urllib.parse.quote(cycle, safe='')}")
        if response.status != 200:
            raise AssertionError(f"status: {response.status} {response.text}")
        return response.json()

    def wait(self, cycle):
        """The status at the end of the load."""
        end = time.monotonic() + wire.PATIENCE
        while True:
            status = self.status(cycle)
            if status["internal_stage"] == "DONE":
                return status
            if time.monotonic() > end:
                raise AssertionError(f"the load does not end: {status}")

    def load(self, data, params=None, table="t", database="load"):
        """A whole load; returns its status."""
        cycle = self.start(params, table, database)
        for step in (self.upload(cycle, data), self.commit(cycle)):
            if step.status != 202:
                raise AssertionError(f"{step.status} {step.text}")
        return self.wait(cycle)
