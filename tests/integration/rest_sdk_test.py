"""The REST API v2 as @thoughtspot/rest-api-sdk 2.24.0 calls it: what its methods send, the statuses that they take
as success, and the members that their models declare."""

import json
import os
import pathlib
import subprocess
import unittest

import harness
from mock_control_test import Control

V2 = "/api/rest/2.0"
HEADERS = {"Content-Type": "application/json", "Accept": "application/json, */*;q=0.8",
           "User-Agent": "ThoughtSpot-Client/typescript/2.24.0",
           "X-ThoughtSpot-Client": "ThoughtSpot-ts-client/2.24.0"}
ACCOUNT_TYPES = {"LOCAL_USER", "LDAP_USER", "SAML_USER", "OIDC_USER", "REMOTE_USER"}
VISIBILITIES = {"SHARABLE", "NON_SHARABLE"}
WAREHOUSES = {"SNOWFLAKE", "AMAZON_REDSHIFT", "GOOGLE_BIGQUERY", "AZURE_SYNAPSE", "PRESTO", "ORACLE_ADW", "DATABRICKS",
              "SAP_HANA"}
WORLD = """
org: [{id: 0, name: Primary}, {id: 7, name: Sales}]
role: [{name: Reader, privilege: [DATADOWNLOADING]}]
group:
- {name: Analysts, privilege: [AUTHORING], role: [Reader]}
- {name: Inner, group: [Analysts]}
user:
- {name: ann, mail: ann@example.com, group: [Inner]}
- {name: ben, org: [Sales]}
- {name: reader}
tag: [{name: Retail, color: "#3366cc"}]
connection:
- {name: Warehouse, type: RDBMS_GCP_BIGQUERY, tag: [Retail]}
- {name: Lake, type: RDBMS_REDSHIFT}
table: [{name: Sales, type: WORKSHEET, connection: Warehouse, column: [{name: Amount}]}]
answer: [{name: Amounts, author: ann}]
liveboard:
- {name: Overview, author: ann, tag: [Retail], visualization: [{name: Total, type: HEADLINE}]}
- {name: Hidden, hidden: true}
"""


def members(text, numbers=(), lists=()):
    """The members of a model: booleans have no suffix, texts '$', other types are listed."""
    model = {}
    for word in text.split():
        model[word.rstrip("$")] = str if word.endswith("$") else bool
    return {**model, **{name: int for name in numbers}, **{name: list for name in lists}}


TIMES = ("creation_time_in_millis", "modification_time_in_millis")
USER = members(
    "id$ name$ display_name$ visibility$ author_id$ can_change_password complete_detail deleted deprecated account_type$ "
    "account_status$ email$ external hidden is_first_login modifier_id$ notify_on_share use_browser_language "
    "onboarding_experience_completed owner_id$ parent_type$ show_onboarding_experience super_user system_user tenant_id$ "
    "welcome_email_sent",
    (*TIMES, "expiration_time_in_millis", "first_login_time_in_millis", "group_mask"),
    ("favorite_metadata", "incomplete_details", "orgs", "privileges", "tags", "user_groups", "user_inherited_groups"))
GROUP = members(
    "author_id$ complete_detail deleted deprecated description$ display_name$ external hidden id$ modifier_id$ name$ "
    "owner_id$ parent_type$ system_group type$ visibility$",
    (*TIMES, "generation_number", "index", "index_version", "metadata_version"),
    ("default_liveboards", "orgs", "privileges", "roles", "sub_groups", "tags", "users"))
TAG = members("name$ id$ color$ deleted hidden external deprecated author_id$ modifier_id$ owner_id$", TIMES)
ORG = members("name$ status$ description$ visibility$", ("id",))
ROLE = members("id$ name$ description$ permission$ author_id$ modifier_id$ deleted deprecated external hidden "
               "shared_via_connection", (*TIMES, "groups_assigned_count"), ("orgs", "groups", "privileges"))
SYSTEM = members(
    "id$ name$ release_version$ time_zone$ locale$ date_format$ api_version$ type$ environment$ license$ "
    "date_time_format$ time_format$ system_user_id$ super_user_id$ hidden_object_id$ system_group_id$ tsadmin_user_id$ "
    "admin_group_id$ all_tables_connection_id$ all_user_group_id$", ("all_user_group_member_user_count",
                                                                     "logical_model_version"))
