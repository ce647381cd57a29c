"""The pipeline of Thena: every endpoint of its page in dlt's documentation.

    thena_pipeline.py BASE_URL TOKEN [FILE.sqlite]
"""

import sys

import rest_source
import sqlite_destination


def config(base_url, token):
    """The configuration for dlt.sources.rest_api, and for rest_source."""
    return {
        "client": {"base_url": base_url, "auth": {"type": "bearer", "token": token}},
        "resources": [
            {"name": "requests", "endpoint": {
                "path": "requests", "data_selector": "data.results", "paginator": CURSOR}},
            {"name": "v3_requests", "endpoint": {
                "path": "requests/v3", "data_selector": "data.results", "paginator": CURSOR}},
            {"name": "users", "endpoint": {"path": "users", "data_selector": "data"}},
            {"name": "user", "include_from_parent": ["name"], "endpoint": {
                "path": "users/{resources.users.id}", "data_selector": "data"}},
            {"name": "custom_fields", "endpoint": {"path": "requests/custom-fields", "data_selector": "data"}},
            {"name": "sub_statuses", "endpoint": {"path": "requests/sub-status"}},
        ],
    }


# The server takes the cursor as `next_cursor`. Without this, dlt finds it and sends it as `cursor`.
CURSOR = {"type": "cursor", "cursor_path": "data.next_cursor", "cursor_param": "next_cursor"}


def run(base_url, token, path=":memory:"):
    return sqlite_destination.load(rest_source.Source(config(base_url, token)), path)


if __name__ == "__main__":
    loaded = run(*sys.argv[1:])
    for table in loaded.tables():
        print(table, loaded.query(f'select count(*) from "{table}"')[0][0])
    loaded.close()
