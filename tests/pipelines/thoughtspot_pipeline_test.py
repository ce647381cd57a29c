"""Loads every endpoint of ThoughtSpot's REST API from tqlmockd, as dlt's rest_api source would."""

import json
import tempfile

import harness
import rest_source
import sqlite_destination
import thoughtspot_pipeline

GUID = "00000000-0000-4000-8000-0000000000{:02x}"


def epoch(day):
    """Midnight of a day of January 2023 in milliseconds."""
    return 1672531200000 + (day - 1) * 86400000


def time(day):
    return f"2023-01-{day:02}T00:00:00Z"


GROUPS = ["Analysts", "Engineers"]
WORLD = {
    "group": [{"name": name, "privilege": ["AUTHORING"], "created": time(1)} for name in GROUPS],
    "user": [{"id": GUID.format(n), "name": f"user{n}", "display_name": f"Üser {n}", "mail": f"user{n}@example.com",
              "group": GROUPS[:n % 3], "created": time(n), "modified": time(n + 1)} for n in (1, 2, 3)],
    "connection": [{"id": f"00000000-0000-4000-8001-{n:012x}", "name": f"connection {n:03}", "type": "RDBMS_SNOWFLAKE",
                    "author": "user1", "created": time(2)} for n in range(205)],
    "liveboard": [{"id": GUID.format(0x10 + n), "name": f"board {n}", "author": "user2", "description": f"d {n}",
                   "created": time(3), "modified": time(4 + n),
                   "visualization": [{"name": "v", "type": "CHART"}]} for n in (1, 2)],
    "config": {"info": json.dumps({
        "defaultChartDataSize": 5000, "enableDownloads": True, "blinkHelpConfigList": [{"id": "help", "title": "Help"}],
        "emailConfig": {"welcomeEmailConfig": {"getStartedLink": "https://example.com/start"}}})},
}


