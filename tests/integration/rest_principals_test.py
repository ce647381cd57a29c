"""The calls of the REST API that make, change and delete users and groups: user, user/sync, ownership, privileges,
and the users of trusted logins.

What is expected comes from the vendor's documentation and from what public clients send and read (user_tools).
"""

import json
import urllib.parse
import uuid

import harness
from mock_control_test import Control
from rest_changes_test import ChangesTest
from rest_v1_test import LONG, PRIVATE, SECRET

BOUNDARY = "tqlkit-test-boundary"


def form(**parts):
    """A body of multipart/form-data, as python-requests makes it of `files`."""
    text = "".join(f'--{BOUNDARY}\r\nContent-Disposition: form-data; name="{name}"; filename="{name}"\r\n\r\n{value}\r\n'
                   for name, value in parts.items())
    return text + f"--{BOUNDARY}--\r\n"


class PrincipalsTest(ChangesTest):
    def multipart(self, path, headers=None, **parts):
        headers = {**(self.cookie() if headers is None else headers),
                   "Content-Type": f"multipart/form-data; boundary={BOUNDARY}"}
        return self.server.exchange("POST", f"{LONG}/{path}", headers, form(**parts))

    def user(self, name):
        return self.get("user/", name=name)

    def events(self, kind):
        events = [json.loads(row["log"]) for row in self.get("logs/topics/security_logs", get_all_logs="true")]
        return [event for event in events if event["type"] == kind]


