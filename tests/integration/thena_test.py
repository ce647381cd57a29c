"""Thena's REST API on its own port: envelopes, pages, tokens, limits, hostile requests; its page of coverage."""

import json
import re
import tempfile
import urllib.parse

import harness
import wire

BASE = "/rest/v2"
TOKEN = "thena-test-token"
PAGE = harness.ROOT / "mockserver" / "doc" / "thena.md"
TIME = re.compile(r"^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$")
CLOCK = ("--clock", "2030-01-01T12:00:00Z,frozen")


def resident_kib(pid):
    with open(f"/proc/{pid}/status", encoding="ascii") as status:
        for line in status:
            if line.startswith("VmRSS:"):
                return int(line.split()[1])
    raise AssertionError("no VmRSS")


class Api:
    """Requests to the API of a server over one connection."""

    def __init__(self, server, token=TOKEN):
        url = urllib.parse.urlsplit(server.ready["thena"])
        self._connection = wire.Connection((url.hostname, url.port))
        self.headers = {"Authorization": f"Bearer {token}"} if token else {}

    def close(self):
        self._connection.close()

    def call(self, path, method="GET", headers=None, **query):
        target = BASE + path + ("?" + urllib.parse.urlencode(query) if query else "")
        return self._connection.request(method, target, self.headers if headers is None else headers)

    def get(self, path, **query):
        response = self.call(path, **query)
        if response.status != 200:
            raise AssertionError(f"{path}: {response.status} {response.text}")
        return response.json()

    def pages(self, path, **query):
        """The results of each page."""
        while True:
            body = self.get(path, **query)
            yield body["data"]["results"]
            cursor = body["data"].get("next_cursor") or body.get("next_cursor")
            if cursor is None:
                return
            query["next_cursor"] = cursor


