"""Interactive questions: asked before data is lost, stateless, never in scripts."""

import json

import harness
from harness import SUCCESS

UNSAFE = {"adv_options": {"allow_unsafe": True}}
NOTHING_DONE = [("INFO", "Nothing was done.\n")]


class QuestionsTest(harness.ServerTest):
    setup_script = """CREATE DATABASE "asks"; CREATE DATABASE "other";"""

    def setUp(self):
        super().setUp()
        self.session.do(
            "use asks;",
            "create schema s;",
            "create table s.products (id int, primary key (id));",
            "create table s.lonely (id int);",
            "create table sales (id int, product int, "
            "constraint products foreign key (product) references s.products (id));",
            "create table visits (product int, "
            "relationship seen with s.products as visits.product = s.products.id);")
        self.addCleanup(self.remove_all)

    def remove_all(self):
        self.session.do("use asks;")
        for thing in ("table sales", "table visits", "schema s"):
            self.session.query(f"drop {thing};", UNSAFE)

    def question(self, answer):
        """The question of a response that contains nothing else."""
        self.assertEqual(200, answer.status)
        (line,) = answer.lines
        self.assertEqual({"interactive_question"}, set(line["result"]))
        (question,) = line["result"]["interactive_question"]
        return question

    def reply(self, statement, *words, question_id=None):
        question_id = question_id or self.question(self.session.query(statement))["question_id"]
        return self.session.query(
            statement, answers=[{"question_id": question_id, "answer": word} for word in words])

    def table_count(self):
        return len(self.session.query("show tables;").output) - 2

    def test_the_documented_shape(self):
        question = self.question(self.session.query("drop table s.products;"))
        self.assertEqual({"question_id", "banner", "prompt", "options"}, set(question))
        self.assertEqual(
            "WARNING: This operation will break the Foreign Key relationship “products” with table "
            "“sales” and the relationship “seen” with table “visits”. We recommend taking a "
            "snapshot before performing this operation.", question["banner"])
        self.assertEqual("Do you wish to proceed? (yes/no).", question["prompt"])
        self.assertEqual(["yes", "no"], question["options"])

    def test_yes_in_any_case_runs_the_statement(self):
        for word in ("yes", "YES", " Yes\n"):
            with self.subTest(word=word):
                self.assertSucceeds(self.reply("drop table s.products;", word))
                self.assertFails(self.session.query("show table s.products;"), "does not exist")
                self.session.do("create table s.products (id int, primary key (id));",
                                "drop table sales;",
                                "create table sales (id int, product int, constraint products "
                                "foreign key (product) references s.products (id));")

    def test_other_answers_cancel(self):
        version = self.session.query("show table s.products;").version
        for word in ("no", "", "y", "yes!", "нет"):
            with self.subTest(word=word):
                answer = self.reply("drop table s.products;", word)
                self.assertEqual(NOTHING_DONE, answer.messages)
                self.assertEqual(version, answer.version)
        self.assertSucceeds(self.session.query("show table s.products;"))

    def test_the_last_answer_to_a_question_counts(self):
        self.assertEqual(NOTHING_DONE, self.reply("drop table s.products;", "yes", "no").messages)
        self.assertSucceeds(self.reply("drop table s.products;", "no", "yes"))

    def test_ignores_answers_to_other_questions(self):
        for foreign in ("x", self.question(self.session.query("drop schema s;"))["question_id"]):
            self.question(self.reply("drop table s.products;", "yes", question_id=foreign))

    def test_the_id_is_made_of_the_statement_alone(self):
        first = self.question(self.session.query("drop table s.products;"))
        second = self.server.login()
        self.addCleanup(second.close)
        second.do("use asks;")
        self.assertEqual(first, self.question(second.query("  drop table s.products  ;\n")))
        self.assertNotEqual(first["question_id"], self.question(
            self.session.query("drop table asks.s.products;"))["question_id"])

    def test_does_not_ask_without_data_to_lose(self):
        self.assertSucceeds(self.session.query("drop table sales;"))
        self.assertSucceeds(self.session.query("drop table visits;"))
        self.assertSucceeds(self.session.query("drop schema s;"))

    def test_references_within_dropped_objects_are_not_dependents(self):
        self.session.do("use other;", "create schema i;",
                        "create table i.a (id int, primary key (id));",
                        "create table i.b (id int, foreign key (id) references i.a (id));",
                        "create table i.self (id int, primary key (id), "
                        "foreign key (id) references i.self (id));",
                        "drop table i.self;", "drop schema i;")

    def test_dropping_a_schema_and_a_database_asks_too(self):
        self.question(self.session.query("drop schema s;"))
        self.session.do("use other;", "create table t (id int, primary key (id));", "use asks;",
                        "create table far (id int, foreign key (id) references "
                        "other.falcon_default_schema.t (id));")
        question = self.question(self.session.query("drop database other;"))
        self.assertIn("the Foreign Key relationship with table “far”", question["banner"])
        self.assertEqual(NOTHING_DONE, self.reply("drop database other;", "no").messages)
        self.session.do("drop table far;", "use other;", "drop table t;")

    def test_allow_unsafe_is_not_asked(self):
        self.assertSucceeds(self.session.query("drop table s.products;", UNSAFE))

    def test_a_script_is_never_asked(self):
        answer = self.session.script("drop table s.products; show table s.products;")
        self.assertRegex(answer.errors[0], "(?s)^Drop table returned error: It would break the "
                         "Foreign Key relationship “products” with table “sales”.*allow_unsafe")
        self.assertEqual(1, len(answer.errors))
        self.assertSucceeds(self.session.script("drop table s.products;", UNSAFE))

    def test_statements_after_a_question_wait_for_its_answer(self):
        text = "create table made (a int); drop table s.products; drop table made;"
        lines = self.session.query(text).lines
        self.assertEqual(2, len(lines))
        self.assertIn("interactive_question", lines[1]["result"])
        self.assertSucceeds(self.session.query("drop table made;"))

    def test_many_dependents_are_counted(self):
        for i in range(12):
            self.session.do(f"create table d{i} (id int, foreign key (id) references "
                            "s.products (id));")
            self.addCleanup(self.session.do, f"drop table d{i};")
        banner = self.question(self.session.query("drop table s.products;"))["banner"]
        self.assertIn(" and 4 others. We recommend", banner)