class ThoughtSpotPipelineTest(harness.unittest.TestCase):
    maxDiff = None

    @classmethod
    def setUpClass(cls):
        with tempfile.NamedTemporaryFile("w", suffix=".json") as file:
            json.dump(WORLD, file)
            file.flush()
            cls.server = harness.Server("--world", file.name)
        cls.addClassCleanup(cls.server.stop)
        cls.url = cls.server.ready["http"]

    def load(self, change=lambda config: None, user=harness.USER, password=harness.PASSWORD):
        session = thoughtspot_pipeline.Session(self.url, user, password)
        config = thoughtspot_pipeline.config(self.url, session)
        change(config)
        self.source = rest_source.Source(config, sleep=self.fail)
        self.addCleanup(self.source.client.close)
        destination = sqlite_destination.Destination()
        self.addCleanup(destination.close)
        destination.load(self.source.rows())
        return destination

    def test_every_endpoint(self):
        loaded = self.load()
        for table in ("metadata_listvizheaders", "users", "user_list", "connection_list", "admin_configinfo",
                      "logs_topics", "session_info"):
            self.assertGreater(loaded.query(f"select count(*) from {table}")[0][0], 0, table)

    def test_liveboards(self):
        loaded = self.load()
        self.assertEqual(
            [(board["id"], board["name"], board["description"], GUID.format(2), epoch(3), epoch(4 + n))
             for n, board in enumerate(WORLD["liveboard"], 1)],
            loaded.query("select id, name, description, author, created, modified from metadata_listvizheaders "
                         "order by name"))

    def test_users(self):
        loaded = self.load()
        names = [row[0] for row in loaded.query("select header__name from users")]
        self.assertLessEqual({"user1", "user2", "user3", "tsadmin", "system", "su"}, set(names))
        self.assertEqual(
            [(user["id"], user["name"], user["display_name"], user["mail"], epoch(n), epoch(n + 1), "ACTIVE", "USER")
             for n, user in enumerate(WORLD["user"], 1)],
            loaded.query("select header__id, header__name, header__display_name, "
                         "user_content__user_properties__mail, header__created, header__modified, state, parenttype "
                         "from users where header__name like 'user_' order by header__name"))
        self.assertEqual([("integer",)], loaded.query("select distinct typeof(header__created) from users"))

    def test_principals(self):
        loaded = self.load()
        groups = {row[0] for row in loaded.query("select name from user_list where principal_type_enum like '%_GROUP'")}
        self.assertLessEqual({*GROUPS, "Administrator", "All", "System"}, groups)
        members = loaded.query("select u.name, g.value from user_list u join user_list__group_names g "
                               "on g._dlt_parent_id = u._dlt_id where u.name like 'user_' and g.value in (?, ?) "
                               "order by u.name, g.value", *GROUPS)
        self.assertEqual([(user["name"], group) for user in WORLD["user"] for group in user["group"]], members)
        self.assertEqual([(user["name"], user["mail"]) for user in WORLD["user"]],
                         loaded.query("select name, mail from user_list where name like 'user_' order by name"))

    def test_batches_of_connections(self):
        loaded = self.load()
        self.assertEqual([(c["id"], c["name"], c["type"]) for c in WORLD["connection"]],
                         loaded.query("select id, name, type from connection_list order by name"))
        batches = [path.partition("?")[2] for path in self.source.client.requests if "connection/list" in path]
        self.assertEqual([f"offset={n}&batchsize=100" for n in (0, 100, 200, 300)], batches)

    def test_a_batch_size_without_a_paginator(self):
        def change(config):
            config["resources"] = [{"name": "connection_list", "endpoint": {
                "path": "tspublic/v1/connection/list", "params": {"batchsize": 100, "offset": 0}}}]
        loaded = self.load(change)
        self.assertEqual([(100,)], loaded.query("select count(*) from connection_list"), "isLastBatch is unknown")
        self.assertEqual(1, len(self.source.warnings))

    def test_configuration_and_session(self):
        loaded = self.load()
        self.assertEqual([(5000, 1, "https://example.com/start")], loaded.query(
            "select default_chart_data_size, enable_downloads, "
            "email_config__welcome_email_config__get_started_link from admin_configinfo"))
        self.assertEqual([("help", "Help")],
                         loaded.query("select id, title from admin_configinfo__blink_help_config_list"))
        self.assertEqual([("tsadmin",)], loaded.query("select user_name from session_info"))
        privileges = {row[0] for row in loaded.query("select value from session_info__privileges")}
        self.assertIn("ADMINISTRATION", privileges)

    def test_the_selectors_that_dlt_chooses(self):
        def change(config):
            config["resources"] = [
                {"name": "session_info", "endpoint": {"path": "tspublic/v1/session/info"}},
                {"name": "admin_configinfo", "endpoint": {"path": "tspublic/v1/admin/configinfo"}},
                {"name": "users", "endpoint": {"path": "tspublic/v1/user/", "params": {"name": "user2"}}}]
        loaded = self.load(change)
        self.assertIn({"value": "ADMINISTRATION"}, loaded.rows("session_info"))
        self.assertEqual([{"id": "help", "title": "Help"}], loaded.rows("admin_configinfo"))
        self.assertEqual({"value"}, loaded.columns("users"))

    def test_the_security_log(self):
        session = self.server.login()
        self.addCleanup(session.close)
        session.do("create database pipeline;", "use pipeline;", "create table loaded (a int);")
        loaded = self.load()
        logs = [json.loads(row[0]) for row in loaded.query("select log from logs_topics order by date")]
        self.assertIn("LOGIN_SUCCESSFUL", {log["type"] for log in logs})
        created = [log for log in logs if log["type"] == "CREATE_TABLES"]
        self.assertIn("loaded", json.dumps(created))
        self.assertEqual([("text",)], loaded.query("select distinct typeof(log) from logs_topics"))

    def test_a_basic_login_is_refused(self):
        def change(config):
            del config["client"]["session"]
            config["client"]["auth"] = {"type": "http_basic", "username": harness.USER, "password": harness.PASSWORD}
        with self.assertRaises(rest_source.HttpError) as raised:
            self.load(change)
        self.assertEqual(401, raised.exception.status)


if __name__ == "__main__":
    harness.main()
