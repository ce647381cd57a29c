"""What clients use of the REST API v2, as @thoughtspot/rest-api-sdk, cs_tools 1.7 and the embedding SDK call it."""

import json
import time
import unittest

import harness
from mock_control_test import Control

V2 = "/api/rest/2.0"
SECRET = "0f1e2d3c-4b5a-4978-8695-a4b3c2d1e0f9"


class Version2Test(harness.ServerTest):
    flags = ("--user", "tsadmin:admin", "--user-without-privileges", "reader:secret")
    setup_script = "CREATE DATABASE shop; USE shop; CREATE TABLE sales (id BIGINT);"

    def post(self, path, body, headers=()):
        return self.server.exchange("POST", f"{V2}/{path}", {"Content-Type": "application/json", **dict(headers)},
                                    json.dumps(body))

    def bearer(self, user="tsadmin", password="admin"):
        response = self.post("auth/token/full", {"username": user, "password": password})
        self.assertEqual(200, response.status, response.text)
        return {"Authorization": "Bearer " + response.json()["token"]}

    def search(self, path, **body):
        response = self.post(path, body, self.bearer())
        self.assertEqual((200, "application/json"), (response.status, response.get("Content-Type")), response.text)
        return response.json()

    def get(self, path, headers=None):
        return self.server.exchange("GET", f"{V2}/{path}", self.bearer() if headers is None else headers)

    def assertIsError(self, response, status):
        self.assertEqual(status, response.status, response.text)
        return response.json()["error"]["message"]["debug"]["incident_id_guid"]

    def test_full_token(self):
        """The SDK fetches one before every call, and reads only the token."""
        answer = self.post("auth/token/full", {"username": "tsadmin", "password": "admin"}).json()
        self.assertEqual({"token", "creation_time_in_millis", "expiration_time_in_millis", "scope", "valid_for_user_id",
                          "valid_for_username"}, set(answer))
        self.assertEqual("tsadmin", answer["valid_for_username"])
        self.assertAlmostEqual(time.time() * 1000, answer["creation_time_in_millis"], delta=60_000)
        self.assertIsError(self.post("auth/token/full", {"username": "tsadmin", "password": "x"}), 401)
        self.assertIsError(self.post("auth/token/full", {}), 400)
        self.assertIsError(self.post("auth/token/object", {"username": "tsadmin", "password": "admin"}), 400)
        self.assertIsError(self.post("auth/token/full", {"username": "tsadmin", "secret_key": SECRET}), 500)

    def test_a_token_by_secret_key(self):
        Control(self.server).do("PUT", "/namespaces/trusting", {})
        Control(self.server, "trusting").do("PUT", "/world", f"cluster: {{secret_key: {SECRET}}}")
        for path in ("full", "custom", "object"):
            answer = self.post(f"auth/token/{path}", {"username": "tsadmin+trusting", "secret_key": SECRET,
                                                      "object_id": "x", "persist_option": "NONE"})
            self.assertEqual(200, answer.status, answer.text)
        self.assertIsError(self.post("auth/token/full", {"username": "tsadmin+trusting", "secret_key": "x"}), 401)

    def test_a_bearer_token_is_for_every_service(self):
        bearer = self.bearer()
        for path in ("/callosum/v1/session/info", "/ts_dataservice/v1/public/loads", harness.DYNAMIC_TOKENS):
            self.assertEqual(200, self.server.exchange("GET", path, bearer).status, path)
        body = json.dumps({"query": {"statement": "show databases;"}})
        self.assertEqual(200, self.server.exchange("POST", harness.QUERY, bearer, body).status)
        self.assertEqual(bearer["Authorization"], "Bearer " + self.get("auth/session/token", bearer).json()["token"])
        self.assertEqual(204, self.post("auth/session/logout", {}, bearer).status)
        self.assertIsError(self.get("auth/session/user", bearer), 401)

    def test_cs_tools_after_its_login(self):
        login = self.post("auth/session/login", {"username": "tsadmin", "password": "admin", "remember_me": True})
        self.assertEqual((204, b""), (login.status, login.body))
        headers = {"Cookie": f"JSESSIONID={harness.session_cookie(login)}"}
        user = self.get("auth/session/user", headers).json()
        self.assertLessEqual({"id", "name", "display_name", "privileges", "email", "current_org"}, set(user))
        overrides = self.get("system/config-overrides", headers).json()
        self.assertIsInstance(overrides["config_override_info"], dict)
        system = self.get("system", headers).json()
        self.assertRegex(system["release_version"], r"^\d+\.\d+\.\d+")
        self.assertLessEqual({"id", "name", "time_zone", "type", "tsadmin_user_id", "system_user_id", "super_user_id"},
                             set(system))
        self.assertEqual([0], [org["id"] for org in self.post("orgs/search", {}, headers).json()])
        self.assertEqual(200, self.post("roles/search", {}, headers).status)

    def test_searches(self):
        users = self.search("users/search", record_size=-1)
        self.assertIn("tsadmin", [user["name"] for user in users])
        self.assertEqual(["tsadmin"], [u["name"] for u in self.search("users/search", user_identifier="tsadmin")])
        self.assertEqual(2, len(self.search("users/search", record_offset=1, record_size=2)))
        self.assertEqual(["Administrator"], [
            group["name"] for group in self.search("groups/search", name_pattern="admin%")])
        self.assertTrue(self.search("connection/search"))
        boards = self.search("metadata/search", metadata=[{"type": "LIVEBOARD"}])
        self.assertEqual({"LIVEBOARD"}, {board["metadata_type"] for board in boards})
        same, = self.search("metadata/search", metadata=[{"identifier": boards[0]["metadata_id"]}])
        self.assertEqual(boards[0], same)
        self.assertEqual(["sales"], [table["metadata_name"] for table in self.search(
            "metadata/search", metadata=[{"type": "LOGICAL_TABLE", "name_pattern": "sales"}], record_size=-1)
            if table["metadata_header"]["type"] == "ONE_TO_ONE_LOGICAL" and table["metadata_name"] == "sales"])

    def test_logs(self):
        rows = self.search("logs/fetch", log_type="SECURITY_AUDIT")
        self.assertIn("LOGIN_SUCCESSFUL", [json.loads(row["log"])["type"] for row in rows])
        self.assertIsError(self.post("logs/fetch", {"log_type": "SECURITY_AUDIT"}, self.bearer("reader", "secret")), 403)

    def test_hostile_searches(self):
        for path, body in (("users/search", {"record_size": 0}), ("users/search", {"record_size": -2}),
                           ("users/search", {"record_offset": -1}), ("users/search", {"record_size": "many"}),
                           ("metadata/search", {"metadata": {}}), ("metadata/search", {"metadata": [7]}),
                           ("metadata/search", {"metadata": [{}]}), ("metadata/search", {"metadata": [{"type": "X"}]}),
                           ("metadata/search", {"metadata": [{"type": "TAG"}] * 2000}),
                           ("logs/fetch", {"log_type": "OTHER"})):
            with self.subTest(path=path, body=str(body)[:60]):
                self.assertIsError(self.post(path, body, self.bearer()), 400)
        self.assertEqual([], self.search("users/search", record_offset=10 ** 9, record_size=10 ** 9))
        self.assertIsError(self.post("users/search", {}), 401)


