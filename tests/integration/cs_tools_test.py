"""cs_tools, the community's client: its logins, requests and parsing of responses."""

import datetime as dt
import json
import re
import uuid
import zoneinfo

import harness
from harness import SUCCESS

V1 = "/callosum/v1/tspublic/v1/session"
V2 = "/api/rest/2.0"
FORM = {"Content-Type": "application/x-www-form-urlencoded", "x-requested-by": "CS Tools"}
JSON = {"Content-Type": "application/json", "x-requested-by": "CS Tools"}
SETUP = """CREATE DATABASE "cs"; USE "cs";
    CREATE TABLE "types" ("v" VARCHAR(0), "d" DOUBLE, "f" FLOAT, "b" BOOL, "i" INT, "l" BIGINT,
      "day" DATE, "n" INT);
    INSERT INTO "types" VALUES ('x', 1.5, 2.5, true, 3, 5000000000, '2020-02-29', null);"""


# The names of privileges that it knows; its login fails with any other.
PRIVILEGES = {
    "AUTHORING", "ADMINISTRATION", "USERDATAUPLOADING", "DATADOWNLOADING", "DEVELOPER",
    "SHAREWITHALL", "DATAMANAGEMENT", "RANALYSIS", "SYNCMANAGEMENT", "JOBSCHEDULING", "A3ANALYSIS",
    "BYPASSRLS", "DISABLE_PINBOARD_CREATION"}


class SessionInformationTest(harness.ServerTest):
    """Versions 1.1 to 1.7: how they parse the session information before they run anything."""

    NAMES = ("tsadmin", "a&b=c", "jane.doe@corp.example", "-.-", "ü" * 50, "x" * 300, '"q\\" <z>')
    flags = ("--user", "tsadmin:admin", "--user-without-privileges", "reader:secret",
             *(flag for name in NAMES[1:] for flag in ("--user", f"{name}:secret")))

    def assertIsSession(self, info, name, can_manage_data=True):
        self.assertEqual(str(uuid.UUID(info["userGUID"])), info["userGUID"])
        self.assertEqual(name, info["userName"])
        self.assertTrue(info["userDisplayName"])
        self.assertIsAddress(info["userEmail"])
        self.assertLessEqual(set(info["privileges"]), PRIVILEGES)
        self.assertEqual(can_manage_data,
                         bool({"ADMINISTRATION", "DATAMANAGEMENT"} & set(info["privileges"])))
        self.assertRegex(info["releaseVersion"], r"^\d+\.\d+\.\d+")
        zoneinfo.ZoneInfo(info["timezone"])
        config = info["configInfo"]
        self.assertIsInstance(config["isSaas"], bool)
        self.assertIsInstance(config["selfClusterName"], str)
        self.assertEqual(str(uuid.UUID(config["selfClusterId"])), config["selfClusterId"])
        self.assertRegex(config["emailConfig"]["welcomeEmailConfig"]["getStartedLink"],
                         r"^https?://[^/]+/")

    def assertIsAddress(self, address):
        """By RFC 5321, with a domain of two labels, neither of them reserved."""
        local, _, domain = address.rpartition("@")
        self.assertRegex(local, r"^[\w!#$%&'*+/=?^`{|}~-]+(\.[\w!#$%&'*+/=?^`{|}~-]+)*$", re.ASCII)
        self.assertTrue(local.isascii())
        self.assertLessEqual(len(local), 64)
        self.assertRegex(domain, r"^([a-z0-9-]+\.)+[a-z]{2,}$")
        self.assertNotIn(domain.rpartition(".")[2], ("localhost", "local", "test", "invalid"))

    def login(self, path, name, password):
        response = self.server.exchange(
            "POST", path, JSON, json.dumps({"username": name, "password": password}))
        self.assertEqual(200, response.status, response.text)
        return response

    def test_the_login_answers_the_session_information(self):
        """Versions 1.1 and 1.3 log in at the private URL and read everything from its response."""
        form = "username=tsadmin&password=admin&rememberme=true"
        path = harness.LOGIN + "?disableSAMLAutoRedirect=false"
        self.assertIsSession(self.server.exchange("POST", path, FORM, form).json(), "tsadmin")

    def test_session_info_is_the_same(self):
        """Versions 1.4 and 1.5 request it from the public URL, others from the private one."""
        login = self.login(harness.LOGIN, "tsadmin", "admin")
        headers = {**JSON, "Cookie": f"JSESSIONID={harness.session_cookie(login)}"}
        for path in (f"{V1}/info", "/callosum/v1/session/info"):
            info = self.server.exchange("GET", path, headers).json()
            self.assertIsSession(info, "tsadmin")
            self.assertEqual(login.json(), info)

    def test_unusual_user_names(self):
        for name in self.NAMES:
            with self.subTest(name=name):
                login = self.login(harness.LOGIN, name, "admin" if name == "tsadmin" else "secret")
                self.assertIsSession(login.json(), name)
                headers = {**JSON, "Cookie": f"JSESSIONID={harness.session_cookie(login)}"}
                user = self.server.exchange("GET", f"{V2}/auth/session/user", headers).json()
                self.assertIsAddress(user["email"])  # version 1.7

    def test_a_user_without_privileges(self):
        self.assertIsSession(self.login(harness.LOGIN, "reader", "secret").json(), "reader", False)