class ThenaTest(harness.unittest.TestCase):
    maxDiff = None

    def serve(self, *flags, world=None):
        if world is not None:
            file = tempfile.NamedTemporaryFile("w", suffix=".json")
            self.addCleanup(file.close)
            json.dump({"thena": world}, file)
            file.flush()
            flags += ("--world", file.name)
        self.server = harness.Server("--thena", "127.0.0.1:0", *flags)
        self.addCleanup(lambda: self.assertEqual(0, self.server.stop()[0], self.server.log()))
        return self.api()

    def api(self, token=TOKEN):
        api = Api(self.server, token)
        self.addCleanup(api.close)
        return api

    def assertError(self, status, message, response):
        self.assertEqual((status, "application/json"), (response.status, response.get("Content-Type")))
        self.assertEqual({"message": message, "statusCode": status}, response.json())

    # ---- Endpoints of the default world ----

    def test_envelopes(self):
        api = self.serve()
        for path in ("/requests", "/requests/v3"):
            body = api.get(path)
            self.assertEqual({"data", "message"}, set(body))
            self.assertEqual({"results", "next_cursor"}, set(body["data"]))
            self.assertEqual((None, None), (body["message"], body["data"]["next_cursor"]))
        users = api.get("/users")
        self.assertEqual(({"data", "message"}, list), (set(users), type(users["data"])))
        self.assertEqual(["data"], list(api.get("/requests/custom-fields")))
        self.assertIsInstance(api.get("/requests/sub-status"), list)
        self.assertIsInstance(api.get("/requests/tickets")["data"], list)
        self.assertEqual({"results", "next_cursor"}, set(api.get("/contacts")["data"]))
        self.assertEqual(users["data"][0], api.get("/me")["data"])

    def test_single_objects(self):
        api = self.serve()
        for path, rows in (("/users", api.get("/users")["data"]),
                           ("/requests", api.get("/requests")["data"]["results"])):
            for row in rows:
                self.assertEqual(row, api.get(f"{path}/{row['id']}")["data"])

    def test_fields(self):
        api = self.serve()
        for request in api.get("/requests")["data"]["results"]:
            self.assertRegex(request["id"], r"^[0-9a-f]{24}$")
            self.assertRegex(request["created_at"], TIME)
            self.assertEqual(
                ["id", "created_at", "updated_at", "status", "sub_status", "source", "original_message_ts",
                 "original_message_text", "original_message_source", "original_message_user_id",
                 "original_message_permalink", "original_message_user_name", "original_message_user_slack_name",
                 "original_message_user_slack_profile_real_name", "original_message_user_slack_profile_image_48",
                 "original_message_user_slack_profile_image_72", "original_message_user_slack_profile_image_512",
                 "sla_metrics", "first_response_time", "ai_metadata", "custom_fields"], list(request))
        self.assertEqual(
            ["id", "created_at", "updated_at", "name", "slack_id", "slack_name", "slack_team_id", "slack_tz",
             "slack_tz_label", "slack_tz_offset", "slack_profile_email", "slack_profile_title",
             "slack_profile_image_24", "slack_profile_real_name", "slack_profile_display_name",
             "slack_profile_image_original"], list(api.get("/me")["data"]))
        sub_statuses = {row["id"] for row in api.get("/requests/sub-status")}
        self.assertIn(api.get("/requests")["data"]["results"][0]["sub_status"], sub_statuses)

    def test_the_page_on_thena_has_every_endpoint(self):
        self.serve()
        calls = self.server.exchange("GET", "/mock/coverage").json()["thena_calls"]
        page = PAGE.read_text(encoding="utf-8")
        rows = [f"| {c['method']} `{c['path']}` | yes | {c['evidence']} | {c['note']} |\n" for c in calls]
        self.assertIn("".join(rows), page)
        api = self.api()
        for call in calls:
            path = call["path"].removeprefix(BASE)
            owner = api.get("/users" if "users" in path else "/requests")["data"]
            rows = owner if isinstance(owner, list) else owner["results"]
            self.assertIn("data" if "sub-status" not in path else 0,
                          dict(enumerate(api.get(path))) if "sub-status" in path
                          else api.get(path.replace("{id}", rows[0]["id"])))

    # ---- Errors ----

    def test_tokens(self):
        self.serve()
        for authorization in (None, "", "Bearer", "Bearer ", "Bearer x", f"bearer {TOKEN}", f"Basic {TOKEN}", TOKEN,
                              f"Bearer  {TOKEN}", f"Bearer {TOKEN}x", f"Bearer {TOKEN[:-1]}", "Bearer " + "x" * 20000):
            headers = {} if authorization is None else {"Authorization": authorization}
            self.assertError(401, "Unauthorized", self.api().call("/users", headers=headers))

    def test_a_token_of_a_file(self):
        with tempfile.NamedTemporaryFile("w") as file:  # readable for the owner alone
            file.write("another-token-of-test\n")
            file.flush()
            self.serve("--thena-token-file", file.name)
        self.assertEqual(401, self.api().call("/users").status)
        self.assertEqual(200, self.api("another-token-of-test").call("/users").status)

    def test_unknown_paths_and_methods(self):
        api = self.serve()
        for path in ("", "/", "/nothing", "/users/", "/requests/v4/x", "/users/a/b"):
            self.assertError(404, f"Cannot GET {BASE}{path}", api.call(path))
        response = self.api().call("/requests", "POST")
        self.assertError(405, "this path takes GET", response)
        self.assertEqual("GET", response.get("Allow"))
        for path, kind in (("/users/0123456789abcdef01234567", "User"), ("/requests/x", "Request"),
                           ("/users/%00", "User"), ("/requests/" + "f" * 8000, "Request")):
            self.assertError(404, kind + " not found", self.api().call(path))

    def test_the_ports_have_their_own_paths(self):
        api = self.serve()
        headers = {"Authorization": f"Bearer {TOKEN}"}
        self.assertEqual(404, self.server.exchange("GET", BASE + "/users", headers).status)
        for path in ("/mock/plan", "/ts_dataservice/v1/public/ping", "/health"):
            url = urllib.parse.urlsplit(self.server.ready["thena"])
            with wire.Connection((url.hostname, url.port)) as connection:
                self.assertError(404, "Cannot GET " + path, connection.request("GET", path, headers))
        self.assertEqual(200, api.call("/users").status)

    def test_head_has_no_body(self):
        api = self.serve()
        url = urllib.parse.urlsplit(self.server.ready["thena"])
        with wire.Connection((url.hostname, url.port)) as connection:
            connection.send_request("HEAD", BASE + "/users", api.headers)
            head = connection.read_head()
            self.assertEqual((200, "application/json"), (head.status, head.get("Content-Type")))
            self.assertEqual(200, connection.request("GET", BASE + "/me", api.headers).status)

    def test_pages_of_other_hosts_are_rejected(self):
        self.serve()
        api = self.api()
        self.assertEqual(403, api.call("/users", headers={**api.headers, "Host": "evil.example"}).status)

    # ---- Pages ----

    def test_limits_and_cursors(self):
        api = self.serve(world={"generate": {"requests": 2500}})
        for limit, counts in ((None, [100] * 25), (1000, [1000, 1000, 500]), (999, [999, 999, 502]), (1250, None)):
            if counts is None:
                continue
            query = {} if limit is None else {"limit": limit}
            pages = list(api.pages("/requests", **query))
            self.assertEqual(counts, [len(page) for page in pages])
            self.assertEqual(2500, len({row["id"] for page in pages for row in page}))
        for limit in ("-1", "0", "1001", "1000000000", "99999999999999999999", "", "x", "1e2", "1.5", "%00"):
            self.assertError(400, f'limit: found "{limit}", expected a number from 1 to 1000',
                             api.call("/requests", limit=limit))
        for cursor in ("x", "aWQ6", "A" * 36, "aWQ6NjVhMWYwYzJlNGIwYTFiMmMzZDRlNWY2", "null"):
            for name in ("cursor", "next_cursor"):
                self.assertError(400, f'cursor: found "{cursor}", expected the next_cursor of a page',
                                 api.call("/requests", **{name: cursor}))
        long = self.api().call("/requests", cursor="A" * 20000)
        self.assertError(400, f'cursor: found "{"A" * 60}...", expected the next_cursor of a page', long)
        self.assertEqual(1, len(api.get("/requests", limit=1)["data"]["results"]))

    def test_both_names_of_the_cursor(self):
        api = self.serve(world={"generate": {"requests": 5}})
        first = api.get("/requests", limit=2)["data"]
        for name in ("cursor", "next_cursor"):
            second = api.get("/requests", limit=2, **{name: first["next_cursor"]})["data"]
            self.assertNotEqual(first["results"], second["results"])
        again = api.get("/requests", limit=2, cursor=second["next_cursor"], next_cursor=first["next_cursor"])
        self.assertEqual(second, again["data"], "next_cursor comes first")

    def test_next_cursor_only(self):
        api = self.serve(world={"generate": {"requests": 5}, "cursor_parameter": "NEXT_CURSOR"})
        first = api.get("/requests", limit=2)
        self.assertEqual(first, api.get("/requests", limit=2, cursor=first["data"]["next_cursor"]))
        self.assertEqual(first, api.get("/requests", limit=2, cursor="nonsense"))
        self.assertNotEqual(first, api.get("/requests", limit=2, next_cursor=first["data"]["next_cursor"]))

    def test_the_envelope_of_v3(self):
        api = self.serve(world={"generate": {"users": 5}, "envelope": "V3"})
        body = api.get("/users", limit=3)
        self.assertEqual({"data", "next_cursor", "message"}, set(body))
        self.assertEqual([3, 2], [len(page) for page in api.pages("/users", limit=3)])
        self.assertEqual({"results"}, set(body["data"]))
        self.assertEqual(400, api.call("/users", limit=0).status)

    # ---- The limit of requests ----

    def limits_of(self, response):
        return tuple(response.get(f"X-RateLimit-{name}") for name in ("Limit", "Remaining", "Reset"))

    def test_no_rate_limit(self):
        self.assertEqual((None, None, None), self.limits_of(self.serve().call("/users")))

    def test_a_rate_limit(self):
        api = self.serve(*CLOCK, world={"rate_limit": {"requests": 2, "window": "30s"}})
        self.assertEqual(("2", "1", "30"), self.limits_of(api.call("/users")))
        self.assertEqual(401, self.api("wrong").call("/users").status)
        self.advance("10s")
        self.assertEqual(("2", "0", "20"), self.limits_of(api.call("/requests", limit="x")))
        response = api.call("/users")
        self.assertError(429, "Too Many Requests", response)
        self.assertEqual((("2", "0", "20"), None), (self.limits_of(response), response.get("Retry-After")))
        self.advance("20s")
        self.assertEqual(("2", "1", "30"), self.limits_of(api.call("/users")))

    def test_a_rate_limit_with_retry_after(self):
        api = self.serve(*CLOCK, world={"rate_limit": {"requests": 1, "retry_after": True}})
        self.assertIsNone(api.call("/users").get("Retry-After"))
        self.assertEqual("60", api.call("/users").get("Retry-After"))

    def advance(self, by):
        self.assertEqual(200, self.server.exchange("PUT", "/mock/clock", {}, json.dumps({"advance": by})).status)

    # ---- Generated objects ----

    def test_memory_is_flat(self):
        api = self.serve(world={"generate": {"requests": 100000, "users": 1000}})
        seen = 0
        for number, page in enumerate(api.pages("/requests", limit=1000)):
            seen += len(page)
            if number == 10:
                before = resident_kib(self.server.pid)
        self.assertEqual(100000, seen)
        self.assertLess(resident_kib(self.server.pid) - before, 4096)

    def test_the_last_of_ten_million(self):
        api = self.serve(world={"generate": {"requests": 10000000}})
        first = api.get("/requests", limit=1)["data"]
        self.assertEqual(first["results"][0], api.get(f"/requests/{first['results'][0]['id']}")["data"])
        self.assertLess(resident_kib(self.server.pid), 100 * 1024)

    # ---- The server around it ----

    def put_world(self, path, world):
        response = self.server.exchange("PUT", f"/mock{path}/world", {}, json.dumps(world))
        self.assertEqual(200, response.status, response.text)

    def test_worlds_of_namespaces(self):
        api = self.serve(world={"user": [{"name": "main"}], "rate_limit": {"requests": 100}})
        self.assertEqual(201, self.server.exchange("PUT", "/mock/namespaces/t1", {}, "{}").status)
        self.put_world("/namespaces/t1", {"thena": {"user": [{"name": "t1"}]}})
        in_t1 = self.api()
        in_t1.headers["X-TQL-Mock-Namespace"] = "t1"

        def names(of):
            return [user["name"] for user in of.get("/users")["data"]]
        self.assertEqual((["main"], ["t1"]), (names(api), names(in_t1)))
        self.assertEqual(("100", "98", "60"), self.limits_of(api.call("/users")))
        self.assertEqual((None, None, None), self.limits_of(in_t1.call("/users")))
        self.put_world("", {"thena": {"user": [{"name": "other"}]}})
        self.assertEqual((["other"], ["t1"]), (names(api), names(in_t1)))
        self.put_world("/namespaces/t1", {})
        self.assertEqual(3, len(names(in_t1)), "the example")
        self.put_world("/namespaces/t1", {"thena": {}})
        self.assertEqual([], names(in_t1))
        self.assertError(404, "User not found", in_t1.call("/me"))
        in_t1.headers["X-TQL-Mock-Namespace"] = "t2"
        self.assertError(404, "unknown namespace", in_t1.call("/users"))

    def test_a_world_that_is_not_valid_changes_nothing(self):
        api = self.serve(world={"user": [{"name": "main"}]})
        response = self.server.exchange("PUT", "/mock/world", {}, '{"thena": {"user": [{"id": "x"}]}}')
        self.assertEqual(400, response.status)
        self.assertIn("thena.user[0].id", response.text)
        self.assertEqual("main", api.get("/me")["data"]["name"])

    def test_worlds_that_are_not_valid(self):
        for world, reason in (
                ({"generate": {"requests": 10000001}}, "thena.generate.requests: found 10000001"),
                ({"rate_limit": {}}, "thena.rate_limit.requests: found 0"),
                ({"user": [{"id": "x"}]}, 'thena.user[0].id: found "x"'),
                ({"users": []}, 'unknown key "users"')):
            with self.assertRaises(AssertionError) as raised:
                self.serve(world=world)
            self.assertIn(reason, str(raised.exception))

    def test_flags(self):
        for flags, reason in (
                (("--thena", "nowhere"), "thena: "),
                (("--thena", "0.0.0.0:0", "--user", "a:b"), "Thena has the default token"),
                (("--thena-token-file", "/dev/null"), "not a regular file")):
            with self.assertRaises(AssertionError) as raised:
                harness.Server(*flags)
            self.assertIn(reason, str(raised.exception))

    def test_plans_act_and_the_journal_records(self):
        api = self.serve()
        rule = {"match": {"call": ["THENA"], "path": ["*/users"]},
                "do": [{"head": {"set": {"Retry-After": "3"}}}, {"status": {"http": 429, "message": "slow down"}}]}
        self.assertEqual(200, self.server.exchange("PUT", "/mock/plan", {}, json.dumps({"rule": [rule]})).status)
        self.assertEqual(200, api.call("/requests").status)
        response = api.call("/users")
        self.assertError(429, "slow down", response)
        self.assertEqual("3", response.get("Retry-After"))
        self.assertEqual(200, api.call("/users").status)
        self.assertEqual(404, api.call("/users/x").status)
        entries = self.server.exchange("GET", "/mock/journal?call=THENA").json()["entry"]
        self.assertEqual([("/rest/v2/requests", "OK"), ("/rest/v2/users", "REFUSED"), ("/rest/v2/users", "OK"),
                          ("/rest/v2/users/x", "REFUSED")], [(entry["path"], entry["outcome"]) for entry in entries])
        self.assertEqual({"GET"}, {entry["method"] for entry in entries})

    def test_strict_mode_requires_evidence(self):
        api = self.serve()
        settings = {"settings": {"evidence": "DOCUMENTED", "strict": "ERROR"}}
        self.assertEqual(200, self.server.exchange("PUT", "/mock/plan", {}, json.dumps(settings)).status)
        self.assertEqual(200, api.call("/users").status)
        self.assertError(400, "strict: the evidence for GET /rest/v2/me is INFERRED, required DOCUMENTED", api.call("/me"))
        entry = self.server.exchange("GET", "/mock/journal?call=THENA&outcome=REFUSED").json()["entry"][0]
        self.assertEqual(["strict: the evidence for GET /rest/v2/me is INFERRED, required DOCUMENTED"], entry["warning"])


if __name__ == "__main__":
    harness.main()
