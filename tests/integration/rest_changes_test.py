"""The calls of the REST API that change something: the home Liveboard, the configuration, users and groups;
orgs.

What is expected comes from the vendor's documentation and from what public clients send and read (user_tools).
"""

import json
import urllib.parse
import uuid

import harness
from mock_control_test import Control
from rest_v1_test import LONG, PRIVATE, SECRET, RestTest

WORLD = f"""
cluster: {{secret_key: {SECRET}}}
org: [{{id: 0, name: Primary}}, {{id: 7, name: Sales}}, {{id: 8, name: Closed, inactive: true}}]
group: [{{name: Analysts, privilege: [AUTHORING]}}, {{name: Inner, group: [Analysts]}}]
user:
- {{name: ann, group: [Analysts]}}
- {{name: ben, org: [Sales]}}
- {{name: reader, org: [Sales]}}
connection: [{{name: Warehouse}}, {{name: Leads, org: [Sales]}}]
liveboard:
- {{name: Overview, author: ann}}
- {{name: Pipeline, org: [Sales]}}
config:
  info: '{{"emailConfig": {{"companyName": "x", "fromEmail": "y"}}, "maxFilterValues": 10000}}'
  override: [{{key: batchSize, value: "1000", category: DATA, data_type: INTEGER, description: The size}}]
"""


class ChangesTest(RestTest):
    def setUp(self):
        Control(self.server).do("PUT", "/world", WORLD)

    def send(self, path, method="POST", headers=None, **form):
        path = path if path.startswith("/") else f"{LONG}/{path}"
        return self.server.exchange(method, path, self.cookie() if headers is None else headers,
                                    urllib.parse.urlencode(form))

    def assertNoContent(self, response):
        self.assertEqual((204, b""), (response.status, response.body))

    def id_of(self, kind, name, headers=None):
        rows = self.call("metadata/list", headers, type=kind).json()["headers"]
        return next(row["id"] for row in rows if row["name"] == name)


class HomeLiveboardTest(ChangesTest):
    def home(self, headers=None):
        response = self.call("session/homepinboard", headers)
        self.assertEqual((200, "text/plain"), (response.status, response.get("Content-Type")))
        return response.text

    def test_set_get_remove(self):
        self.assertEqual("", self.home())
        board = self.id_of("PINBOARD_ANSWER_BOOK", "Overview")
        self.assertNoContent(self.send("session/homepinboard", id=board.upper()))
        self.assertEqual(board, self.home())
        self.assertEqual("", self.home(self.cookie("reader", "secret")))
        self.assertEqual(200, self.send("session/homepinboard", "DELETE").status)
        self.assertEqual("", self.home())

    def test_of_another_user(self):
        headers = self.cookie("reader", "secret")
        board = self.id_of("PINBOARD_ANSWER_BOOK", "Pipeline", headers)
        guid = self.call("session/info", headers).json()["userGUID"]
        admin_in_sales = self.cookie()
        self.assertNoContent(self.send("session/orgs", "PUT", admin_in_sales, orgid=7))
        self.assertNoContent(self.send("session/homepinboard", headers=admin_in_sales, id=board, userid=guid))
        self.assertEqual(board, self.home(headers))
        admin = self.get("session/info")["userGUID"]
        self.assertIsError(self.send("session/homepinboard", headers=headers, id=board, userid=admin), 403)

    def test_errors(self):
        board = self.id_of("PINBOARD_ANSWER_BOOK", "Overview")
        for status, form in ((404, {"id": str(uuid.uuid4())}), (404, {"id": "x"}), (400, {}),
                             (400, {"id": board, "userid": str(uuid.uuid4())})):
            self.assertIsError(self.send("session/homepinboard", **form), status)
        self.assertIsError(self.send("session/homepinboard", headers={}, id=board), 401)