class Version1Test(harness.ServerTest):
    """cs_tools 1.0 to 1.5."""

    setup_script = SETUP

    def setUp(self):
        response = self.server.exchange(
            "POST", f"{V1}/login", FORM, "username=tsadmin&password=admin&rememberme=true")
        self.assertEqual(2, response.status // 100)
        self.headers = {**JSON, "Cookie": f"JSESSIONID={harness.session_cookie(response)}"}

    def post(self, path, body):
        answer = harness.Answer(
            self.server.exchange("POST", path, self.headers, json.dumps(body)))
        self.assertEqual(200, answer.status)
        return answer

    def test_session_info_and_orgs(self):
        info = self.server.exchange("GET", f"{V1}/info", self.headers)
        self.assertEqual(200, info.status)
        self.assertIsInstance(info.json(), dict)
        self.assertIn(self.server.exchange("GET", f"{V1}/orgs", self.headers).status, (200, 404))

    def test_still_logged_in(self):
        self.assertEqual(2, self.server.exchange(
            "GET", "/callosum/v1/session/isactive", self.headers).status // 100)

    def test_query_without_options_and_with_null_context(self):
        answer = self.post(harness.QUERY, {
            "context": {"database": None, "schema": None, "server_schema_version": -1},
            "query": {"statement": "show databases;"}})
        self.assertEqual(SUCCESS.strip(), answer.messages[-1][1].strip())

    def test_script_type_1_and_the_last_line_s_context(self):
        """It keeps only the context of the last line."""
        answer = self.post(harness.SCRIPT, {
            "context": {"database": None, "schema": harness.DEFAULT_SCHEMA,
                        "server_schema_version": -1},
            "options": {"query_options": {"pagination": {}}},
            "script_type": 1, "script": "use cs;\nselect v from types;\n"})
        context = answer.lines[-1]["result"]["final_context"]
        self.assertEqual({"schema", "database", "server_schema_version"}, set(context))
        self.assertEqual("cs", context["database"])

    def test_old_versions_recognise_an_existing_table_in_a_script(self):
        """They search the joined messages of one line for "create table" and "returned error"."""
        answer = self.post(harness.SCRIPT, {
            "context": {"database": "cs", "server_schema_version": -1}, "script_type": 1,
            "script": "create table types (a int);"})
        joined = "".join(m["value"] for m in answer.results[0]["message"]).lower()
        self.assertIn("create table", joined)
        self.assertIn("returned error", joined)


class Version16Test(harness.ServerTest):
    """cs_tools 1.6 and later."""

    setup_script = SETUP
    convert = {
        "VARCHAR": str, "DOUBLE": float, "FLOAT": float, "INT": int, "BIGINT": int,
        "BOOL": lambda text: text.lower() == "true",
        "DATE": lambda text: dt.datetime.fromtimestamp(int(text), dt.timezone.utc).date(),
    }

    def setUp(self):
        response = self.server.exchange("POST", f"{V2}/auth/session/login", JSON, json.dumps(
            {"username": "tsadmin", "password": "admin", "org_identifier": None,
             "remember_me": True}))
        self.assertEqual(2, response.status // 100)
        self.headers = {**JSON, "Cookie": f"JSESSIONID={harness.session_cookie(response)}"}

    def post(self, statement, database=None):
        body = {
            "context": {"database": database, "schema": None, "server_schema_version": -1},
            "options": {
                "query_options": {"query_results_apply_top_row_count": 50},
                "formatting_options": {"field_separator": "|", "row_separator": "\n",
                                       "null_string": "{null}",
                                       "date_format": {"format_date_as_epoch": True}},
                "adv_options": {"continue_execution_on_error": False}},
            "query": {"statement": statement}}
        answer = harness.Answer(
            self.server.exchange("POST", harness.QUERY, self.headers, json.dumps(body)))
        self.assertEqual(200, answer.status)
        return answer

    def read(self, answer):
        """Its reader: the schema of every line with messages, and f(**table)."""
        def table(headers, rows=()):
            cells = [[None if cell == "{null}" else self.convert[header["type"]](cell)
                      for header, cell in zip(headers, row["v"])] for row in rows]
            return [dict(zip([header["name"] for header in headers], row)) for row in cells]

        data = []
        for line in answer.response.text.splitlines():  # also splits at U+2028
            result = json.loads(line)["result"]
            if "message" in result:
                result["final_context"]["schema"]
            if "table" in result:
                data = table(**result["table"])
        return data

    def test_calls_after_the_login(self):
        user = self.server.exchange("GET", f"{V2}/auth/session/user", self.headers)
        self.assertEqual(200, user.status)
        for key in ("id", "name", "display_name", "privileges", "email", "current_org"):
            self.assertIn(key, user.json())
        self.assertEqual("tsadmin", user.json()["name"])
        system = self.server.exchange("GET", f"{V2}/system", self.headers)
        self.assertEqual(200, system.status)
        for key in ("id", "name", "release_version", "time_zone", "type", "tsadmin_user_id",
                    "system_user_id", "super_user_id"):
            self.assertIn(key, system.json())
        self.assertRegex(system.json()["release_version"], r"^\d+\.\d+\.\d+")

    def test_optional_calls_are_answered_or_404(self):
        for method, path, body in (("GET", "system/config-overrides", b""),
                                   ("POST", "orgs/search", b"{}"),
                                   ("POST", "roles/search", b"{}")):
            with self.subTest(path=path):
                response = self.server.exchange(method, f"{V2}/{path}", self.headers, body)
                self.assertIn(response.status, (200, 404))
                if response.status == 200:
                    response.json()

    def test_every_type_converts(self):
        self.assertEqual(
            [{"v": "x", "d": 1.5, "f": 2.5, "b": True, "i": 3, "l": 5000000000,
              "day": dt.date(2020, 2, 29), "n": None}],
            self.read(self.post("select * from types;", "cs")))

    def test_no_rows(self):
        self.assertEqual([], self.read(self.post("select * from types where i = 4;", "cs")))

    def test_failure_is_read_as_messages(self):
        answer = self.post("select nothing from nowhere;", "cs")
        self.assertEqual([], self.read(answer))
        self.assertEqual(1, len(answer.errors))


if __name__ == "__main__":
    harness.main()
