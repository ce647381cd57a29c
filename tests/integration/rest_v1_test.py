"""The REST API v1: sessions, the endpoints that pipelines load, and hostile calls.

What is expected comes from the vendor's documentation and from what public clients send and read.
"""

import base64
import json
import re
import time
import unittest
import urllib.parse
import uuid

import harness
from mock_control_test import Control

LONG, SHORT, PRIVATE = "/callosum/v1/tspublic/v1", "/tspublic/v1", "/callosum/v1"
SECRET = "0f1e2d3c-4b5a-4978-8695-a4b3c2d1e0f9"
WORLD = f"""
cluster: {{secret_key: {SECRET}}}
group:
- {{name: Analysts, privilege: [AUTHORING]}}
user:
- {{name: ann, mail: ann@example.com, group: [Analysts], created: 2023-01-10T09:30:00Z}}
- {{name: reader, group: [Analysts]}}
tag: [{{name: Retail}}]
connection: [{{name: Warehouse, type: RDBMS_SNOWFLAKE}}]
liveboard:
- name: Overview
  author: ann
  tag: [Retail]
  visualization:
  - {{name: Total, type: HEADLINE, size: xs}}
  - {{name: Region, type: FILTER}}
answer: [{{name: By store, author: ann, visualization: [{{name: By store}}]}}]
"""
# The privileges that cs_tools knows.
PRIVILEGES = set("""AUTHORING ADMINISTRATION USERDATAUPLOADING DATADOWNLOADING DEVELOPER SHAREWITHALL DATAMANAGEMENT
    EXPERIMENTALFEATUREPRIVILEGE RANALYSIS SYNCMANAGEMENT PREVIEW_THOUGHTSPOT_SAGE JOBSCHEDULING A3ANALYSIS BYPASSRLS
    DISABLE_PINBOARD_CREATION LIVEBOARD_VERIFIER""".split())


class RestTest(harness.ServerTest):
    flags = ("--user", "tsadmin:admin", "--user-without-privileges", "reader:secret")

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        Control(cls.server).do("PUT", "/world", WORLD)

    def cookie(self, user="tsadmin", password="admin"):
        return {"Cookie": f"JSESSIONID={self.server.login(user, password).cookie}"}

    def get(self, path, **params):
        """The JSON of a call of tsadmin that succeeds."""
        response = self.call(path, **params)
        self.assertEqual(200, response.status, response.text)
        self.assertEqual("application/json", response.get("Content-Type"))
        return response.json()

    def call(self, path, headers=None, method="GET", **params):
        query = "?" + urllib.parse.urlencode(params) if params else ""
        path = path if path.startswith("/") else f"{LONG}/{path}"
        return self.server.exchange(method, path + query, self.cookie() if headers is None else headers)

    def assertIsError(self, response, status):
        """As cs_tools reads errors: debug is a text with a JSON array of texts."""
        self.assertEqual(status, response.status, response.text)
        error = response.json()
        self.assertIsInstance(error["code"], int)
        uuid.UUID(error["incident_id_guid"])
        return " ".join(json.loads(error["debug"]))


class UnknownCallTest(RestTest):
    def test_an_unknown_path(self):
        for path in (f"{LONG}/nope", f"{SHORT}/nope", f"{PRIVATE}/nope"):
            self.assertIn("unknown path", self.assertIsError(self.call(path), 404))
        response = self.call("/api/rest/2.0/nope")
        self.assertEqual(404, response.status)
        self.assertIn("unknown path", response.json()["error"]["message"]["debug"]["debug"])

    def test_another_method(self):
        response = self.call("user/list", method="POST")
        self.assertIn("GET", self.assertIsError(response, 405))
        self.assertEqual("GET", response.get("Allow"))

    def test_paths_of_other_services_have_their_errors(self):
        self.assertEqual({"error": {"code": 404, "message": "unknown path"}}, self.call("/nope").json())


