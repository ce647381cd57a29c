"""A TQL service over HTTP with scripted responses, for tests of what the shell shows and asks."""

import http.server
import json
import threading

CONTEXT = {"schema": "falcon_default_schema", "database": "", "server_schema_version": "1"}


def line(**result):
    return {"result": {"final_context": CONTEXT, **result}}


def message(text, kind="INFO"):
    return {"type": kind, "value": text}


class FakeService:
    """`answers` maps a statement, without its semicolon, to a function of the request's body that
    gives the lines of the answer; a line that is an Event is waited for. `asked` has the bodies.
    `tokens` maps "static" and "dynamic" to words for completion, or to an Event to hang on."""

    def __init__(self, answers, tokens=None):
        self.answers = answers
        self.asked = []
        self.ending = threading.Event()
        service = self

        class Handler(http.server.BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"
            disable_nagle_algorithm = True

            def log_message(self, *_):
                pass

            def do_GET(self):
                words = (tokens or {}).get(self.path.rsplit("/", 1)[-1], [])
                if isinstance(words, threading.Event):
                    words.wait(60)
                    words = []
                data = json.dumps({"tokens": words}).encode()
                try:
                    self.send_response(200)
                    self.send_header("Content-Length", str(len(data)))
                    self.end_headers()
                    self.wfile.write(data)
                except OSError:  # as below
                    self.close_connection = True

            def do_POST(self):
                body = self.rfile.read(int(self.headers.get("Content-Length", 0)))
                if "/tql/query" not in self.path:
                    self.send_response(204)
                    self.send_header("Set-Cookie", "JSESSIONID=0123456789abcdef; Path=/")
                    self.end_headers()
                    return
                request = json.loads(body)
                service.asked.append(request)
                statement = request["query"]["statement"].rstrip("; ")
                self.send_response(200)
                self.send_header("Transfer-Encoding", "chunked")
                self.end_headers()
                try:
                    for answer in answers[statement](request):
                        if isinstance(answer, threading.Event):
                            answer.wait(60)
                            continue
                        data = json.dumps(answer).encode() + b"\n"
                        self.wfile.write(b"%x\r\n%s\r\n" % (len(data), data))
                    self.wfile.write(b"0\r\n\r\n")
                except OSError:  # the client has disconnected, as some tests require
                    self.close_connection = True

        self._server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self._server.daemon_threads = True
        self.url = "http://127.0.0.1:%d" % self._server.server_address[1]
        threading.Thread(target=self._server.serve_forever, daemon=True).start()

    def close(self):
        self.ending.set()
        self._server.shutdown()
        self._server.server_close()
