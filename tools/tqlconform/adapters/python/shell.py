#!/usr/bin/env python3
"""A small shell, to be checked in shell depth with shell.yaml: executes the statements of standard input, one
a line, and prints the rows. Messages go to standard error. The exit status is 1 after a failure."""

import os
import sys

import tql_client


def main():
    url, user, within, ca_file = sys.argv[1:]
    client = tql_client.Client(url, user, os.environ["TQL_PASSWORD"], ca_file, float(within))
    failed = False
    try:
        client.begin()
        for statement in sys.stdin.read().splitlines():
            client.query(statement, {}, [])
    except tql_client.CallFailed as failure:
        print(f"error: {failure}", file=sys.stderr)
        failed = True
    finally:
        client.close()
    for result in client.results:
        for row in result.rows:
            print("|".join(row))
        for text in result.info:
            print(text, end="", file=sys.stderr)
        if result.error:
            print(f"error: {result.error}", file=sys.stderr)
            failed = True
    sys.exit(1 if failed else 0)


if __name__ == "__main__":
    main()