class LoginTest(RestTest):
    FORM = "username=tsadmin&password=admin&rememberme=true"

    def test_a_public_login_has_no_content(self):
        for prefix in (LONG, SHORT):
            response = self.server.exchange("POST", f"{prefix}/session/login", {}, self.FORM)
            self.assertEqual((204, b""), (response.status, response.body))
            cookies = response.head.get_all("Set-Cookie")
            self.assertRegex(cookies[0], "^JSESSIONID=[^;]+; Path=/; HttpOnly")
            self.assertRegex(cookies[1], "^clientId=[0-9a-f-]{36}; Path=/; Secure; HttpOnly$")

    def test_a_private_login_has_the_session_information(self):
        response = self.server.exchange("POST", f"{PRIVATE}/session/login", {}, self.FORM)
        self.assertEqual(200, response.status)
        headers = {"Cookie": f"JSESSIONID={harness.session_cookie(response)}"}
        self.assertEqual(response.json(), self.call("session/info", headers).json())

    def test_a_wrong_password(self):
        for prefix in (LONG, SHORT, PRIVATE):
            response = self.server.exchange("POST", f"{prefix}/session/login", {}, "username=tsadmin&password=x")
            self.assertIn("wrong user name or password", self.assertIsError(response, 401))
        self.server.login()

    def test_logout_ends_the_session(self):
        headers = self.cookie()
        self.assertEqual(204, self.call(f"{PRIVATE}/session/isactive", headers).status)
        self.assertEqual(204, self.call("session/logout", headers, "POST").status)
        self.assertIsError(self.call(f"{PRIVATE}/session/isActive", headers), 401)

    def test_session_info_for_clients(self):
        info = self.get("session/info")
        self.assertEqual("tsadmin", info["userName"])
        self.assertEqual(str(uuid.UUID(info["userGUID"])), info["userGUID"])
        self.assertLessEqual({"ADMINISTRATION", "DATAMANAGEMENT"}, set(info["privileges"]))
        self.assertLessEqual(set(info["privileges"]), PRIVILEGES)
        self.assertEqual("v1", info["apiVersion"])
        self.assertEqual(44, len(info["authToken"]))
        self.assertAlmostEqual(time.time() + 24 * 3600, info["expirationTime"], delta=600)
        for key in ("userDisplayName", "userEmail", "userCreatedTime", "userExpirationTime", "canChangePassword",
                    "isSystemUser", "logicalModelVersion", "userGroupMask", "locale", "timezone", "dateFormat",
                    "timeFormat", "dateTimeFormat", "integerFormat", "decimalFormat", "clientState", "releaseVersion"):
            self.assertIn(key, info)
        self.assertIn("selfClusterId", info["configInfo"])

    def test_orgs(self):
        self.assertEqual([(0, "Primary", True)], [
            (org["orgId"], org["orgName"], org["isActive"]) for org in self.get("session/orgs", batchsize=-1)["orgs"]])


    def test_a_session_has_one_org(self):
        Control(self.server).do("PUT", "/namespaces/orgs", {})
        Control(self.server, "orgs").do("PUT", "/world", """org:
            [{id: 0, name: Primary}, {id: 7, name: Sales}, {id: 8, name: Closed, inactive: true}]""")
        headers = self.cookie("tsadmin+orgs")
        def put(form):
            return self.server.exchange("PUT", f"{LONG}/session/orgs", headers, form)
        self.assertEqual(204, put("orgid=7").status)
        self.assertEqual(7, self.call("session/orgs", headers).json()["currentOrgId"])
        user = self.server.exchange("GET", "/api/rest/2.0/auth/session/user", headers).json()
        self.assertEqual({"id": 7, "name": "Sales"}, user["current_org"])
        for form, status in (("orgid=9", 400), ("orgid=-1", 400), ("", 400), ("orgid=x", 400), ("orgid=8", 403)):
            self.assertIsError(put(form), status)
        orgs = self.call(f"session/orgs/users/{user['id']}", headers, orgScope="ALL").json()["orgs"]
        self.assertEqual([0, 7], [org["orgId"] for org in orgs])  # the active ones
        self.assertIsError(self.call("session/orgs/users/x", headers), 400)