class ReshardingTest(harness.ServerTest):
    """ALTER TABLE … SET FACT and SET DIMENSION of tables with rows."""

    setup_script = """CREATE DATABASE "asks";"""
    RESHARD = "alter table t set fact partition by hash (4) key (id);"

    def setUp(self):
        super().setUp()
        self.session.do("use asks;", "create table t (id int, b int, primary key (id));")
        self.addCleanup(self.session.do, "use asks;", "drop table t;")

    def stages(self, answer):
        return [stage for result in answer.results for stage in result.get("progress", [])]

    def alter(self, statement, *answers, options=None):
        """Answers the questions like the vendor's client: sends all answers again each time."""
        given = []
        for word in answers:
            answer = self.session.query(statement, options, answers=given)
            question = answer.results[-1]["interactive_question"][0]
            given.append({"question_id": question["question_id"], "answer": word})
        return self.session.query(statement, options, answers=given)

    def test_rows_that_move_are_asked_about(self):
        self.session.do("insert into t values (1, 1), (2, 2);")
        question = self.session.query(self.RESHARD).results[0]["interactive_question"][0]
        self.assertEqual("Table “t” has 2 rows that will be redistributed.",
                         question["banner"])
        for word, details in ("yes", "2 rows, table offline"), ("no", "2 rows, table online"):
            with self.subTest(word=word):
                answer = self.assertSucceeds(self.alter(self.RESHARD, word))
                self.assertEqual([0, 100], [s["percentage"] for s in self.stages(answer)])
                self.assertEqual({(details, 'Resharding table "t"')},
                                 {(s["details"], s["label"]) for s in self.stages(answer)})
                self.assertEqual(1, len({s["id"] for s in self.stages(answer)}))
                self.assertSucceeds(self.alter("alter table t set dimension;", word))

    def test_does_not_ask_without_resharding(self):
        self.assertSucceeds(self.session.query(self.RESHARD))  # no rows
        self.session.do("insert into t values (1, 1);", "alter table t add column c int;",
                        "alter table t set load priority 7;")

    def test_a_script_takes_the_option(self):
        self.session.do("insert into t values (1, 1);")
        for offline, details in (True, "1 rows, table offline"), (False, "1 rows, table online"):
            options = {"adv_options": {"offlining_during_resharding_default": offline}}
            answer = self.session.script(self.RESHARD + "alter table t set dimension;", options)
            self.assertEqual([], answer.errors)
            self.assertEqual({details}, {stage["details"] for stage in self.stages(answer)})

    def test_one_question_after_the_other(self):
        self.session.do("insert into t values (1, 1);",
                        "create table refers (id int, foreign key (id) references t (id));")
        self.addCleanup(self.session.query, "drop table refers;")
        both = "alter table t modify column id bigint, set fact partition by hash (2) key (id);"
        first = self.session.query(both).results[0]["interactive_question"]
        self.assertIn("will break", first[0]["banner"])
        second = self.alter(both, "yes").results[0]["interactive_question"]
        self.assertIn("redistributed", second[0]["banner"])
        self.assertSucceeds(self.alter(both, "yes", "no"))

    def test_reports_progress_of_large_alterations(self):
        self.session.do("insert into t values "
                        + ", ".join(f"({i}, {i})" for i in range(100_000)) + ";")
        for statement in ("alter table t modify column b varchar(0);",
                          "alter table t add column c int, drop column b;"):
            with self.subTest(statement=statement):
                stages = self.stages(self.assertSucceeds(self.session.query(statement)))
                self.assertEqual({("Altering table \"t\"", "100000 rows")},
                                 {(stage["label"], stage["details"]) for stage in stages})
                percentages = [stage["percentage"] for stage in stages]
                self.assertEqual((0, 100), (percentages[0], percentages[-1]))
                self.assertEqual(sorted(percentages), percentages)
        self.assertEqual([], self.stages(self.session.query(
            "alter table t rename column c to d;")), "no row changes")

    def test_reports_progress_of_compaction(self):
        stages = self.stages(self.assertSucceeds(self.session.query("compact all_tables;")))
        self.assertEqual([(0, "1 table"), (100, "1 table")],
                         [(stage["percentage"], stage["details"]) for stage in stages])

    def test_timeout_rolls_back(self):
        self.session.do("insert into t values " + ", ".join(f"({i}, 1)" for i in range(300)) + ";")
        before = self.session.query("show table t;").text
        endless = "update t set b = (select sum(x.id) from t x, t y, t z, t u, t v);"
        writer = self.server.connect()  # blocks all other writers
        self.addCleanup(writer.close)
        writer.send_request("POST", harness.QUERY, self.session.headers, json.dumps(
            {"context": {"database": "asks"}, "query": {"statement": endless}}))
        options = {"adv_options": {"progress_wrapper_timeout_sec": 1}}
        # Until the writer has begun; every ALTER has the timeout, because it may run between any two.
        while not self.session.query("alter table t set load priority 7;", options).errors:
            pass
        answer = self.session.query("alter table t add column c int;", options)
        self.assertFails(answer, "^Alter table returned error: It took longer than "
                         "progress_wrapper_timeout_sec, 1 s; nothing was changed")
        writer.reset()
        self.assertEqual(before, self.session.query("show table t;").text)


if __name__ == "__main__":
    harness.main()
