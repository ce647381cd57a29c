#!/usr/bin/env python3
"""A loader that prints nothing, to be checked in wire depth: executes the statements of $TQL_STATEMENTS.
  tqlconform client --adapter wire -- python3 wire.py"""

import os
import sys

import tql_client


def main():
    environment = os.environ
    client = tql_client.Client(environment["TQL_URL"], environment["TQL_USER"],
                               environment["TQL_PASSWORD"], environment.get("TQL_CACERT", ""),
                               float(environment.get("TQL_TIMEOUT", "60")))
    try:
        client.begin()
        if environment.get("TQL_HOW") == "script":
            client.script(environment["TQL_STATEMENTS"], {})
        else:
            for statement in environment["TQL_STATEMENTS"].splitlines():
                client.query(statement, {}, [])
    except tql_client.CallFailed as failure:
        sys.exit(str(failure))
    finally:
        client.close()


if __name__ == "__main__":
    main()