class TrustedLoginTest(RestTest):
    def token(self, **form):
        form = {"secret_key": SECRET, "username": "reader", "access_level": "FULL", **form}
        return self.server.exchange("POST", f"{LONG}/session/auth/token", {"Accept": "text/plain"},
                                    urllib.parse.urlencode(form))

    def test_a_token_is_that_of_every_service(self):
        response = self.token(username="tsadmin")
        self.assertEqual((200, "text/plain"), (response.status, response.get("Content-Type")))
        self.assertRegex(base64.b64decode(response.text + "=="), rb"^\$shiro1\$SHA-256\$500000\$[^$]+\$[^$]+$")
        bearer = {"Authorization": f"Bearer {response.text}"}
        self.assertEqual("tsadmin", self.call("session/info", bearer).json()["userName"])
        for path in (harness.STATIC_TOKENS, "/ts_dataservice/v1/public/loads", "/api/rest/2.0/auth/session/user"):
            self.assertEqual(200, self.call(path, bearer).status, path)

    def test_login_with_a_token(self):
        token = self.token().text
        form = {"username": "reader", "auth_token": token}
        path = f"{PRIVATE}/session/login/token"
        stays = self.server.exchange("POST", path, {}, urllib.parse.urlencode({**form, "no_url_redirection": "true"}))
        self.assertEqual(204, stays.status)
        headers = {"Cookie": f"JSESSIONID={harness.session_cookie(stays)}"}
        self.assertEqual("reader", self.call("session/info", headers).json()["userName"])
        moved = self.call(path, {}, redirect_url="https://example.com/x", **form)
        self.assertEqual((302, "https://example.com/x"), (moved.status, moved.get("Location")))
        self.assertEqual(200, self.call(path, {}, **form).status)
        self.assertIsError(self.call(path, {}, redirect_url="/a\r\nX-Injected: 1", **form), 400)
        self.assertIsError(self.call(path, {}, username="tsadmin", auth_token=token), 401)
        self.assertIsError(self.call(path, {}, username="reader", auth_token="x" * 5000), 401)

    def test_refused_tokens(self):
        self.assertIsError(self.token(secret_key=str(uuid.uuid4())), 401)
        self.assertIsError(self.token(username=""), 400)
        self.assertIsError(self.token(username="nobody"), 400)
        self.assertIsError(self.token(access_level="ALL"), 400)
        self.assertIsError(self.token(access_level="REPORT_BOOK_VIEW"), 400)

    def test_without_a_key_trusted_authentication_is_disabled(self):
        Control(self.server).do("PUT", "/namespaces/untrusted", {})
        Control(self.server, "untrusted").do("PUT", "/world", "{}")
        self.assertIsError(self.token(username="tsadmin+untrusted"), 500)


