#!/usr/bin/env bash
# cpp-httplib decodes percent escapes in the values of HTTP headers, of requests and of responses.
#
# RFC 9110 gives percent escapes no meaning in field values: they belong to URLs. A server on
# cpp-httplib that signs, compares or logs a header sees another value than the client sent: an
# entity tag "a%20b" becomes "a b", and a value that was encoded once, as a cookie often is, arrives
# decoded, so that decoding it as usual decodes it twice. Python's http.client, against the same
# server, shows what was on the wire.
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
cat >server.cc <<'CC'
#define CPPHTTPLIB_OPENSSL_SUPPORT
#define CPPHTTPLIB_ZLIB_SUPPORT
#define CPPHTTPLIB_BROTLI_SUPPORT
#include <httplib.h>

#include <iostream>

int main() {
  httplib::Server server;
  server.Get("/", [](const httplib::Request& request, httplib::Response& response) {
    response.set_header("X-Seen", "[" + request.get_header_value("X-Tag") + "]");
    response.set_header("X-Sent", "a%20b");
  });
  std::cout << server.bind_to_any_port("127.0.0.1") << std::endl;
  server.listen_after_bind();
}
CC
cat >client.cc <<'CC'
#define CPPHTTPLIB_OPENSSL_SUPPORT
#define CPPHTTPLIB_ZLIB_SUPPORT
#define CPPHTTPLIB_BROTLI_SUPPORT
#include <httplib.h>

#include <iostream>

int main(int, char** argv) {
  httplib::Client client("127.0.0.1", std::atoi(argv[1]));
  const auto answer = client.Get("/", {{"X-Tag", "a%20b"}});
  std::cout << "httplib: the server saw " << answer->get_header_value("X-Seen")
            << ", the client saw [" << answer->get_header_value("X-Sent") << "]\n";
}
CC
library=$(dirname "$(find root -name 'libcpp-httplib.so.0.11*' | head -n 1)")
for program in server client; do
  g++ -std=c++17 -I root/usr/include "$program.cc" -o "$program" -L "$library" -Wl,-rpath,"$PWD/$library" \
    -l:"$(basename "$(find root -name 'libcpp-httplib.so.0.11' | head -n 1)")" -pthread
done
coproc ./server
trap 'kill "$COPROC_PID" 2>/dev/null || true; rm -rf "$folder"' EXIT
read -r port <&"${COPROC[0]}"
seen=$(
  ./client "$port"
  python3 - "$port" <<'PY'
import http.client
import sys
connection = http.client.HTTPConnection("127.0.0.1", int(sys.argv[1]))
connection.request("GET", "/", headers={"X-Tag": "a%20b"})
answer = connection.getresponse()
print(f"python: the server saw {answer.getheader('X-Seen')}, the client saw [{answer.getheader('X-Sent')}]")
PY
)
printf '%s\n' "$seen"
[[ $seen == "httplib: the server saw [a b], the client saw [a b]
python: the server saw [a b], the client saw [a%20b]" ]]
