#!/usr/bin/env bash
# cpp-httplib's client fails a whole response when a chunked body is followed by trailer fields.
#
# RFC 9112, section 7.1.2, permits fields after the last chunk; a recipient may discard them. The client
# reads the body, expects an empty line and reports Error::Read instead of a response. Python's
# http.client and curl read the same bytes and give the body.
#
# Seen with Debian 12's libcpp-httplib 0.11.4+ds-1+deb12u1. Ends with 1 if the behaviour is another.
# Needs apt-get, dpkg-deb, g++ and python3; installs nothing outside a temporary folder.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
version=0.11.4+ds-1+deb12u1
apt-get download -qq "libcpp-httplib-dev=$version" "libcpp-httplib0.11=$version" >/dev/null
for package in *.deb; do dpkg-deb -x "$package" root; done
cat >client.cc <<'CC'
#define CPPHTTPLIB_OPENSSL_SUPPORT
#define CPPHTTPLIB_ZLIB_SUPPORT
#define CPPHTTPLIB_BROTLI_SUPPORT
#include <httplib.h>

#include <iostream>

int main(int, char** argv) {
  httplib::Client client("127.0.0.1", std::atoi(argv[1]));
  const auto answer = client.Get(argv[2]);
  std::cout << (answer ? answer->body : "error " + httplib::to_string(answer.error())) << "\n";
}
CC
cat >server.py <<'PY'
import http.server


class Handler(http.server.BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    def do_GET(self):
        self.send_response(200)
        self.send_header("Transfer-Encoding", "chunked")
        self.end_headers()
        trailer = b"X-Rows: 1\r\n" if self.path == "/trailer" else b""
        self.wfile.write(b"4\r\nbody\r\n0\r\n" + trailer + b"\r\n")

    def log_message(self, *_):
        pass


server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler)
print(server.server_port, flush=True)
server.serve_forever()
PY
library=$(dirname "$(find root -name 'libcpp-httplib.so.0.11*' | head -n 1)")
g++ -std=c++17 -I root/usr/include client.cc -o client -L "$library" -Wl,-rpath,"$PWD/$library" \
  -l:"$(basename "$(find root -name 'libcpp-httplib.so.0.11' | head -n 1)")" -pthread
coproc python3 server.py
trap 'kill "$COPROC_PID" 2>/dev/null || true; rm -rf "$folder"' EXIT
read -r port <&"${COPROC[0]}"
seen=$(
  for path in /plain /trailer; do
    echo "httplib $path: $(./client "$port" "$path")"
    echo "python $path: $(python3 -c "
import urllib.request
print(urllib.request.urlopen('http://127.0.0.1:$port$path').read().decode())")"
  done
)
printf '%s\n' "$seen"
[[ $seen == "httplib /plain: body
python /plain: body
httplib /trailer: error Read
python /trailer: body" ]]