class UserTest(PrincipalsTest):
    def create(self, headers=None, **fields):
        return self.send("user/", headers=headers, **{"name": "eve", "password": "Pass@1", "displayname": "Eve E", **fields})

    def test_create(self):
        group = self.id_of("USER_GROUP", "Analysts")
        response = self.create(properties=json.dumps({"mail": "eve@example.com", "persona": "BUSINESS_USER"}),
                               groups=json.dumps([group]), triggeredbyadmin="true", visibility="NON_SHARABLE")
        self.assertEqual(200, response.status, response.text)
        user = response.json()
        self.assertEqual(user, self.user("eve"))
        self.assertEqual({"mail": "eve@example.com", "persona": "BUSINESS_USER", "displayNameLastUpdatedBy": "ADMIN"},
                         user["userContent"]["userProperties"])
        self.assertEqual(("ACTIVE", ["AUTHORING"], "LOCAL_USER", "USER", "NON_SHARABLE", "Eve E"), tuple(
            user[key] for key in ("state", "privileges", "type", "parenttype", "visibility", "displayName")))
        self.assertIn(group, user["assignedGroups"])
        self.assertEqual(self.get("session/info")["userGUID"], user["header"]["author"])
        self.assertGreater(user["header"]["created"], 1_700_000_000_000)
        self.assertEqual([user["header"]["id"]], self.events("USERS_CREATED")[-1]["data"]["ids"])

    def test_create_in_an_org(self):
        self.assertEqual(200, self.create(orgids="[7]").status)
        headers = self.cookie()
        names = lambda: [user["name"] for user in self.call("user/list", headers).json()]
        self.assertNotIn("eve", names())
        self.assertNoContent(self.send("session/orgs", "PUT", headers, orgid=7))
        self.assertIn("eve", names())

    def test_create_errors(self):
        for status, fields in ((409, {"name": "ann"}), (400, {"name": ""}), (500, {"password": ""}),
                               (400, {"name": "x" * 1000}), (400, {"groups": json.dumps([str(uuid.uuid4())])}),
                               (400, {"visibility": "SOMETIMES"}), (400, {"usertype": "ROBOT"}), (400, {"orgids": "[99]"}),
                               (400, {"properties": "[]"}), (400, {"properties": '{"mail": 1}'}),
                               (400, {"properties": json.dumps({"x": "y" * 100_000})}),
                               (400, {"triggeredbyadmin": "maybe"})):
            self.assertIsError(self.create(**fields), status)
        self.assertIsError(self.create(self.cookie("reader", "secret")), 403)
        self.assertIsError(self.create({}), 401)
        self.assertIsError(self.call("user", name="eve"), 400)

    def test_a_user_without_a_password(self):
        self.assertEqual(200, self.create(usertype="SAML_USER", password="").status)
        self.assertEqual("SAML_USER", self.user("eve")["type"])

    def test_update(self):
        user = self.user("ann")
        group = self.id_of("USER_GROUP", "Inner")
        user["userContent"]["userPreferences"]["notifyOnShare"] = False
        user["userContent"]["userProperties"]["mail"] = "ann@example.org"
        user["userContent"]["userActivityProto"]["welcome_email_sent"] = True
        user.update(state="INACTIVE", assignedGroups=[group], displayName="Ann A", visibility="NON_SHARABLE",
                    privileges=[*user["privileges"], "DEVELOPER"])
        user["header"]["name"] = "anna"
        path = f"user/{user['header']['id']}"
        self.assertNoContent(self.send(path, "PUT", content=json.dumps(user), triggeredbyadmin="false"))
        changed = self.user("anna")
        self.assertEqual(user["header"]["id"], changed["header"]["id"])
        self.assertEqual({"mail": "ann@example.org", "displayNameLastUpdatedBy": "AUTO"},
                         changed["userContent"]["userProperties"])
        self.assertEqual((False, True), (changed["userContent"]["userPreferences"]["notifyOnShare"],
                                         changed["userContent"]["userActivityProto"]["welcome_email_sent"]))
        self.assertEqual(("INACTIVE", "Ann A", "NON_SHARABLE", ["AUTHORING", "DEVELOPER"]), tuple(
            changed[key] for key in ("state", "displayName", "visibility", "privileges")))
        self.assertIn(group, changed["assignedGroups"])
        board, = (row for row in self.get("metadata/list", type="PINBOARD_ANSWER_BOOK")["headers"]
                  if row["name"] == "Overview")
        self.assertEqual("anna", board["authorName"])
        self.assertNoContent(self.send(path, "PUT", password="another"))

    def test_update_errors(self):
        before, path = self.user("ann"), f"user/{self.id_of('USER', 'ann')}"
        for content in ("", "x", "[]", '{"state": "ASLEEP"}', '{"assignedGroups": ["x"]}', '{"assignedGroups": 1}',
                        '{"privileges": ["FLYING"]}', '{"userContent": 1}', '{"visibility": "X"}',
                        '{"header": {"name": "ben"}}', '{"displayName": ""}', '{"header": {"name": ""}}'):
            self.assertIsError(self.send(path, "PUT", content=content), 500)
        self.assertIsError(self.send(f"user/{self.id_of('USER', 'tsadmin')}", "PUT",
                                     content='{"header": {"name": "x"}}'), 500)
        self.assertIsError(self.send(f"user/{uuid.uuid4()}", "PUT", content="{}"), 500)
        self.assertIsError(self.send(path, "PUT", self.cookie("reader", "secret"), content="{}"), 403)
        self.assertEqual(before, self.user("ann"))

    def test_mail(self):
        ann = self.id_of("USER", "ann")
        self.assertNoContent(self.send("user/email", "PUT", userid=ann, emailid="a@b.example"))
        self.assertEqual("a@b.example", self.user("ann")["userContent"]["userProperties"]["mail"])
        for mail in ("", "x", "@x", "x@"):
            self.assertIsError(self.send("user/email", "PUT", userid=ann, emailid=mail), 500)
        self.assertIsError(self.send("user/email", "PUT", userid="x", emailid="a@b"), 400)

    def test_delete(self):
        ann = self.id_of("USER", "ann")
        self.assertNoContent(self.send(f"user/{ann}", "DELETE"))
        self.assertIsError(self.send(f"user/{ann}", "DELETE"), 500)
        self.assertIsError(self.send(f"user/{self.id_of('USER', 'tsadmin')}", "DELETE"), 400)
        self.assertIsError(self.send(f"user/{ann}", "DELETE", self.cookie("reader", "secret")), 403)
        self.assertEqual([ann], self.events("USERS_DELETED")[-1]["data"]["ids"])

    def test_delete_from_an_org(self):
        self.assertEqual(200, self.create(orgids="[0, 7]").status)
        path = f"user/{self.id_of('USER', 'eve')}"
        self.assertIsError(self.send(path + "?orgid=99", "DELETE"), 400)
        self.assertNoContent(self.send(path + "?orgid=7", "DELETE"))
        self.assertEqual("eve", self.user("eve")["header"]["name"])
        self.assertNoContent(self.send(path + "?orgid=0", "DELETE"))
        self.assertIsError(self.call("user", name="eve"), 400)