class EndpointsTest(RestTest):
    """The seven endpoints of the pipeline, under both prefixes."""

    def test_every_prefix(self):
        for path in ("metadata/listvizheaders", "user/", "user", "user/list", "connection/list", "admin/configinfo",
                     "logs/topics/security_logs", "session/info"):
            for prefix in (LONG, SHORT):
                self.assertEqual(200, self.call(f"{prefix}/{path}").status, prefix + path)

    def test_without_a_session(self):
        for path in ("user", "user/list", "metadata/list", "session/info", "logs/topics/security_logs"):
            self.assertIsError(self.call(path, {}), 401)

    def test_listvizheaders(self):
        boards = self.get("metadata/listvizheaders")
        self.assertEqual(["Overview"], [board["name"] for board in boards])
        self.assertLessEqual({"id", "name", "description", "author", "created", "modified", "modifiedBy", "owner",
                              "isAutoCreated", "isAutoDelete"}, set(boards[0]))
        total, region = self.get("metadata/listvizheaders", id=boards[0]["id"])
        self.assertEqual(("HEADLINE", "xs", {"value": {"text": "Total"}}),
                         (total["vizType"], total["size"], total["title"]))
        self.assertEqual("FILTER", region["vizType"])
        self.assertFalse({"size", "title"} & set(region))
        self.assertIsError(self.call("metadata/listvizheaders", id=str(uuid.uuid4())), 400)

    def test_user(self):
        ann = self.get("user", name="ann")
        self.assertEqual("ann", ann["header"]["name"])
        self.assertEqual(ann["header"]["owner"], ann["header"]["id"])
        self.assertEqual("ann@example.com", ann["userContent"]["userProperties"]["mail"])
        self.assertEqual(("ACTIVE", "LOCAL_USER", "USER", "DEFAULT", True), (
            ann["state"], ann["type"], ann["parenttype"], ann["visibility"], ann["complete"]))
        self.assertEqual(["AUTHORING"], ann["privileges"])
        self.assertEqual(1673343000000, ann["header"]["created"])
        self.assertEqual(ann, self.get("user", userid=ann["header"]["id"]))
        self.assertIn(ann, self.get("user/"))
        self.assertIsError(self.call("user", name="nobody"), 400)
        self.assertIsError(self.call("user", userid=str(uuid.uuid4())), 500)
        group = self.get("group", name="Analysts")
        self.assertIn(group["header"]["id"], ann["assignedGroups"])

    def test_user_list(self):
        principals = {p["name"]: p for p in self.get("user/list")}
        for name, p in principals.items():
            self.assertRegex(p["principalTypeEnum"], "_(USER|GROUP)$")
            self.assertEqual(p["principalTypeEnum"].endswith("_USER"), "mail" in p, name)
        self.assertLessEqual({"Administrator", "All", "System", "su", "system", "tsadmin", "ann"}, set(principals))
        self.assertIn("Analysts", principals["ann"]["groupNames"])
        self.assertEqual(1354006445722, principals["su"]["created"])

    def test_connection_list(self):
        # As thoughtspot_rest_api_v1_python asks.
        answer = self.get("connection/list", category="ALL", sort="DEFAULT", sortascending="true", offset=-1,
                          batchsize=-1)
        self.assertEqual((True, {}), (answer["isLastBatch"], answer["debugInfo"]))
        row, = answer["headers"]
        self.assertEqual(("Warehouse", "RDBMS_SNOWFLAKE"), (row["name"], row["type"]))
        self.assertIn("dataLoadStatistics", row["statistics"])
        self.assertEqual([], self.get("connection/list", pattern="no%")["headers"])
        self.assertIn("RDBMS_SNOWFLAKE", [kind["name"] for kind in self.get("connection/types")])
        self.assertEqual(row["id"], self.get(f"{PRIVATE}/connection/detail/{row['id']}")["header"]["id"])

    def test_no_connection_is_an_error(self):
        Control(self.server).do("PUT", "/namespaces/bare", {})
        Control(self.server, "bare").do("PUT", "/world", "{}")
        self.assertIsError(self.call("connection/list", self.cookie("tsadmin+bare")), 500)

    def test_configinfo_is_for_administrators(self):
        info = self.get("admin/configinfo")
        self.assertEqual(info, self.get("session/info")["configInfo"])
        self.assertIsInstance(self.get("admin/configinfo/overrides"), dict)
        self.assertIsError(self.call("admin/configinfo", self.cookie("reader", "secret")), 401)
        self.assertIsError(self.call("logs/topics/security_logs", self.cookie("reader", "secret")), 403)


