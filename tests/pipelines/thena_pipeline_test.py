"""Loads every endpoint of Thena from tqlmockd, as dlt's rest_api source would; the rows are those of the world."""

import copy
import json
import tempfile
import urllib.request

import harness
import rest_source
import sqlite_destination
import thena_pipeline

TOKEN = "thena-test-token"


def object_id(kind, number):
    return f"65a0f000000000000{kind:04x}{number:03x}"


USERS = [
    {"id": object_id(0xA, 1), "created_at": "2024-01-02T08:00:00.000Z", "updated_at": "2024-01-02T08:00:00.000Z",
     "name": "Ann Adams", "slack_id": "U1", "slack_name": "ann", "slack_team_id": "T1",
     "slack_tz": "America/Los_Angeles", "slack_tz_label": "Pacific Standard Time", "slack_tz_offset": -28800,
     "slack_profile_email": "ann@example.com", "slack_profile_title": "Engineer",
     "slack_profile_image_24": "https://example.com/24.png", "slack_profile_real_name": "Ann Adams",
     "slack_profile_display_name": "Ann", "slack_profile_image_original": "https://example.com/o.png"},
    {"id": object_id(0xA, 2), "created_at": "2024-01-03T08:00:00.250Z", "updated_at": "2024-01-04T08:00:00.000Z",
     "name": "久美子 \"<b>\"", "slack_id": "U2", "slack_tz_offset": 32400},
]
CUSTOM_FIELDS = [
    {"id": object_id(0xC, 1), "created_at": "2024-01-01T00:00:00.000Z", "updated_at": "2024-01-01T00:00:00.000Z",
     "name": "Team", "type": "single_select", "description": "d", "required": True,
     "options": [{"id": "1", "value": "Core"}, {"id": "2", "value": "Web"}]},
    {"id": object_id(0xC, 2), "created_at": "2024-01-02T00:00:00.000Z", "updated_at": "2024-01-02T00:00:00.000Z",
     "name": "Note", "type": "text"},
]
SUB_STATUSES = [
    {"id": object_id(0xD, n), "created_at": f"2024-01-0{n}T00:00:00.000Z", "updated_at": f"2024-01-0{n}T00:00:00.000Z",
     "name": name, "parent_status": "OPEN", "is_default": n == 1, "installation_id": object_id(0xE, 1)}
    for n, name in ((1, "New"), (2, "Waiting"))]
FULL = {
    "id": object_id(0xB, 1), "created_at": "2024-01-09T22:27:40.000Z", "updated_at": "2024-01-10T08:00:00.000Z",
    "status": "OPEN", "sub_status": object_id(0xD, 2), "source": "AI", "original_message_ts": "1704839260.123459",
    "original_message_text": "Login is broken:\n\"error 7\"", "original_message_source": "SLACK",
    "sla_metrics": {"first_response_sla": {"is_valid": True, "evaluated_state": "MET", "is_breached": False},
                    "resolution_sla": {"is_valid": False, "evaluated_state": "NONE", "is_breached": False}},
    "first_response_time": {"ts": "1704839300.000100", "actual_time": 40, "time_in_working_hours": 9007199254740993},
    "ai_metadata": {"title": "Login", "summary": "s", "tags": ["auth", "login"], "userDefinedTags": ["vip"],
                    "urgency": "High", "urgencySource": "AI", "sentiment": "Negative", "actionable": True,
                    "updatedOn": "2024-01-09T22:28:00.000Z"},
    "custom_fields": [
        {"category_name": "Triage", "manual": False,
         "values": [{"name": "Team", "value": "Core"}, {"name": "Product", "value": "Web"}]},
        {"category_name": "Billing", "manual": True, "values": [{"name": "Plan", "value": "Gold"}]}],
}
PLAIN = {"id": object_id(0xB, 2), "created_at": "2024-01-11T00:00:00.000Z", "updated_at": "2024-01-11T00:00:00.000Z",
         "status": "CLOSED", "source": "MANUAL", "original_message_text": "mail", "original_message_source": "EMAIL"}
WORLD = {"user": USERS, "custom_field": CUSTOM_FIELDS, "sub_status": SUB_STATUSES, "request": [FULL, PLAIN]}
GENERATED = {**WORLD, "generate": {"requests": 250, "users": 5}}
SLA = {"is_valid", "evaluated_state", "is_breached"}