class PrivilegeTest(PrincipalsTest):
    """As user_tools changes privileges: a form of parts, and the status must be 204."""

    def test_add_and_remove(self):
        groups = json.dumps(["Analysts", "All"])
        self.assertNoContent(self.multipart("group/addprivilege", privilege="DATADOWNLOADING", groupNames=groups))
        group = self.get(f"{PRIVATE}/metadata/detail/{self.id_of('USER_GROUP', 'Analysts')}", type="USER_GROUP")
        self.assertEqual(["AUTHORING", "DATADOWNLOADING"], group["privileges"])
        self.assertIn("DATADOWNLOADING", self.user("ann")["privileges"])
        for _ in range(2):
            self.assertNoContent(self.multipart("group/removeprivilege", privilege="DATADOWNLOADING", groupNames=groups))
        self.assertEqual(["AUTHORING"], self.user("ann")["privileges"])
        event = self.events("PRIVILEGE_CHANGES")[-1]
        self.assertEqual(("tsadmin", ["Analysts", "All"]), (event["userName"], event["data"]["groupNames"]))

    def test_errors(self):
        for call in "group/addprivilege", "group/removeprivilege":
            for privilege, groups in (("FLYING", '["All"]'), ("DEVELOPER", '["Nobody"]'), ("DEVELOPER", "[]"), ("", "[]")):
                self.assertIsError(self.multipart(call, privilege=privilege, groupNames=groups), 400)
            self.assertIsError(self.multipart(call, self.cookie("reader", "secret"), privilege="DEVELOPER",
                                              groupNames='["All"]'), 403)


class OwnershipTest(PrincipalsTest):
    def authors(self):
        return {row["name"]: row["authorName"] for kind in ("PINBOARD_ANSWER_BOOK", "DATA_SOURCE")
                for row in self.get("metadata/list", type=kind)["headers"]}

    def transfer(self, headers=None, **query):
        return self.send("user/transfer/ownership?" + urllib.parse.urlencode(query), headers=headers)

    def test_everything(self):
        self.assertNoContent(self.transfer(fromUserName="ann", toUserName="ben"))
        self.assertEqual("ben", self.authors()["Overview"])
        self.assertEqual("system", self.authors()["Warehouse"])

    def test_some_objects(self):
        board = self.id_of("PINBOARD_ANSWER_BOOK", "Overview")
        self.assertIsError(self.transfer(fromUserName="ann", toUserName="ben",
                                         objectsID=f"[{board},{uuid.uuid4()}]"), 400)
        self.assertEqual("ann", self.authors()["Overview"])
        self.assertNoContent(self.transfer(fromUserName="ann", toUserName="tsadmin", objectsID=f"[{board}]"))
        self.assertEqual("tsadmin", self.authors()["Overview"])

    def test_errors(self):
        for query in ({}, {"fromUserName": "ann"}, {"fromUserName": "ann", "toUserName": "nobody"},
                      {"fromUserName": "system", "toUserName": "ann"}, {"fromUserName": "ann", "toUserName": "system"}):
            self.assertIsError(self.transfer(**query), 400)
        self.assertIsError(self.transfer(self.cookie("reader", "secret"), fromUserName="ann", toUserName="ben"), 403)