class MetadataTest(RestTest):
    setup_script = """CREATE DATABASE shop; USE shop;
        CREATE TABLE sales (id BIGINT, day DATE, amount DOUBLE); CREATE TABLE store (id INT, name VARCHAR(0));"""

    def test_batches_until_the_last_one(self):
        """cs_tools asks until isLastBatch."""
        names, last = [], False
        while not last:
            batch = self.get("metadata/list", type="USER", offset=len(names), batchsize=2)
            self.assertLessEqual(len(batch["headers"]), 2)
            names += [header["name"] for header in batch["headers"]]
            last = batch["isLastBatch"]
        self.assertEqual(sorted(header["name"] for header in self.get("metadata/listobjectheaders", type="USER",
                                                                      batchsize=-1)), sorted(names))
        self.assertEqual(len(set(names)), len(names))

    def test_tables_of_tql(self):
        tables = self.get("metadata/list", type="LOGICAL_TABLE", subtypes="['ONE_TO_ONE_LOGICAL']")["headers"]
        self.assertEqual({"sales", "store"}, {table["name"] for table in tables})
        sales = next(table for table in tables if table["name"] == "sales")
        details = self.get("metadata/details", type="LOGICAL_TABLE", id=json.dumps([sales["id"]]))
        storable, = details["storables"]
        uuid.UUID(storable["dataSourceId"])
        self.assertEqual([("id", "INT64"), ("day", "DATE"), ("amount", "DOUBLE")],
                         [(column["header"]["name"], column["dataType"]) for column in storable["columns"]])

    def test_the_spellings_of_lists(self):
        for text in ('["Retail"]', "['Retail']", "[Retail]", "[Retail, Finance]"):
            with self.subTest(text):
                self.assertEqual(1, len(self.get("metadata/list", type="PINBOARD_ANSWER_BOOK", tagname=text)["headers"]))

    def test_types(self):
        for name in ("QUESTION_ANSWER_BOOK", "PINBOARD_ANSWER_BOOK", "LOGICAL_TABLE", "LOGICAL_COLUMN",
                     "LOGICAL_RELATIONSHIP", "DATA_SOURCE", "TAG", "USER", "USER_GROUP"):
            self.assertIsInstance(self.get("metadata/list", type=name)["headers"], list)
        self.assertIsError(self.call("metadata/list", type="TABLE"), 500)
        self.assertIsError(self.call("metadata/list"), 400)

    def test_hostile_parameters(self):
        for params in ({"batchsize": 0}, {"batchsize": -2}, {"offset": -2}, {"batchsize": "x"}, {"offset": "1e3"},
                       {"batchsize": 10 ** 30}, {"tagname": '["a"'}, {"tagname": "[[a]]"}, {"fetchids": "[,]"},
                       {"sort": "COLOR"}, {"sortascending": "maybe"}, {"category": "NONE"}):
            with self.subTest(str(params)[:60]):
                self.assertIsError(self.call("metadata/list", type="TAG", **params), 400)
        everything = self.get("metadata/list", type="TAG", batchsize=10 ** 9)
        self.assertEqual((1, True), (len(everything["headers"]), everything["isLastBatch"]))
        self.assertEqual([], self.get("metadata/list", type="TAG", offset=10 ** 9)["headers"])
        self.assertIsError(self.call("metadata/details", type="TAG", id='["x"]'), 400)
        self.assertIsError(self.call("metadata/details", type="TAG", id="[]"), 400)

    def test_unusual_bodies(self):
        for body in (b"{", b"[]", b"\xff\xfe=%ff", b"{\"a\":" * 2000, b"username[]=1&&&=%", b"=" * 30_000):
            response = self.server.exchange("POST", f"{LONG}/session/auth/token", {}, body)
            self.assertIn(response.status, (400, 401, 500), body[:20])
        self.assertServerAnswers()


class LogsTest(RestTest):
    def events(self, **params):
        return [json.loads(row["log"]) for row in self.get("logs/topics/security_logs", **params)]

    def test_logins_and_tables(self):
        self.server.exchange("POST", f"{LONG}/session/login", {}, "username=ghost&password=x")
        session = self.server.login()
        session.do("create database logged;", "use logged;", "create table t (a int);")
        answer = session.query("create table t (a int);")
        self.assertEqual(1, len(answer.errors))
        session.do("drop table t;")
        rows = self.get("logs/topics/security_logs")
        self.assertRegex(rows[0]["date"], r"^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{6}Z$")
        events = self.events()
        self.assertLessEqual({"version", "id", "ts", "orgId", "userGUID", "userName", "cIP", "type", "desc", "data"},
                             set(events[0]))
        self.assertRegex(events[0]["id"], "^TS-[0-9a-f-]{36}$")
        failed = next(event for event in events if event["userName"] == "ghost")
        self.assertEqual(("LOGIN_FAILED", None), (failed["type"], failed["userGUID"]))
        self.assertEqual(1, [event["type"] for event in events].count("CREATE_TABLES"))
        self.assertIn("DELETE_TABLES", [event["type"] for event in events])

    def test_times(self):
        now = int(time.time() * 1000)
        self.assertTrue(self.events(fromEpoch=now - 3_600_000, toEpoch=now + 3_600_000))
        self.assertEqual([], self.events(fromEpoch=now - 7_200_000, toEpoch=now - 3_600_000))
        self.assertTrue(self.events(get_all_logs="true"))
        for wrong in ({"fromEpoch": now - 90_000_000, "toEpoch": now}, {"fromEpoch": now, "toEpoch": now - 1},
                      {"fromEpoch": "yesterday"}, {"toEpoch": 10 ** 18}, {"fromEpoch": -5}):
            self.assertIsError(self.call("logs/topics/security_logs", **wrong), 400)
        self.assertIsError(self.call("logs/topics/other_logs"), 400)