class ConfigurationTest(ChangesTest):
    def update(self, changes, headers=None):
        return self.send("admin/configinfo/update", headers=headers,
                         configchanges=changes if isinstance(changes, str) else json.dumps(changes))

    def test_update(self):
        self.assertNoContent(self.update({"maxFilterValues": 7, "emailConfig": {"companyName": "Shop"},
                                          "sharingConfiguration.enableVizSharing": False, "batchSize": 50,
                                          "embedActionConfigList": [{"id": "a"}]}))
        info = self.get("admin/configinfo")
        self.assertEqual(7, info["maxFilterValues"])
        self.assertEqual({"companyName": "Shop", "fromEmail": "y"}, info["emailConfig"])
        self.assertEqual({"enableVizSharing": False}, info["sharingConfiguration"])
        self.assertEqual([{"id": "a"}], info["embedActionConfigList"])
        self.assertEqual(info, self.get("session/info")["configInfo"])
        overrides = self.get("admin/configinfo/overrides")
        self.assertEqual({"category": "DATA", "dataType": "INTEGER", "description": "The size", "current": 50},
                         overrides["batchSize"])
        self.assertEqual(("BOOLEAN", False), tuple(
            overrides["sharingConfiguration.enableVizSharing"][key] for key in ("dataType", "current")))
        self.assertEqual(("STRING", "Shop"), tuple(
            overrides["emailConfig.companyName"][key] for key in ("dataType", "current")))
        self.assertEqual(("ARRAYLIST", [{"id": "a"}]), tuple(
            overrides["embedActionConfigList"][key] for key in ("dataType", "current")))

    def test_a_fork_changes_alone(self):
        Control(self.server).do("PUT", "/namespaces/other", {})
        self.assertNoContent(self.update({"maxFilterValues": 1}, self.cookie("tsadmin+other")))
        self.assertEqual(10000, self.get("admin/configinfo")["maxFilterValues"])

    def test_errors_change_nothing(self):
        before = self.get("admin/configinfo")
        for changes in ("", "[]", "{", '{"a": 1} x', {"maxFilterValues": 1, "maxFilterValues.x": 1}, {"": 1}, {"a..b": 1},
                        {".".join("a" * 20): 1}, {"isSaas": True}, {str(i): i for i in range(1001)},
                        "[" * 50_000, '{"a":' * 20_000):
            self.assertIsError(self.update(changes), 400)
        self.assertEqual(before, self.get("admin/configinfo"))
        self.assertIsError(self.update({"a": 1}, self.cookie("reader", "secret")), 401)
        self.assertIsError(self.update({"a": 1}, {}), 401)


class DeletionTest(ChangesTest):
    """As user_tools deletes: the ids come from listobjectheaders, and the status must be 204."""

    def test_users(self):
        ann = self.id_of("USER", "ann")
        self.assertNoContent(self.send(f"{PRIVATE}/session/user/deleteusers", ids=json.dumps([ann])))
        self.assertNotIn("ann", [user["name"] for user in self.get("user/list")])
        board, = (row for row in self.get("metadata/list", type="PINBOARD_ANSWER_BOOK")["headers"]
                  if row["name"] == "Overview")
        self.assertEqual("system", board["authorName"])
        self.assertIsError(self.send(f"{PRIVATE}/session/user/deleteusers", ids=json.dumps([ann])), 500)
        events = [json.loads(row["log"]) for row in self.get("logs/topics/security_logs")]
        event = [event for event in events if event["type"] == "USERS_DELETED"][-1]
        self.assertEqual(("tsadmin", [ann]), (event["userName"], event["data"]["ids"]))

    def test_groups(self):
        group = self.id_of("USER_GROUP", "Analysts")
        detail = self.get(f"{PRIVATE}/metadata/detail/{group}", type="USER_GROUP")
        self.assertEqual(["AUTHORING"], detail["privileges"])
        self.assertNoContent(self.send(f"{PRIVATE}/session/group/deletegroups", ids=json.dumps([group])))
        self.assertIsError(self.call("group", name="Analysts"), 400)
        self.assertEqual([], self.get("user", name="ann")["privileges"])
        self.assertEqual([], self.get("group", name="Inner")["assignedGroups"])

    def test_errors_delete_nobody(self):
        users, ann = f"{PRIVATE}/session/user/deleteusers", self.id_of("USER", "ann")
        for status, ids in ((500, [ann, str(uuid.uuid4())]), (500, ["x"]), (400, [ann, self.id_of("USER", "tsadmin")]),
                            (400, [self.id_of("USER", "system")]), (400, [])):
            self.assertIsError(self.send(users, ids=json.dumps(ids)), status)
        self.assertIsError(self.send(users), 400)
        self.assertIsError(self.send(users, headers=self.cookie("reader", "secret"), ids=json.dumps([ann])), 403)
        self.assertIsError(self.send(f"{PRIVATE}/session/group/deletegroups",
                                     ids=json.dumps([self.id_of("USER_GROUP", "All")])), 400)
        self.assertEqual("ann", self.get("user", name="ann")["header"]["name"])