TOKEN_TIMES = ("creation_time_in_millis", "expiration_time_in_millis")
TOKEN = members("token$ valid_for_user_id$ valid_for_username$", TOKEN_TIMES)


class SdkTest(harness.ServerTest):
    flags = ("--user", "tsadmin:admin", "--user-without-privileges", "reader:secret", "--seed", "1")
    setup_script = "CREATE DATABASE shop; USE shop; CREATE TABLE orders (id BIGINT);"

    def setUp(self):
        Control(self.server).do("PUT", "/world", WORLD)

    def send(self, method, path, body=None, user="tsadmin", password="admin"):
        """The SDK fetches a token before every call."""
        login = {"username": user, "password": password}
        response = self.server.exchange("POST", f"{V2}/auth/token/full", HEADERS, json.dumps(login))
        self.assertEqual(200, response.status, response.text)
        headers = {**HEADERS, "Authorization": "Bearer " + response.json()["token"]}
        return self.server.exchange(method, f"{V2}/{path}", headers, "" if body is None else json.dumps(body))

    def call(self, path, body=None, **login):
        """The answer of a call that succeeds with 200, whose Content-Type the SDK requires."""
        response = self.send("GET" if body is None else "POST", path, body, **login)
        self.assertEqual((200, "application/json"), (response.status, response.get("Content-Type")), response.text)
        return response.json()

    def done(self, path, body, **login):
        """The SDK takes 204 alone as the success of a call without an answer."""
        response = self.send("POST", path, body, **login)
        self.assertEqual((204, b""), (response.status, response.body), response.text)

    def assertIsError(self, status, path, body, **login):
        """The SDK's ErrorResponse has the member error; its body must be JSON."""
        response = self.send("POST", path, body, **login)
        self.assertEqual((status, "application/json"), (response.status, response.get("Content-Type")), response.text)
        self.assertIn("debug", response.json()["error"]["message"]["debug"])

    def assertIsA(self, model, found):
        for name, kind in model.items():
            self.assertIs(kind, type(found.get(name)), f"{name}: {found.get(name)!r}")

    def one(self, path, **body):
        found, = self.call(path, body)
        return found


