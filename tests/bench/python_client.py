"""A Python client like that of the service's vendor: the peer of `tql --format csv`.

Run as: python_client.py HTTP_URL DATABASE STATEMENT. User tsadmin, password in TQL_PASSWORD. It
logs in, posts the statement, reads the answer line by line, each through json, and prints the rows,
their cells joined by a bar, and messages on standard error. Standard library only.
"""
import http.client
import json
import os
import sys
import urllib.parse

HEADERS = {"X-Requested-By": "ThoughtSpot", "Accept": "application/json"}


def login(connection):
    """The headers of a session."""
    form = urllib.parse.urlencode({"username": "tsadmin",
                                   "password": os.environ.get("TQL_PASSWORD", "admin")})
    connection.request("POST", "/callosum/v1/session/login", form,
                       HEADERS | {"Content-Type": "application/x-www-form-urlencoded"})
    response = connection.getresponse()
    response.read()
    if response.status // 100 != 2:
        sys.exit(f"login: {response.status}")
    return HEADERS | {"Content-Type": "text/plain",
                      "Cookie": response.headers["Set-Cookie"].split(";")[0]}


def print_result(result):
    for row in result.get("table", {}).get("rows", []):
        print("|".join(row["v"]))
    for message in result.get("message", []):
        print(message["value"], file=sys.stderr, end="")
    return all(message["type"] != "ERROR" for message in result.get("message", []))


def main():
    url, database, statement = sys.argv[1:]
    connection = http.client.HTTPConnection(urllib.parse.urlsplit(url).netloc)
    headers = login(connection)
    body = {"context": {"database": database, "schema": "falcon_default_schema",
                        "server_schema_version": -1},
            "options": {"query_options": {"query_results_apply_top_row_count": 0,
                                          "pagination": {"size": 1000000000}}},
            "query": {"statement": statement}}
    connection.request("POST", "/ts_dataservice/v1/public/tql/query", json.dumps(body), headers)
    fine = True
    for line in connection.getresponse():
        fine = print_result(json.loads(line)["result"]) and fine
    sys.exit(not fine)


if __name__ == "__main__":
    main()
