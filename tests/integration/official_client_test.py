"""The vendor's client completes its usual work over HTTPS."""

import harness
from harness import SUCCESS
from official_client import EMPTY_OPTIONS, OfficialClient, text_of


class OfficialClientTest(harness.ServerTest):
    setup_script = """CREATE DATABASE "official"; USE "official";
        CREATE TABLE "t" ("id" INT, "d" DATE, "s" VARCHAR(0), PRIMARY KEY ("id"));
        INSERT INTO "t" VALUES (1, '2019-12-31', 'one'), (2, null, null);"""

    def setUp(self):
        self.client = OfficialClient(self.server)
        self.addCleanup(self.client.close)

    def test_form_login_answers_json_with_user_guid_and_cookie(self):
        self.assertIn("JSESSIONID", self.client.login_response.cookies)
        self.assertTrue(self.client.login_response.json()["userGUID"])

    def test_show_databases_with_empty_option_objects(self):
        results = self.client.query("show databases;")
        self.assertIn("official\n", [m["value"] for m in results[-1]["message"]])
        self.assertTrue(text_of(results).endswith(SUCCESS))
        self.assertIs(True, results[-1]["complete"])

    def test_version_is_a_string(self):
        self.client.query("show databases;")
        version = self.client.context["server_schema_version"]
        self.assertIsInstance(version, str)
        self.assertRegex(version, r"^\d+$")
        self.assertTrue(text_of(self.client.query("show databases;")).endswith(SUCCESS))

    def test_use_then_select_keeps_the_database(self):
        self.client.query("use official;")
        self.assertEqual("official", self.client.context["database"])
        results = self.client.query("select id, d, s from t order by id;")
        table = [r["table"] for r in results if "table" in r]
        self.assertEqual([["1", "2019-12-31", "one"], ["2", "(null)", "(null)"]],
                         [row["v"] for row in table[0]["rows"]])

    def test_boolean_null_string_is_accepted(self):
        """The client parses --null_string as a boolean and sends true."""
        options = {**EMPTY_OPTIONS, "formatting_options": {"null_string": True, "date_format": {}}}
        self.assertTrue(text_of(self.client.query("show databases;", options)).endswith(SUCCESS))

    def test_script_is_read_to_its_end(self):
        results = self.client.script("show databases;\nselect id from official.falcon_default_schema.t;\n")
        self.assertEqual(2, text_of(results).count(SUCCESS))

    def test_reads_all_statements_of_a_query(self):
        results = self.client.query("show databases; nonsense; select id from "
                                    "official.falcon_default_schema.t; use official;")
        self.assertEqual(4, len(results))
        self.assertEqual(3, text_of(results).count(SUCCESS))
        self.assertEqual("official", self.client.context["database"])

    def test_an_empty_statement_and_a_script_of_comments(self):
        for statement in (";", "-- nothing"):
            self.assertEqual(SUCCESS, text_of(self.client.query(statement)))
        self.assertEqual(SUCCESS, text_of(self.client.script("-- nothing\n/* here */\n")))

    def test_failed_statement_is_not_an_http_error(self):
        self.assertIn("ERROR", [m["type"] for r in self.client.query("select * from nowhere;")
                                for m in r["message"]])

    def test_both_token_lists_load(self):
        self.assertEqual(["abs", "absday"],
                         self.client.tokens(harness.STATIC_TOKENS)["tokens"][:2])
        dynamic = self.client.tokens(harness.DYNAMIC_TOKENS)
        self.assertIsInstance(dynamic["server_schema_version"], str)
        self.assertIn("start_of_year_epoch", dynamic["tokens"])


class WithoutPrivilegesTest(harness.ServerTest):
    flags = ("--user", "tsadmin:admin", "--user-without-privileges", "reader:secret")

    def test_reports_missing_privilege(self):
        """Only for 401 does it print "No Authorization to run tql."."""
        client = OfficialClient(self.server, "reader", "secret")
        self.addCleanup(client.close)
        for path in (harness.STATIC_TOKENS, harness.DYNAMIC_TOKENS):
            with self.subTest(path=path), self.assertRaises(PermissionError):
                client.tokens(path)


if __name__ == "__main__":
    harness.main()