class ModelsTest(SdkTest):
    def test_user(self):
        for user in [self.call("auth/session/user"), *self.call("users/search", {"record_size": -1})]:
            self.assertIsA(USER, user)
            self.assertIn(user["account_type"], ACCOUNT_TYPES)
            self.assertIn(user["visibility"], VISIBILITIES)
            self.assertLessEqual({"home_liveboard", "current_org", "org_privileges", "preferred_locale"}, set(user))
        self.assertEqual({"id": 0, "name": "Primary"}, self.call("auth/session/user")["current_org"])
        ann = self.one("users/search", user_identifier="ann")
        self.assertEqual({"All", "Inner"}, {group["name"] for group in ann["user_groups"]})
        self.assertEqual({"All", "Inner", "Analysts"}, {group["name"] for group in ann["user_inherited_groups"]})

    def test_group(self):
        for group in self.call("groups/search", {"record_size": -1}):
            self.assertIsA(GROUP, group)
        analysts = self.one("groups/search", group_identifier="Analysts")
        self.assertEqual(["Inner"], [group["name"] for group in analysts["sub_groups"]])
        self.assertEqual(["Reader"], [role["name"] for role in analysts["roles"]])
        self.assertEqual(["AUTHORING"], analysts["privileges"])
        inner = self.one("groups/search", group_identifier="Inner")
        self.assertEqual(["ann"], [user["name"] for user in inner["users"]])
        self.assertEqual([], self.one("groups/search", group_identifier="Inner", include_users=False)["users"])

    def test_others(self):
        self.assertIsA(TAG, self.one("tags/search"))
        for org in self.call("orgs/search", {}):
            self.assertIsA(ORG, org)
        role = self.one("roles/search")
        self.assertIsA(ROLE, role)
        self.assertEqual((1, ["Analysts"]), (role["groups_assigned_count"], [g["name"] for g in role["groups"]]))
        self.assertIsA(SYSTEM, self.call("system"))
        self.assertEqual({"onboarding_content_url": str, "saml_enabled": bool, "okta_enabled": bool},
                         {name: type(value) for name, value in self.call("system/config").items()})
        self.assertIsInstance(self.call("system/config-overrides")["config_override_info"], dict)

    def test_connection(self):
        found = {one["name"]: one for one in self.call("connection/search", {})}
        self.assertEqual({"Warehouse": "GOOGLE_BIGQUERY", "Lake": "AMAZON_REDSHIFT"},
                         {name: one["data_warehouse_type"] for name, one in found.items()})
        for one in found.values():
            self.assertIn(one["data_warehouse_type"], WAREHOUSES)
            self.assertIsInstance(one["data_warehouse_objects"]["databases"], list)
            self.assertIsInstance(one["details"], dict)

    def test_tokens(self):
        login = {"username": "tsadmin", "password": "admin"}
        full = self.call("auth/token/full", login)
        self.assertIsA(TOKEN, full)
        self.assertEqual({"access_type": "FULL", "org_id": 0, "metadata_id": None}, full["scope"])
        self.assertIsA(TOKEN, self.call("auth/session/token"))
        self.assertEqual("REPORT_BOOK_VIEW", self.call("auth/token/object", {**login, "object_id": "x"})["scope"]["access_type"])
        custom = self.call("auth/token/custom", {**login, "persist_option": "NONE"})
        self.assertIsA(members("token$", TOKEN_TIMES), custom)
        self.assertEqual(({"id": 0, "name": "Primary"}, "tsadmin"), (custom["org"], custom["user"]["name"]))
        self.assertIsError(400, "auth/token/custom", login)

    def test_validate_and_revoke(self):
        token = self.call("auth/token/full", {"username": "reader", "password": "secret"})["token"]
        valid = self.call("auth/token/validate", {"token": token})
        self.assertIsA(members("valid_for_user_id$ token_type$", TOKEN_TIMES), valid)
        self.assertEqual("FULL", valid["scope"]["access_type"])
        self.assertIsError(400, "auth/token/revoke", {"user_identifier": "tsadmin", "token": token})
        self.assertIsError(400, "auth/token/revoke", {"user_identifier": "tsadmin", "token": ""})
        admins = self.call("auth/token/full", {"username": "tsadmin", "password": "admin"})["token"]
        self.assertIsError(403, "auth/token/revoke", {"token": admins}, user="reader", password="secret")
        self.done("auth/token/revoke", {"user_identifier": "reader", "token": token})
        self.assertIsError(401, "auth/token/validate", {"token": token})
        self.done("auth/token/revoke", {"user_identifier": "tsadmin"})