class OrgsTest(ChangesTest):
    def names(self, headers, kind):
        return {row["name"] for row in self.call("metadata/list", headers, type=kind).json()["headers"]}

    def test_objects_of_the_org(self):
        headers = self.cookie()
        self.assertEqual({"Overview"}, self.names(headers, "PINBOARD_ANSWER_BOOK"))
        self.assertNotIn("ben", self.names(headers, "USER"))
        self.assertNoContent(self.send("session/orgs", "PUT", headers, orgid=7))
        self.assertEqual({"Overview", "Pipeline"}, self.names(headers, "PINBOARD_ANSWER_BOOK"))
        self.assertIn("ben", {user["name"] for user in self.call("user/list", headers).json()})
        self.assertEqual({"Warehouse", "Leads"}, {
            row["name"] for row in self.call("connection/list", headers).json()["headers"]})

    def test_objects_of_other_orgs_are_unknown(self):
        sales = self.cookie()
        self.assertNoContent(self.send("session/orgs", "PUT", sales, orgid=7))
        board = self.id_of("PINBOARD_ANSWER_BOOK", "Pipeline", sales)
        self.assertEqual(200, self.call("metadata/listvizheaders", sales, id=board).status)
        self.assertIsError(self.call("metadata/listvizheaders", id=board), 400)
        self.assertIsError(self.send("session/homepinboard", id=board), 403)
        self.assertIsError(self.call("user", name="ben"), 400)

    def test_membership(self):
        headers = self.cookie("reader", "secret")
        orgs = self.call("session/orgs", headers).json()
        self.assertEqual(([7], 7, False), ([org["orgId"] for org in orgs["orgs"]], orgs["currentOrgId"],
                                           orgs["canAdministerAllOrgs"]))
        self.assertIsError(self.send("session/orgs", "PUT", headers, orgid=0), 403)
        admin = self.get("session/orgs")
        self.assertEqual(([0, 7], 0, True), ([org["orgId"] for org in admin["orgs"]], admin["currentOrgId"],
                                             admin["canAdministerAllOrgs"]))
        reader = self.call("session/info", headers).json()["userGUID"]
        self.assertEqual([7], [org["orgId"] for org in self.get(f"session/orgs/users/{reader}", orgScope="ALL")["orgs"]])
        self.assertIsError(self.call(f"session/orgs/users/{self.id_of('USER', 'ann')}", headers), 403)

    def test_logins_choose_an_org(self):
        def org_of(response):
            return self.server.exchange("GET", "/api/rest/2.0/auth/session/user", {
                "Authorization": f"Bearer {response.text}"}).json()["current_org"]["id"]
        form = {"secret_key": SECRET, "username": "tsadmin"}
        self.assertEqual(7, org_of(self.send("session/auth/token", headers={}, orgid=7, **form)))
        self.assertIsError(self.send("session/auth/token", headers={}, orgid=9, **form), 400)
        self.assertIsError(self.send("session/auth/token", headers={}, orgid=8, **form), 403)
        for org, status in (("Sales", 204), ("7", 204), ("Closed", 403), ("x", 400)):
            login = self.server.exchange("POST", "/api/rest/2.0/auth/session/login", {}, json.dumps(
                {"username": "tsadmin", "password": "admin", "org_identifier": org}))
            self.assertEqual(status, login.status, login.text)


if __name__ == "__main__":
    harness.main()