class SyncTest(PrincipalsTest):
    """As user_tools synchronizes: the list is a part of a form, of the type text/json."""

    LIST = [{"name": "Marketing", "displayName": "Marketing", "description": "M", "principalTypeEnum": "LOCAL_GROUP",
             "groupNames": [], "visibility": "DEFAULT", "created": 1587573582931},
            {"name": "test1", "displayName": "test one", "mail": "test1@test.com", "principalTypeEnum": "LOCAL_USER",
             "groupNames": ["All", "Marketing"], "visibility": "DEFAULT"},
            {"name": "ann", "displayName": "Ann A", "principalTypeEnum": "LOCAL_USER", "groupNames": ["Marketing"]}]
    CHANGES = {"usersAdded": ["test1"], "usersDeleted": [], "usersUpdated": ["ann"],
               "groupsAdded": ["Marketing"], "groupsDeleted": [], "groupsUpdated": []}

    def sync(self, principals, headers=None, **parts):
        return self.multipart("user/sync", headers, principals=json.dumps(principals), **parts)

    def synced(self, principals, **parts):
        response = self.sync(principals, **parts)
        self.assertEqual(200, response.status, response.text)
        return response.json()

    def test_without_deletions(self):
        self.assertEqual(self.CHANGES, self.synced(self.LIST, applyChanges="true", removeDeleted="false", password="x"))
        user = self.user("test1")
        self.assertEqual({"mail": "test1@test.com"}, user["userContent"]["userProperties"])
        listed = {row["name"]: row for row in self.get("user/list")}
        self.assertEqual(({"All", "Marketing"}, "test one"),
                         (set(listed["test1"]["groupNames"]), listed["test1"]["displayName"]))
        self.assertEqual({"All", "Marketing"}, set(listed["ann"]["groupNames"]))
        self.assertEqual("M", listed["Marketing"]["description"])
        again = self.synced(self.LIST, applyChanges="true", removeDeleted="false")
        self.assertEqual({key: [] for key in self.CHANGES}, again)

    def test_it_only_says_what_would_change(self):
        before = self.get("user/list")
        expected = {**self.CHANGES, "groupsDeleted": ["Analysts", "Inner"]}
        self.assertEqual(expected, self.synced(self.LIST))
        self.assertEqual(before, self.get("user/list"))

    def test_who_is_not_listed_is_deleted(self):
        changes = self.synced(self.LIST[:2], applyChanges="true")
        self.assertEqual((["ann"], ["Analysts", "Inner"]), (changes["usersDeleted"], changes["groupsDeleted"]))
        names = {row["name"] for row in self.get("user/list")}
        self.assertLessEqual({"tsadmin", "system", "su", "guest", "Administrator", "All", "System", "test1"}, names)
        self.assertFalse({"ann", "Analysts"} & names)
        self.assertEqual("system", self.get("metadata/list", type="PINBOARD_ANSWER_BOOK")["headers"][0]["authorName"])

    def test_other_orgs(self):
        changes = self.synced([], applyChanges="false", removeDeleted="true")
        self.assertEqual(["ann"], changes["usersDeleted"], "ben and reader belong to another org")
        response = self.server.exchange("POST", f"{LONG}/user/sync?orgScope=ALL", {
            **self.cookie(), "Content-Type": f"multipart/form-data; boundary={BOUNDARY}"}, form(principals="[]"))
        self.assertEqual(["ann", "ben"], response.json()["usersDeleted"], "reader may log in")

    def test_what_user_list_returns_changes_nothing(self):
        self.assertEqual({key: [] for key in self.CHANGES}, self.synced(self.get("user/list"), applyChanges="true"))

    def test_errors_change_nothing(self):
        before = self.get("user/list")
        user = {"name": "x", "principalTypeEnum": "LOCAL_USER"}
        for principals in ({}, [1], [{"name": "x"}], [{**user, "name": ""}], [{**user, "principalTypeEnum": "X"}],
                           [user, user], [{**user, "groupNames": ["Nobody"]}], [{**user, "groupNames": 1}],
                           [{**user, "visibility": "X"}], [{**user, "name": "x" * 2000}]):
            self.assertIsError(self.sync(principals, applyChanges="true"), 500)
        for body in ("", "[", "[" * 10_000):
            self.assertIsError(self.multipart("user/sync", principals=body, applyChanges="true"), 500)
        self.assertIsError(self.sync([user], applyChanges="perhaps"), 500)
        self.assertIsError(self.sync([user], self.cookie("reader", "secret")), 403)
        self.assertEqual(before, self.get("user/list"))

    def test_many(self):
        users = [{"name": f"user{i}", "displayName": f"User {i}", "mail": f"user{i}@example.com",
                  "principalTypeEnum": "LOCAL_USER", "groupNames": ["Analysts"], "visibility": "DEFAULT"}
                 for i in range(20_000)]
        self.assertGreater(len(json.dumps(users)), 2 << 20)
        changes = self.synced(users, applyChanges="true", removeDeleted="false")
        self.assertEqual(20_000, len(changes["usersAdded"]))