class SearchTest(SdkTest):
    def names(self, path, **body):
        return [one.get("name", one.get("metadata_name")) for one in self.call(path, body)]

    def test_users(self):
        for body, expected in (({"display_name": "ANN"}, ["ann"]), ({"email": "ann@%"}, ["ann"]),
                               ({"group_identifiers": ["Inner"]}, ["ann"]), ({"role_identifiers": ["Reader"]}, ["ann"]),
                               ({"privileges": ["AUTHORING"]}, ["ann"]), ({"account_status": "LOCKED"}, []),
                               ({"name_pattern": "%nn", "visibility": "NON_SHARABLE"}, []),
                               ({"org_identifiers": ["Sales"], "name_pattern": "ann"}, ["ann"])):
            with self.subTest(body=body):
                self.assertEqual(expected, self.names("users/search", **body))
        ordered = self.names("users/search", record_size=-1, sort_options={"field_name": "NAME", "order": "DESC"})
        self.assertEqual(sorted(ordered, reverse=True), ordered)
        self.assertEqual(ordered[1:3], self.names("users/search", record_offset=1, record_size=2,
                                                  sort_options={"field_name": "NAME", "order": "DESC"}))

    def test_groups(self):
        for body in ({"user_identifiers": ["ann"], "privileges": ["AUTHORING"]}, {"name_pattern": "inn%"}):
            self.assertEqual(["Inner"], self.names("groups/search", **body))
        for body in ({"sub_group_identifiers": ["Inner"]}, {"role_identifiers": ["Reader"]}):
            self.assertEqual(["Analysts"], self.names("groups/search", **body))

    def test_metadata(self):
        boards = [{"type": "LIVEBOARD"}]
        self.assertEqual(["Overview"], self.names("metadata/search", metadata=boards))
        self.assertEqual(["Overview", "Hidden"], self.names("metadata/search", metadata=boards,
                                                            include_hidden_objects=True))
        self.assertEqual(["Overview"], self.names("metadata/search", metadata=boards, tag_identifiers=["Retail"]))
        self.assertEqual(["Overview", "Amounts"], self.names("metadata/search", created_by_user_identifiers=["ann"]))
        self.assertEqual([], self.names("metadata/search", metadata=boards,
                                        exclude_objects=[{"type": "LIVEBOARD", "identifier": "Overview"}]))
        worksheets = [{"type": "LOGICAL_TABLE", "subtypes": ["WORKSHEET"]}]
        sheet = self.one("metadata/search", metadata=worksheets, include_details=True, include_headers=False)
        self.assertIsNone(sheet["metadata_header"])
        self.assertEqual("Amount", sheet["metadata_detail"]["columns"][0]["header"]["name"])
        self.assertEqual("Warehouse", self.one("metadata/search", metadata=worksheets)["metadata_header"]["dataSourceName"])
        board = self.one("metadata/search", metadata=boards, include_visualization_headers=True)
        self.assertEqual(["Total"], [part["name"] for part in board["visualization_headers"]])
        self.assertEqual({"metadata_id", "metadata_name", "metadata_type", "metadata_obj_id", "dependent_objects",
                          "incomplete_objects", "metadata_detail", "metadata_header", "visualization_headers", "stats"},
                         set(board))
        everything = self.call("metadata/search", {"record_size": -1})
        self.assertIn("USER", {one["metadata_type"] for one in everything})
        self.assertNotIn("USER", {one["metadata_type"] for one in self.call(
            "metadata/search", {"record_size": -1}, user="reader", password="secret")})
        self.assertEqual([], self.names("metadata/search", metadata=[{"type": "LOGICAL_RELATIONSHIP"}]))

    def test_others(self):
        self.assertEqual(["Warehouse"], self.names("connection/search", tag_identifiers=["Retail"]))
        self.assertEqual(["Lake"], self.names("connection/search", data_warehouse_types=["AMAZON_REDSHIFT"]))
        self.assertEqual(["Lake"], self.names("connection/search", connections=[{"identifier": "Lake"}]))
        self.assertEqual(["Sales"], self.names("orgs/search", org_identifier="7"))
        self.assertEqual([], self.names("orgs/search", status="IN_ACTIVE"))
        self.assertEqual([], self.names("roles/search", privileges=["ADMINISTRATION"]))
        self.assertEqual(["Retail"], self.names("tags/search", name_pattern="ret%", color="#3366CC"))

    def test_wrong_types(self):
        for path, body in (("users/search", {"visibility": ["SHARABLE"]}), ("users/search", {"visibility": "DEFAULT"}),
                           ("users/search", {"sort_options": [["order", "ASC"]]}), ("users/search", {"privileges": ["X"]}),
                           ("users/search", {"notify_on_share": "perhaps"}), ("tags/search", {"color": ["#8f9931"]}),
                           ("orgs/search", {"description": ["a", "b"]}), ("roles/search", {"permissions": ["random"]}),
                           ("metadata/search", {"metadata": "abc"}), ("metadata/search", {"metadata": [{"identifier": "Sales"}]}),
                           ("metadata/search", {"tag_identifiers": {}}), ("connection/search", {"connections": [1]})):
            with self.subTest(path=path, body=body):
                self.assertIsError(400, path, body)


