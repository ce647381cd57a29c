#!/usr/bin/env python3
"""An adapter of full depth: reads a ClientRun a line on standard input, writes a ClientResult a line on
standard output. Standard library alone."""

import json
import sys

import tql_client

TEXTS = ("null_string", "separator", "format")


def option_value(path, text):
    """The JSON value of an option; those that are texts stay texts."""
    if path.rpartition(".")[2].endswith(TEXTS):
        return text
    if text in ("true", "false"):
        return text == "true"
    return int(text)


def options_of(run):
    options = {}
    for path, text in run.get("option", {}).items():
        *groups, name = path.split(".")
        group = options
        for part in groups:
            group = group.setdefault(part, {})
        group[name] = option_value(path, text)
    return options


def execute(run, make_client=tql_client.Client):
    try:
        client = make_client(run["url"], run["user"], run["password"], run.get("ca_file", ""),
                             run.get("within", 60.0))
    except NotImplementedError as error:
        return {"case": run["case"], "unsupported": str(error)}
    options = options_of(run)
    statements = run.get("statement", [])
    failure = ""
    try:
        client.begin()
        if run.get("how") == "script":
            client.script("\n".join(statements), options)
        else:
            for statement in statements:
                client.query(statement, options, run.get("answer", []))
    except tql_client.CallFailed as error:
        failure = str(error)
    finally:
        client.close()
    return {"case": run["case"], "failure": failure, "statement": client.as_results()}


def main(make_client=tql_client.Client):
    for line in sys.stdin:
        print(json.dumps(execute(json.loads(line), make_client)), flush=True)


if __name__ == "__main__":
    main()