class TrustedUserTest(PrincipalsTest):
    def token(self, **fields):
        return self.server.exchange("POST", f"{LONG}/session/auth/token", {},
                                    urllib.parse.urlencode({"secret_key": SECRET, "access_level": "FULL", **fields}))

    def v2(self, path, **fields):
        return self.server.exchange("POST", f"/api/rest/2.0/auth/token/{path}", {"Content-Type": "application/json"},
                                    json.dumps({"secret_key": SECRET, **fields}))

    def info(self, token):
        return self.call("session/info", {"Authorization": f"Bearer {token}"})

    def test_a_user_of_the_world(self):
        info = self.info(self.token(username="ann").text).json()
        self.assertEqual(("ann", ["AUTHORING"]), (info["userName"], info["privileges"]))

    def test_autocreate(self):
        self.assertIsError(self.token(username="new"), 400)
        self.assertIsError(self.token(username="new", autocreate="false"), 400)
        token = self.token(username="new", autocreate="true", email="new@example.com", display_name="New",
                           groups='["Analysts"]').text
        info = self.info(token).json()
        self.assertEqual(("new", "New", "new@example.com", ["AUTHORING"]), tuple(
            info[key] for key in ("userName", "userDisplayName", "userEmail", "privileges")))
        self.assertEqual(info["userGUID"], self.user("new")["header"]["id"])
        self.assertEqual(["new"], self.events("USERS_CREATED")[-1]["data"]["names"])
        self.assertEqual(200, self.token(username="new", autocreate="true", display_name="Other").status)
        self.assertEqual("New", self.user("new")["displayName"], "an existing user stays as it is")

    def test_v2(self):
        for path, groups in (("full", {"group_identifiers": ["Analysts"]}), ("custom", {"groups": [{"identifier": "Analysts"}], "persist_option": "NONE"})):
            with self.subTest(path=path):
                name = f"new-{path}"
                self.assertEqual(400, self.v2(path, username=name).status)
                response = self.v2(path, username=name, auto_create=True, email="e@example.com", display_name="D", **groups)
                self.assertEqual(200, response.status, response.text)
                answer = response.json()
                found = answer["valid_for_username"] if path == "full" else answer["user"]["name"]
                self.assertEqual(name, found)
                self.assertEqual(["AUTHORING"], self.info(answer["token"]).json()["privileges"])

    def test_privileges_for_statements(self):
        static = "/ts_dataservice/v1/public/tql/tokens/static"
        for groups, status in (("[]", 401), ('["Administrator"]', 200)):
            token = self.token(username=f"user{status}", autocreate="true", groups=groups).text
            self.assertEqual(status, self.call(static, {"Authorization": f"Bearer {token}"}).status)

    def test_a_session_ends_with_its_user(self):
        token = self.token(username="new", autocreate="true").text
        self.assertNoContent(self.send(f"user/{self.id_of('USER', 'new')}", "DELETE"))
        self.assertIsError(self.info(token), 401)

    def test_errors(self):
        for fields in ({"groups": '["Nobody"]'}, {"email": "x" * 1000}, {"autocreate": "perhaps"}):
            self.assertIsError(self.token(**{"username": "new", "autocreate": "true", **fields}), 400)
        self.assertIsError(self.token(username="new", autocreate="true", secret_key="x"), 401)
        self.assertIsError(self.call("user", name="new"), 400)


class RememberTest(PrincipalsTest):
    def test_a_week(self):
        main = Control(self.server)
        for path, login in (("/callosum/v1/session/login", lambda yes: f"username=tsadmin&password=admin&rememberme={yes}"),
                            ("/api/rest/2.0/auth/session/login", lambda yes: json.dumps(
                                {"username": "tsadmin", "password": "admin", "remember_me": yes == "true"}))):
            with self.subTest(path=path):
                cookies = {}
                for yes in ("true", "false"):
                    response = self.server.exchange("POST", path, {}, login(yes))
                    cookies[yes] = {"Cookie": f"JSESSIONID={harness.session_cookie(response)}"}
                main.do("PUT", "/clock", {"advance": f"{6 * 86400}s"})
                self.addCleanup(main.do, "PUT", "/clock", {"real": True})
                self.assertEqual([200, 401], [self.call("session/info", cookies[yes]).status for yes in ("true", "false")])
                main.do("PUT", "/clock", {"advance": f"{2 * 86400}s"})
                self.assertEqual(401, self.call("session/info", cookies["true"]).status)


class OrgsOfEventsTest(PrincipalsTest):
    def test_events_have_the_org_of_their_session(self):
        headers = self.cookie()
        self.assertNoContent(self.send("session/orgs", "PUT", headers, orgid=7))
        self.assertEqual(200, self.send("user/", headers=headers, name="eve", password="x", displayname="E").status)
        self.assertEqual(7, self.events("USERS_CREATED")[-1]["orgId"])
        own = [json.loads(row["log"])["type"] for row in self.get("logs/topics/security_logs")]
        self.assertNotIn("USERS_CREATED", own)
        sales = [json.loads(row["log"]) for row in self.call("logs/topics/security_logs?get_all_logs=true", headers).json()]
        self.assertEqual({7}, {event["orgId"] for event in sales}, "all orgs are for the primary one")
        login = self.events("LOGIN_SUCCESSFUL")[-1]
        self.assertEqual({"userName": "tsadmin"}, login["data"])


if __name__ == "__main__":
    harness.main()