class ChangesTest(SdkTest):
    def test_user(self):
        made = self.call("users/create", {"name": "carol", "display_name": "Carol", "email": "carol@example.com",
                                          "password": "x", "group_identifiers": ["Analysts"], "visibility": "NON_SHARABLE"})
        self.assertIsA(USER, made)
        self.assertEqual(("carol", "NON_SHARABLE", ["AUTHORING"]), (made["name"], made["visibility"], made["privileges"]))
        self.assertEqual(made, self.one("users/search", user_identifier=made["id"]))
        self.done("users/carol/update", {"display_name": "C.", "account_status": "INACTIVE", "operation": "ADD",
                                         "group_identifiers": ["Inner"]})
        user = self.one("users/search", user_identifier="carol")
        self.assertEqual(("C.", "INACTIVE", {"All", "Analysts", "Inner"}), (
            user["display_name"], user["account_status"], {group["name"] for group in user["user_groups"]}))
        self.done(f"users/{made['id']}/update", {"name": "carla", "group_identifiers": []})
        self.assertEqual([{"All"}], [{group["name"] for group in one["user_groups"]} for one in self.call(
            "users/search", {"user_identifier": "carla"})])
        self.done("users/carla/update", {})
        self.done("users/carla/delete", {})
        self.assertEqual([], self.call("users/search", {"user_identifier": "carla"}))
        self.done("users/ann/update", {"name": "anna"})
        board = self.one("metadata/search", metadata=[{"type": "LIVEBOARD"}])
        self.assertEqual("anna", board["metadata_header"]["authorName"])
        events = [json.loads(row["log"])["type"] for row in self.call("logs/fetch", {"log_type": "SECURITY_AUDIT"})]
        self.assertLessEqual({"USERS_CREATED", "USERS_MODIFIED", "USERS_DELETED"}, set(events))

    def test_group(self):
        made = self.call("groups/create", {"name": "Buyers", "display_name": "Buyers", "privileges": ["CAN_USE_SPOTTER"],
                                           "user_identifiers": ["ann"], "sub_group_identifiers": ["Inner"]})
        self.assertIsA(GROUP, made)
        self.assertEqual((["ann"], ["Inner"]), tuple([one["name"] for one in made[key]] for key in ("users", "sub_groups")))
        self.done("groups/Buyers/update", {"operation": "REMOVE", "user_identifiers": ["ann"], "description": "Who buy"})
        self.done("groups/Buyers/update", {"name": "Clients", "privileges": [], "sub_group_identifiers": []})
        group = self.one("groups/search", group_identifier=made["id"])
        self.assertEqual(("Clients", "Who buy", [], [], []), tuple(
            group[key] for key in ("name", "description", "users", "sub_groups", "privileges")))
        self.assertIsError(400, "groups/Analysts/update", {"sub_group_identifiers": ["Analysts"]})
        self.done("groups/Clients/delete", {})
        self.assertEqual([], self.call("groups/search", {"group_identifier": "Clients"}))

    def test_tag(self):
        made = self.call("tags/create", {"name": "New", "color": "#342323"})
        self.assertIsA(TAG, made)
        where = {"metadata": [{"type": "LIVEBOARD", "identifier": "Overview"}, {"identifier": "Amounts"}]}
        self.done("tags/assign", {**where, "tag_identifiers": ["New"]})
        self.done("tags/New/update", {"name": "Newer"})
        tagged = self.call("metadata/search", {"tag_identifiers": ["Newer"]})
        self.assertEqual(["Overview", "Amounts"], [one["metadata_name"] for one in tagged])
        self.done("tags/unassign", {**where, "tag_identifiers": [made["id"]]})
        self.assertEqual([], self.call("metadata/search", {"tag_identifiers": ["Newer"]}))
        self.done("tags/Newer/delete", {})
        self.done("tags/Retail/delete", {})
        self.assertEqual([], self.call("tags/search", {}))

    def test_org(self):
        made = self.call("orgs/create", {"name": "test_org"})
        self.assertIsA(ORG, made)
        self.assertEqual((8, "ACTIVE"), (made["id"], made["status"]))
        self.done("orgs/test_org/update", {"name": "Tests", "user_identifiers": ["ben"]})
        self.assertEqual(["Sales", "Tests"], [org["name"] for org in self.call(
            "orgs/search", {"user_identifiers": ["ben"]})])
        self.done("orgs/Sales/delete", {})
        self.assertEqual(["Primary", "Tests"], [org["name"] for org in self.call("orgs/search", {})])
        self.done("orgs/8/delete", {})
        self.assertIsError(400, "orgs/Primary/delete", {})

    def test_role(self):
        made = self.call("roles/create", {"name": "testing1"})
        self.assertIsA(ROLE, made)
        changed = self.call("roles/testing1/update", {"name": "testing2", "privileges": ["USERDATAUPLOADING"]})
        self.assertEqual((made["id"], "testing2", ["USERDATAUPLOADING"]), (
            changed["id"], changed["name"], changed["privileges"]))
        self.done("roles/testing2/delete", {})
        self.done("roles/Reader/delete", {})
        self.assertEqual([], self.one("groups/search", group_identifier="Analysts")["roles"])

    def test_objects(self):
        board = {"metadata": [{"type": "LIVEBOARD", "identifier": "Overview"}]}
        self.done("security/metadata/assign", {**board, "user_identifier": "tsadmin"})
        self.assertEqual("tsadmin", self.one("metadata/search", metadata=[
            {"type": "LIVEBOARD"}])["metadata_header"]["authorName"])
        self.done("metadata/delete", board)
        self.assertEqual([], self.call("metadata/search", {"metadata": [{"type": "LIVEBOARD"}]}))
        self.done("system/config-update", {"configuration": {"batchSize": 50}})
        self.assertEqual(50, self.call("system/config-overrides")["config_override_info"]["batchSize"]["current"])

    def test_errors_change_nothing(self):
        before = Control(self.server).do("GET", "/world")
        user = {"name": "x", "display_name": "x", "email": "x@example.com"}
        board = [{"type": "LIVEBOARD", "identifier": "Overview"}]
        for path, body in (("users/create", {**user, "name": ""}), ("users/create", {**user, "display_name": ""}),
                           ("users/create", {**user, "password": ""}), ("users/create", {**user, "name": "ann"}),
                           ("users/create", {**user, "name": {}}), ("users/create", {**user, "name": "x" * 5000}),
                           ("users/create", {**user, "group_identifiers": ["Nobody"]}),
                           ("users/create", {**user, "org_identifiers": []}), ("users/nobody/update", {}),
                           ("users/tsadmin/update", {"name": "x"}), ("users/tsadmin/delete", {}), ("users/x/delete", {}),
                           ("users/ann/update", {"account_status": "LOCKED"}), ("users/ann/update", {"operation": "MERGE"}),
                           ("groups/create", {"name": "x"}), ("groups/create", {"name": "", "display_name": "x"}),
                           ("groups/create", {"name": "x", "display_name": "x", "privileges": ["FLYING"]}),
                           ("groups/All/delete", {}), ("groups/x/update", {}), ("tags/create", {"name": ""}),
                           ("tags/create", {"name": "x", "color": ""}), ("tags/create", {"name": "Retail"}),
                           ("tags/assign", {"tag_identifiers": ["Retail"]}), ("tags/assign", {"metadata": board}),
                           ("tags/assign", {"metadata": [{"type": "LIVEBOARD"}], "tag_identifiers": ["Retail"]}),
                           ("tags/assign", {"metadata": [{"identifier": "x"}], "tag_identifiers": ["Retail"]}),
                           ("orgs/create", {"name": None}), ("orgs/create", {"name": []}), ("orgs/x/update", {}),
                           ("roles/create", {}), ("roles/Reader/update", {"privileges": ["random"], "name": "y"}),
                           ("roles/Reader/update", {"description": "no name"}), ("metadata/delete", {"metadata": ""}),
                           ("metadata/delete", {"metadata": [{"type": "USER", "identifier": "ann"}]}),
                           ("security/metadata/assign", {"metadata": board}),
                           ("system/config-update", {}), ("system/config-update", {"configuration": []})):
            with self.subTest(path=path, body=str(body)[:60]):
                self.assertIsError(400, path, body)
        for path, body in (("users/create", user), ("tags/create", {"name": "x"}), ("orgs/create", {"name": "x"}),
                           ("metadata/delete", {"metadata": board}),
                           ("tags/assign", {"metadata": board, "tag_identifiers": ["Retail"]})):
            with self.subTest(path=path):
                self.assertIsError(403, path, body, user="reader", password="secret")
        self.assertIsError(404, "schedules/search", {})
        self.assertEqual(before, Control(self.server).do("GET", "/world"))


@unittest.skipUnless(os.environ.get("TQLKIT_NODE_MODULES"), "TQLKIT_NODE_MODULES does not name a folder with the SDK")
class OfficialSdkTest(harness.ServerTest):
    """The SDK itself, if TQLKIT_NODE_MODULES is the folder that `npm install` has filled."""

    def test_every_method(self):
        command = ["node", pathlib.Path(__file__).with_name("rest_sdk.mjs"), os.environ["TQLKIT_NODE_MODULES"],
                   self.server.ready["http"]]
        done = subprocess.run(command, capture_output=True, text=True)
        self.assertEqual((0, ""), (done.returncode, done.stdout), done.stderr)


if __name__ == "__main__":
    harness.main()