class StrictTest(unittest.TestCase):
    def setUp(self):
        self.server = harness.Server("--rest-strict", "--rest-basic", "--seed", "7", "--clock",
                                     "2024-02-29T12:00:00Z,frozen")
        self.addCleanup(self.server.stop)

    def test_x_requested_by(self):
        login = f"{LONG}/session/login", "username=tsadmin&password=admin"
        self.assertEqual(400, self.server.exchange("POST", login[0], {}, login[1]).status)
        self.assertEqual(204, self.server.exchange("POST", login[0], {"X-Requested-By": "CS Tools"}, login[1]).status)
        self.assertEqual(200, self.server.exchange("POST", harness.LOGIN, {"X-Requested-By": "x"}, login[1]).status)

    def basic(self, password):
        credentials = base64.b64encode(f"tsadmin:{password}".encode()).decode()
        return self.server.exchange("GET", f"{SHORT}/user/list", {"Authorization": f"Basic {credentials}"})

    def test_basic(self):
        self.assertEqual(200, self.basic("admin").status)
        self.assertEqual(401, self.basic("wrong").status)
        self.assertEqual(401, self.server.exchange("GET", f"{SHORT}/user/list", {"Authorization": "Basic ?"}).status)
        self.assertEqual(0, json.loads(self.server.exchange("GET", "/mock/namespaces/main").body).get("sessions", 0))

    def cookie(self, server):
        response = server.exchange("POST", f"{LONG}/session/login", {"X-Requested-By": "ThoughtSpot"},
                                   "username=tsadmin&password=admin")
        return {"Cookie": f"JSESSIONID={harness.session_cookie(response)}"}

    def test_the_id_of_listvizheaders(self):
        cookie = self.cookie(self.server)
        self.assertEqual(400, self.server.exchange("GET", f"{LONG}/metadata/listvizheaders", cookie).status)

    def test_the_same_bytes_in_each_run(self):
        other = harness.Server("--rest-strict", "--rest-basic", "--seed", "7", "--clock", "2024-02-29T12:00:00Z,frozen")
        self.addCleanup(other.stop)
        answers = []
        for server in (self.server, other):
            cookie = self.cookie(server)
            answers.append([server.exchange("GET", f"{LONG}/{path}", cookie).body for path in (
                "session/info", "user/", "user/list", "metadata/list?type=LOGICAL_TABLE", "metadata/list?type=x",
                "logs/topics/security_logs")])
        self.assertEqual(*answers)


class PageTest(harness.ServerTest):
    def test_the_root_has_links(self):
        response = self.server.exchange("GET", "/")
        self.assertEqual(200, response.status)
        self.assertIn("text/html", response.get("Content-Type"))
        for link in re.findall('href="([^"]+)"', response.text):
            self.assertEqual(200, self.server.exchange("GET", link).status, link)

    def test_basic_is_off(self):
        credentials = base64.b64encode(b"tsadmin:admin").decode()
        response = self.server.exchange("GET", f"{SHORT}/user/list", {"Authorization": f"Basic {credentials}"})
        self.assertEqual(401, response.status)


if __name__ == "__main__":
    harness.main()
