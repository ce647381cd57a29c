"""Completion tokens and the schema version."""

import harness


class TokensTest(harness.ServerTest):
    def get(self, path):
        # Like clients: no body, but a Content-Type.
        response = self.session.exchange("GET", path, headers={"Content-Type": "text/plain"})
        self.assertEqual(200, response.status)
        self.assertTrue(response.get("Content-Type").startswith("application/json"))
        return response.json()

    def test_static_tokens_are_lower_case_sorted_and_begin_with_abs_absday(self):
        answer = self.get(harness.STATIC_TOKENS)
        self.assertEqual(["tokens"], list(answer))
        tokens = answer["tokens"]
        self.assertEqual(["abs", "absday"], tokens[:2])
        self.assertEqual(sorted({token.lower() for token in tokens}), tokens)

    def test_static_tokens_hold_every_documented_function_and_statement(self):
        tokens = self.get(harness.STATIC_TOKENS)["tokens"]
        for token in ("abs absday absmonth absquarter absyear avg count date max min stddev sum time "
                      "variance distinct show use script help create drop truncate compact alter "
                      "insert update delete select database databases table tables statistics "
                      "relationship partition parsinghint").split():
            self.assertIn(token, tokens)

    def test_dynamic_tokens_are_the_names_of_the_catalog(self):
        self.session.do('create database "tokens_db";', 'use "tokens_db";',
                        'create schema "tokens schema";',
                        'create table "tokens schema"."Tokens Table" ("a ""b""" int);')
        answer = self.get(harness.DYNAMIC_TOKENS)
        for name in ("tokens_db", "tokens schema", "Tokens Table", 'a "b"', "thoughtspot_internal",
                     "start_of_year_epoch", "absolute_month_number"):
            self.assertIn(name, answer["tokens"])

    def test_dynamic_tokens_carry_the_version_as_a_string(self):
        version = self.get(harness.DYNAMIC_TOKENS)["server_schema_version"]
        self.assertIsInstance(version, str)
        self.assertEqual(int(version), self.session.query("show databases;").version)

    def test_schema_version_is_the_one_of_final_context(self):
        context = self.get(harness.SCHEMA_VERSION)["context"]
        self.assertEqual(context["server_schema_version"],
                         self.session.query("show databases;").context["server_schema_version"])

    def test_version_moves_by_one_per_successful_ddl(self):
        version = self.session.query("show databases;").version
        for statement, step in (('create database "moving";', 1), ('use "moving";', 0),
                                ("create table t (a int);", 1), ("insert into t values (1);", 0),
                                ("select * from t;", 0), ("create table t (a int);", 0),
                                ("drop table t;", 1), ("drop table t;", 0),
                                ("nonsense;", 0), ('drop database "moving";', 1)):
            with self.subTest(statement=statement):
                version += step
                self.assertEqual(version, self.session.query(statement).version)
                current = self.get(harness.SCHEMA_VERSION)["context"]["server_schema_version"]
                self.assertEqual(str(version), current)


if __name__ == "__main__":
    harness.main()