class ThenaPipelineTest(harness.unittest.TestCase):
    maxDiff = None

    def serve(self, world, *flags):
        """A server of this world, and the URL of its API."""
        with tempfile.NamedTemporaryFile("w", suffix=".json") as file:
            json.dump({"thena": world}, file)
            file.flush()
            server = harness.Server("--thena", "127.0.0.1:0", "--world", file.name, *flags)
        self.addCleanup(lambda: self.assertEqual(0, server.stop()[0], server.log()))
        return server, server.ready["thena"] + "/rest/v2"

    def run_pipeline(self, url, token=TOKEN, change=lambda config: None, **options):
        """Loads with the configuration of the pipeline after `change`."""
        config = copy.deepcopy(thena_pipeline.config(url, token))
        change(config)
        self.source = rest_source.Source(config, **options)
        self.addCleanup(self.source.client.close)
        destination = sqlite_destination.Destination()
        self.addCleanup(destination.close)
        destination.load(self.source.rows())
        return destination

    def paths(self, url):
        return [path.removeprefix(url) for path in self.source.client.requests]

    def without(self, row, *names):
        return {name: value for name, value in row.items() if name not in names}

    def flat(self, row):
        """The columns of an object without lists."""
        values, lists = {}, []
        for key, value in row.items():
            if isinstance(value, dict):
                for name, inner in self.flat(value).items():
                    values[sqlite_destination.snake_case(key) + "__" + name] = inner
            elif not isinstance(value, list):
                values[sqlite_destination.snake_case(key)] = value
        return values

    def test_tables_and_rows(self):
        _, url = self.serve(WORLD)
        loaded = self.run_pipeline(url)
        self.assertEqual(
            ["custom_fields", "custom_fields__options",
             "requests", "requests__ai_metadata__tags", "requests__ai_metadata__user_defined_tags",
             "requests__custom_fields", "requests__custom_fields__values",
             "sub_statuses", "user", "users",
             "v3_requests", "v3_requests__ai_metadata__tags", "v3_requests__ai_metadata__user_defined_tags",
             "v3_requests__custom_fields", "v3_requests__custom_fields__values"], loaded.tables())
        self.assertEqual([self.flat(FULL), self.flat(PLAIN)], loaded.rows("requests"))
        self.assertEqual(USERS, loaded.rows("users"))
        self.assertEqual([{**user, "_users_name": user["name"]} for user in USERS], loaded.rows("user"))
        self.assertEqual([{**self.without(CUSTOM_FIELDS[0], "options"), "required": 1},
                          {**CUSTOM_FIELDS[1], "required": 0}], loaded.rows("custom_fields"))
        self.assertEqual(CUSTOM_FIELDS[0]["options"], loaded.rows("custom_fields__options"))
        self.assertEqual(SUB_STATUSES, loaded.rows("sub_statuses"))

    def test_lists_in_requests(self):
        _, url = self.serve(WORLD)
        loaded = self.run_pipeline(url)
        for name in ("requests", "v3_requests"):
            self.assertEqual([{"value": "auth"}, {"value": "login"}], loaded.rows(f"{name}__ai_metadata__tags"))
            self.assertEqual([{"value": "vip"}], loaded.rows(f"{name}__ai_metadata__user_defined_tags"))
            self.assertEqual(
                [(FULL["id"], 0, "Triage", "Team", "Core"), (FULL["id"], 0, "Triage", "Product", "Web"),
                 (FULL["id"], 1, "Billing", "Plan", "Gold")],
                loaded.query(f"select r.id, c._dlt_list_idx, c.category_name, v.name, v.value from {name} r "
                             f"join {name}__custom_fields c on c._dlt_parent_id = r._dlt_id "
                             f"join {name}__custom_fields__values v on v._dlt_parent_id = c._dlt_id "
                             "order by c._dlt_list_idx, v._dlt_list_idx"))

    def test_columns(self):
        _, url = self.serve({**WORLD, "request": [self.without(FULL, "sub_status"), PLAIN]})
        loaded = self.run_pipeline(url)
        columns = loaded.columns("requests")
        self.assertNotIn("sub_status", columns, "a column of nulls is not made")
        self.assertLessEqual({f"sla_metrics__{sla}__{field}" for sla in ("first_response_sla", "resolution_sla")
                              for field in SLA}, columns)
        self.assertLessEqual({"ai_metadata__updated_on", "ai_metadata__urgency_source", "first_response_time__ts",
                              "ai_metadata__title"}, columns)
        self.assertEqual([("text",)], loaded.query("select distinct typeof(original_message_ts) from requests "
                                                   "where original_message_ts is not null"))
        self.assertEqual([("integer",)], loaded.query("select distinct typeof(slack_tz_offset) from users"))

    def test_pages_of_requests(self):
        _, url = self.serve(GENERATED)
        loaded = self.run_pipeline(url)
        ids = [row["id"] for row in loaded.rows("requests")]
        self.assertEqual((252, 252), (len(ids), len(set(ids))))
        self.assertEqual([FULL["id"], PLAIN["id"]], ids[-2:])
        self.assertEqual(ids, [row["id"] for row in loaded.rows("v3_requests")])
        times = [row["created_at"] for row in loaded.rows("requests")]
        self.assertEqual(sorted(times), times, "oldest first")
        self.assertEqual(7, loaded.query("select count(*) from users")[0][0])
        self.assertEqual([], loaded.query("select original_message_user_id from requests "
                                          "where original_message_user_id not in (select id from users)"))
        paths = self.paths(url)
        pages = [path.partition("?")[0] for path in paths if path.startswith("/requests")]
        self.assertEqual(["/requests"] * 3 + ["/requests/v3"] * 3 +
                         ["/requests/custom-fields", "/requests/sub-status"], pages)
        self.assertRegex(paths[1], r"^/requests\?next_cursor=[A-Za-z0-9]{36}$")

    def test_the_seed_determines_the_rows(self):
        def tables(*flags):
            _, url = self.serve({"generate": {"requests": 30, "users": 5}}, *flags)
            loaded = self.run_pipeline(url)
            return {name: loaded.rows(name) for name in loaded.tables()}
        clock = ("--clock", "2030-01-01T12:00:00Z,frozen")
        first = tables("--seed", "7", *clock)
        self.assertTrue(first == tables("--seed", "7", *clock))
        self.assertFalse(first == tables("--seed", "8", *clock))
        self.assertFalse(first == tables("--seed", "7", "--clock", "2031-01-01T12:00:00Z,frozen"))
        self.assertLess(max(row["created_at"] for row in first["requests"]), "2030-01-01T12:00:00.000Z")

    @staticmethod
    def detect(config):
        """Leaves the paginator to detection: the cursor is then sent as `cursor`."""
        for resource in config["resources"]:
            resource["endpoint"].pop("paginator", None)

    def test_the_detected_paginator(self):
        _, url = self.serve(GENERATED)
        loaded = self.run_pipeline(url, change=self.detect)
        self.assertEqual([(252,)], loaded.query("select count(distinct id) from requests"))
        self.assertRegex(self.paths(url)[1], r"^/requests\?cursor=")

    def test_a_server_that_takes_next_cursor_only(self):
        _, url = self.serve({**GENERATED, "cursor_parameter": "NEXT_CURSOR"})
        with self.assertRaises(rest_source.TooManyRequests):
            self.run_pipeline(url, change=self.detect, max_requests=10)
        paths = self.paths(url)
        self.assertEqual(["/requests"] + paths[1:2] * 9, paths, "the first page again and again")
        loaded = self.run_pipeline(url)
        self.assertEqual([(252,)], loaded.query("select count(*) from requests"))

    def test_the_envelope_of_v3(self):
        _, url = self.serve({**WORLD, "envelope": "V3"})

        def without_children(config):
            config["resources"] = [r for r in config["resources"] if r["name"] == "users"]
        loaded = self.run_pipeline(url, change=without_children)
        self.assertEqual(["users", "users__results"], loaded.tables())
        self.assertEqual([{}], loaded.rows("users"))
        self.assertEqual(USERS, loaded.rows("users__results"))

    def test_a_rate_limit(self):
        server, url = self.serve({**GENERATED, "rate_limit": {"requests": 4}})
        waits = []

        def wait(seconds):
            waits.append(seconds)
            body = json.dumps({"advance": f"{int(seconds)}s"}).encode()
            with urllib.request.urlopen(urllib.request.Request(
                    server.ready["http"] + "/mock/clock", body, method="PUT")) as response:
                self.assertEqual(200, response.status)
        with self.assertRaises(rest_source.HttpError) as raised:
            self.run_pipeline(url, sleep=waits.append)
        self.assertEqual((429, [1, 2, 4, 8], 9), (raised.exception.status, waits, len(self.source.client.requests)))
        waits.clear()
        server, url = self.serve({**GENERATED, "rate_limit": {"requests": 4, "window": "10s"}},
                                 "--clock", "2030-01-01T12:00:00Z,frozen")
        loaded = self.run_pipeline(url, sleep=wait)
        self.assertEqual([(252,)], loaded.query("select count(*) from v3_requests"))
        self.assertEqual([1, 2, 4, 8] * 3, waits, "16 requests are four windows")

    def test_a_rate_limit_with_retry_after(self):
        server, url = self.serve({**GENERATED, "rate_limit": {"requests": 4, "retry_after": True}},
                                 "--clock", "2030-01-01T12:00:00Z,frozen")
        waits = []

        def wait(seconds):
            waits.append(seconds)
            body = json.dumps({"advance": f"{int(seconds)}s"}).encode()
            urllib.request.urlopen(urllib.request.Request(
                server.ready["http"] + "/mock/clock", body, method="PUT")).close()
        loaded = self.run_pipeline(url, sleep=wait)
        self.assertEqual([(252,)], loaded.query("select count(*) from v3_requests"))
        self.assertEqual([60, 60, 60], waits)

    def test_a_wrong_token_ends_the_run_at_once(self):
        _, url = self.serve(WORLD)
        with self.assertRaises(rest_source.HttpError) as raised:
            self.run_pipeline(url, token="wrong")
        self.assertEqual((401, 1), (raised.exception.status, len(self.source.client.requests)))

    def test_a_user_that_does_not_exist(self):
        _, url = self.serve(WORLD)

        def static(config):
            config["resources"] = [{"name": "user", "endpoint": {
                "path": "users/{id}", "params": {"id": object_id(0xA, 9)}, "data_selector": "data"}}]
        with self.assertRaises(rest_source.HttpError) as raised:
            self.run_pipeline(url, change=static)
        self.assertEqual(404, raised.exception.status)

        def ignoring(config):
            static(config)
            config["resources"][0]["endpoint"]["response_actions"] = [{"status_code": 404, "action": "ignore"}]
        self.assertEqual([], self.run_pipeline(url, change=ignoring).tables())


if __name__ == "__main__":
    harness.main()