class EmbeddingTest(unittest.TestCase):
    """A page of another origin."""

    ORIGIN = "http://localhost:3000"

    def setUp(self):
        self.server = harness.Server("--cors-origin", self.ORIGIN)
        self.addCleanup(self.server.stop)

    def test_calls_before_the_frame(self):
        page = {"Origin": self.ORIGIN}
        preflight = self.server.exchange("OPTIONS", "/callosum/v1/session/login", {
            **page, "Access-Control-Request-Method": "POST",
            "Access-Control-Request-Headers": "x-requested-by,authorization"})
        self.assertEqual(2, preflight.status // 100)
        self.assertEqual("true", preflight.get("Access-Control-Allow-Credentials"))
        self.assertEqual(401, self.server.exchange("GET", "/callosum/v1/session/isactive", page).status)
        login = self.server.exchange("POST", "/callosum/v1/session/login", page, "username=tsadmin&password=admin")
        self.assertEqual(self.ORIGIN, login.get("Access-Control-Allow-Origin"))
        preauth = self.server.exchange("GET", "/prism/preauth/info", page)
        self.assertEqual((200, self.ORIGIN), (preauth.status, preauth.get("Access-Control-Allow-Origin")))
        self.assertIn("info", preauth.json())
        info = self.server.exchange("GET", "/callosum/v1/session/info", {
            **page, "Cookie": f"JSESSIONID={harness.session_cookie(login)}"}).json()
        self.assertLessEqual({"userGUID", "releaseVersion", "currentOrgId", "privileges"}, set(info))
        self.assertLessEqual({"mixpanelConfig", "isPublicUser", "selfClusterId", "selfClusterName"},
                             set(info["configInfo"]))
        self.assertEqual({"production": False, "devSdkKey": "", "prodSdkKey": ""}, info["configInfo"]["mixpanelConfig"])


if __name__ == "__main__":
    harness.main()
