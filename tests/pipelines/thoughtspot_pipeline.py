"""The pipeline of ThoughtSpot's REST API: every endpoint of its page in dlt's documentation.

    thoughtspot_pipeline.py BASE_URL USER PASSWORD [FILE.sqlite]
"""

import sys
import urllib.parse
import urllib.request

import rest_source
import sqlite_destination

ONE_OBJECT = "$"  # otherwise the first list in the object is taken for the rows
BATCHES = {"type": "offset", "limit": 100, "limit_param": "batchsize", "total_path": None,
           "stop_after_empty_page": True}


class Session:
    """A login: what requests.Session is for dlt, which knows no login by cookie."""

    def __init__(self, base_url, user, password):
        form = urllib.parse.urlencode({"username": user, "password": password}).encode()
        request = urllib.request.Request(base_url + "/callosum/v1/tspublic/v1/session/login", form,
                                         {"X-Requested-By": "ThoughtSpot"})
        with urllib.request.urlopen(request) as response:
            cookies = response.headers.get_all("Set-Cookie") or []
        self.headers = {"Cookie": "; ".join(cookie.partition(";")[0] for cookie in cookies)}


def config(base_url, session):
    """The configuration for dlt.sources.rest_api, and for rest_source."""
    return {
        "client": {"base_url": base_url, "session": session,
                   "headers": {"X-Requested-By": "ThoughtSpot", "Accept": "application/json"}},
        "resources": [
            {"name": "metadata_listvizheaders", "endpoint": {"path": "tspublic/v1/metadata/listvizheaders"}},
            {"name": "users", "endpoint": {"path": "tspublic/v1/user/"}},
            {"name": "user_list", "endpoint": {"path": "tspublic/v1/user/list"}},
            {"name": "connection_list", "endpoint": {
                "path": "tspublic/v1/connection/list", "data_selector": "headers", "paginator": BATCHES}},
            {"name": "admin_configinfo", "endpoint": {
                "path": "tspublic/v1/admin/configinfo", "data_selector": ONE_OBJECT}},
            {"name": "logs_topics", "endpoint": {
                "path": "tspublic/v1/logs/topics/{topic}", "params": {"topic": "security_logs"}}},
            {"name": "session_info", "endpoint": {
                "path": "tspublic/v1/session/info", "data_selector": ONE_OBJECT}},
        ],
    }


def run(base_url, user, password, path=":memory:"):
    return sqlite_destination.load(rest_source.Source(config(base_url, Session(base_url, user, password))), path)


if __name__ == "__main__":
    loaded = run(*sys.argv[1:])
    for table in loaded.tables():
        print(table, loaded.query(f'select count(*) from "{table}"')[0][0])
    loaded.close()
