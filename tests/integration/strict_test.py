"""Strict mode: warnings in the journal, or errors, for what the real service may not know."""

import harness
import mock_control_test
from mock_control_test import CONTEXT, Control

NOT_NULL = "strict: CREATE TABLE with NOT NULL has no effect: not enforced"
DISTINCT = "strict: the evidence for SELECT with DISTINCT, HAVING is INFERRED, required DOCUMENTED"
CUT = "strict: the result was cut to 50 rows, the default maximum"
MANY_ROWS = "insert into sales (amount) values " + ", ".join(f"({i})" for i in range(51))


class StrictTest(mock_control_test.ControlTest):
    def setUp(self):
        super().setUp()
        self.t1 = self.fork("t1")
        self.session = self.login("t1")

    def query(self, statement, options=None):
        return self.session.query(statement, options=options, context=CONTEXT)

    def warnings(self):
        return [warning for entry in self.t1.entries() for warning in entry.get("warning", [])]

    def test_off(self):
        self.assertSucceeds(self.query("create table u (a int not null)", {"adv_options": {"use_jit": True}}))
        self.assertSucceeds(self.query("select distinct region from sales"))
        self.assertEqual([], self.warnings())
        self.assertEqual(200, self.t1.verify()[0])

    def test_clauses_without_effect(self):
        self.t1.plan(strict="WARN")
        self.assertSucceeds(self.query("create table u (a int not null)"))
        self.assertSucceeds(self.query("select distinct region from sales"))
        self.assertEqual([NOT_NULL], self.warnings())
        status, answer = self.t1.verify()
        self.assertEqual(409, status)
        self.assertIn("warning: " + NOT_NULL, answer["explanation"])

    def test_evidence(self):
        for settings, statement, warnings in (
                ({"evidence": "DOCUMENTED"}, "select distinct region from sales", [DISTINCT]),
                ({"evidence": "SAMPLE"}, "select distinct region from sales", [DISTINCT.replace("DOCUMENTED", "SAMPLE")]),
                ({"evidence": "DOCUMENTED"}, "select region from sales where amount > 1", []),
                ({"evidence": "DOCUMENTED"}, "show tables d", ["strict: the evidence for SHOW TABLES with db is CLIENT, required DOCUMENTED"]),
                ({"evidence": "CLIENT"}, "show tables d", []),
                ({"evidence": "DOCUMENTED"}, "delete from sales where amount between 1 and 2",
                 ["strict: the evidence for SELECT with CASE, CAST, LIKE, IN, BETWEEN, IS NULL is INFERRED, required DOCUMENTED"]),
                ({"evidence": "DOCUMENTED", "strict": "OFF"}, "select distinct region from sales", [])):
            with self.subTest(settings=settings, statement=statement):
                self.t1.do("DELETE", "/journal")
                self.t1.plan(**settings)
                self.assertSucceeds(self.query(statement))
                self.assertEqual(warnings, self.warnings())

    def test_evidence_of_calls(self):
        active, info = "/callosum/v1/session/isactive", "/callosum/v1/tspublic/v1/session/info"
        self.t1.plan(evidence="DOCUMENTED")
        for path in active, info, "/healthz":
            self.assertEqual(2, self.session.exchange("GET", path).status // 100, path)
        self.assertEqual([f"strict: the evidence for GET {active} is CLIENT, required DOCUMENTED"], self.warnings())
        self.t1.plan(evidence="CLIENT", strict="ERROR")
        self.assertEqual(204, self.session.exchange("GET", active).status)
        self.t1.plan(evidence="DOCUMENTED", strict="ERROR")
        self.assertEqual(200, self.session.exchange("GET", info).status)
        response = self.session.exchange("GET", active)
        self.assertEqual(400, response.status)
        self.assertIn(f"strict: the evidence for GET {active} is CLIENT, required DOCUMENTED", response.text)

    def test_evidence_of_calls_of_tsload(self):
        loads = "/ts_dataservice/v1/public/loads"
        start = {"target": {"database": "d", "table": "sales"}, "format": {"has_header_row": True}}
        self.t1.plan(evidence="DOCUMENTED")
        self.assertEqual(200, self.session.exchange("GET", "/ts_dataservice/v1/public/ping").status)
        self.assertEqual(200, self.session.exchange("GET", loads).status)
        started = self.session.post(loads, start)
        self.assertEqual(202, started.status)
        self.assertEqual([], self.warnings())
        summary = f"{loads}/{started.json()['cycle_id']}/input_summary"
        self.assertEqual(200, self.session.exchange("GET", summary).status)
        (warning,) = self.warnings()
        self.assertRegex(warning, r"^strict: the evidence for GET \S+/input_summary is CLIENT, required DOCUMENTED$")
        self.t1.plan(evidence="CLIENT", strict="ERROR")
        self.assertEqual(202, self.session.post(loads, start).status)
        response = self.session.exchange("GET", "/ts_dataservice/v1/public/sessions")
        self.assertEqual(400, response.status)
        self.assertIn("is INFERRED, required CLIENT", response.text)
        response = self.session.post(loads, {**start, "load_option": {"empty_target": True}})
        self.assertEqual(400, response.status)
        self.assertIn("strict: the request has the unknown key load_option", response.text)

    def test_parameters_of_loads(self):
        loads = "/ts_dataservice/v1/public/loads"
        start = {"target": {"database": "d", "table": "sales"}, "advanced_options": {"max_reported_parsing_errors": 3}}
        self.t1.plan(evidence="DOCUMENTED")
        self.assertEqual(202, self.session.post(loads, start).status)
        self.assertEqual(["strict: the evidence for the parameter advanced_options.max_reported_parsing_errors is CLIENT, "
                          "required DOCUMENTED"], [warning for warning in self.warnings() if "parameter" in warning])
        self.t1.plan(evidence="CLIENT", strict="ERROR")
        self.assertEqual(202, self.session.post(loads, start).status)

    def test_parameters_of_rest(self):
        listing, search = "/callosum/v1/tspublic/v1/metadata/list", "/api/rest/2.0/users/search"
        self.t1.plan(strict="WARN")
        self.assertEqual(200, self.session.exchange("GET", listing + "?type=PINBOARD_ANSWER_BOOK&batchsize=-1&ofset=3").status)
        self.assertEqual(200, self.session.post(search, {"name_pattern": "%", "name_patern": 1, "include_favorite_metadata": True}).status)
        self.assertEqual(["strict: the request has the unknown key ofset", "strict: the request has the unknown key name_patern",
                          "strict: the parameter include_favorite_metadata has no effect"], self.warnings())
        self.t1.plan(evidence="DOCUMENTED", strict="ERROR")
        self.assertEqual(200, self.session.exchange("GET", listing + "?type=PINBOARD_ANSWER_BOOK").status)
        for parameter, objection in (("author_guid=x", "the evidence for the parameter author_guid is CLIENT, required DOCUMENTED"),
                                     ("ownertypes=[]", "the parameter ownertypes has no effect"),
                                     ("pasword=x", "the request has the unknown key pasword")):
            response = self.session.exchange("GET", f"{listing}?type=PINBOARD_ANSWER_BOOK&{parameter}")
            self.assertEqual(400, response.status)
            self.assertIn("strict: " + objection, response.text)

    def test_every_option_has_an_effect(self):
        self.t1.plan(strict="WARN")
        self.assertSucceeds(self.query("show tables", {"adv_options": {"use_jit": True, "skip_cache": True}}))
        self.assertEqual([], self.warnings())

    def test_statements_that_are_not_parsed(self):
        self.t1.plan(strict="WARN", evidence="DOCUMENTED")
        for _ in range(4):  # a plan, and then a kept result, replace the parser
            self.assertSucceeds(self.query("select distinct region from sales where amount = 1"))
        self.assertEqual(4 * [DISTINCT], self.warnings())

    def test_unknown_keys(self):
        self.t1.plan(strict="WARN")
        body = {"context": CONTEXT, "query": {"statement": "help", "statment": "x"}, "qery": {"a": 1},
                "options": {"advOptions": {"useJit": True, "use_jitt": True}}}
        self.assertEqual(200, self.session.post(harness.QUERY, body).status)
        unknown = {warning.rsplit(" ", 1)[1] for warning in self.warnings() if "unknown key" in warning}
        self.assertEqual({"query.statment", "qery", "options.advOptions.use_jitt"}, unknown)
        script = {"context": CONTEXT, "script_type": 1, "script": "help; help;", "scrpt": 1}
        self.t1.do("DELETE", "/journal")
        self.assertEqual(200, self.session.post(harness.SCRIPT, script).status)
        self.assertEqual(["strict: the request has the unknown key scrpt"], self.warnings())

    def test_results_that_are_cut(self):
        self.t1.plan(strict="WARN")
        self.assertSucceeds(self.query(MANY_ROWS))
        for _ in range(4):  # a plan, and then a kept result, would replace the query
            self.assertEqual(50, len(self.query("select amount from sales").rows))
        self.assertEqual(4 * [CUT], [warning[:len(CUT)] for warning in self.warnings()])
        self.t1.do("DELETE", "/journal")
        script = self.session.script("select amount from sales; select amount from sales where amount = 7; select x;",
                                     context=CONTEXT)
        self.assertEqual([CUT], [warning[:len(CUT)] for warning in self.warnings()])
        self.assertIn("(50 result rows)", script.text)
        self.t1.do("DELETE", "/journal")
        self.assertSucceeds(self.query("delete from sales where amount = 50"))
        for statement, options in (
                ("select top 50 amount from sales", None), ("select amount from sales limit 50", None),
                ("select amount from sales", {"query_options": {"query_results_apply_top_row_count": 50}}),
                ("select amount from sales", None), ("select amount from sales where amount < 49", None), ("select amount into copy from sales", None)):
            with self.subTest(statement=statement):
                self.assertSucceeds(self.query(statement, options))
                self.assertEqual([], self.warnings())

    def test_errors(self):
        self.t1.plan(strict="ERROR", evidence="DOCUMENTED")
        self.assertSucceeds(self.query("insert into sales values ('north', 1)"))
        for statement, error in (
                ("create table u (a int not null)", "Strict mode: the evidence for CREATE TABLE with NOT NULL is INFERRED"),
                ("select distinct region from sales", "Strict mode: the evidence for SELECT with DISTINCT, HAVING")):
            with self.subTest(statement=statement):
                answer = self.query(statement)
                self.assertEqual(1, len(answer.messages), answer.messages)
                self.assertTrue(answer.errors[0].startswith(error), answer.errors)
        self.assertNotIn("u", self.query("show tables").text.split())
        response = self.session.post(harness.QUERY, {"context": CONTEXT, "query": {"statement": "help", "statment": "x"}})
        self.assertEqual(400, response.status)
        self.assertIn("strict: the request has the unknown key query.statment", response.text)

    def test_a_cut_result_is_an_error(self):
        self.t1.plan(strict="ERROR")
        self.query("insert into sales (amount) values (0)")
        for _ in range(6):
            self.query("insert into sales (amount) select amount from sales")
        answer = self.query("select amount from sales")
        self.assertEqual(50, len(answer.rows))
        self.assertEqual(["ERROR"], [kind for kind, _ in answer.messages])
        self.assertIn("the result was cut to 50 rows, the default maximum", answer.errors[0])
        self.assertEqual("FAILED", self.t1.entries()[-1]["outcome"])

    def test_a_canned_answer_is_given_all_the_same(self):
        self.t1.plan({"match": {"kind": ["SELECT"]}, "do": [{"answer": {"error": "canned\n"}}]},
                     strict="ERROR", evidence="DOCUMENTED")
        self.assertEqual(["canned\n"], self.query("select distinct region from sales").errors)


class FlagsTest(harness.unittest.TestCase):
    def test_flags(self):
        server = harness.Server("--strict", "error", "--evidence", "client")
        self.addCleanup(server.stop)
        self.assertEqual({"strict": "ERROR", "evidence": "CLIENT"}, Control(server).do("GET", "/plan")["settings"])
        self.assertEqual(1, len(server.login().query("select 1").errors))


if __name__ == "__main__":
    harness.main()
