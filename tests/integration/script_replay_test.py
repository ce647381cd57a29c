"""The output of SCRIPT recreates the same databases on another server."""

import itertools
import tempfile

import harness

SAMPLE = harness.ROOT / "tools" / "sample" / "retail.tql"
FLAGS = ("add_database", "script_comments", "script_extensions", "script_guids",
         "script_parsing_hints", "script_schema_versions")
EVERYTHING = dict.fromkeys(FLAGS, True)
REPLAY = {"adv_options": {"generate_guids_in_ddl": False, "continue_execution_on_error": False}}
ODD = '''CREATE DATABASE "odd ""db"""; USE "odd ""db"""; CREATE SCHEMA "s.1"; CREATE SCHEMA "empty";
CREATE FACT TABLE "s.1"."t
two lines" ("a;b" INT DEFAULT 7, "c -- d" VARCHAR(3) DEFAULT 'it''s', "e /* f" DATE DEFAULT null,
  "when" DATETIME [parsinghint="%d.%m.%Y %H:%M"], "g'h" BOOL [parsinghint="1_0"],
  PRIMARY KEY ("a;b")) PARTITION BY HASH (3) KEY ("a;b");
CREATE DIMENSION TABLE "falcon_default_schema"."d" (x INT, y VARCHAR(0), PRIMARY KEY (x, y));
CREATE TABLE refers (x INT, y VARCHAR(0), day DATE, CONSTRAINT "f""k" FOREIGN KEY (x, y)
  REFERENCES d (x, y), FOREIGN KEY (x, y) REFERENCES d (x, y));
ALTER TABLE refers ADD RELATIONSHIP seen WITH "s.1"."t
two lines" AS refers.x = "s.1"."t
two lines"."a;b" AND refers.day > "s.1"."t
two lines"."when";
CREATE DATABASE second; USE second; CREATE TABLE far (x INT, y VARCHAR(0),
  CONSTRAINT away FOREIGN KEY (x, y) REFERENCES "odd ""db""".falcon_default_schema.d (x, y));
'''


class ScriptReplayTest(harness.ServerTest):
    setup_script = SAMPLE.read_text() + ODD

    def scripted(self, session, what="server", **flags):
        answer = self.assertSucceeds(
            session.query(f"script {what};", {"scripting_options": flags}))
        for kind, value in answer.messages[:-1]:
            self.assertEqual("INFO", kind)
            self.assertTrue(value.endswith(";\n"), value)
        return "".join(value for _, value in answer.messages[:-1])

    def replayed(self, script, options=None):
        """A session on a new server after the script."""
        server = harness.Server()
        self.addCleanup(server.stop)
        session = server.login()
        self.addCleanup(session.close)
        answer = session.script(script, options)
        self.assertEqual([], answer.errors, script)
        return session

    def test_everything_comes_back(self):
        script = self.scripted(self.session, **EVERYTHING | {"script_schema_versions": False})
        again = self.replayed(script, REPLAY)
        self.assertEqual(
            script, self.scripted(again, **EVERYTHING | {"script_schema_versions": False}))

    def test_every_choice_of_options_can_be_replayed(self):
        for values in itertools.product((False, True), repeat=len(FLAGS)):
            flags = dict(zip(FLAGS, values))
            if not flags["add_database"]:
                continue  # references to another database cannot be expressed then
            with self.subTest(**flags):
                script = self.scripted(self.session, **flags)
                names = self.scripted(self.replayed(script), script_comments=False,
                                      script_extensions=False)
                self.assertEqual(names, self.scripted(self.session, script_comments=False,
                                                      script_extensions=False))

    def test_restores_live_schema_versions(self):
        self.session.do('use "odd ""db""";', 'alter table d add column z int;',
                        'alter table d drop column z;')
        script = self.scripted(self.session, "table d", **EVERYTHING)
        self.assertIn("Live Schema Version 2\n", script)
        again = self.replayed("CREATE DATABASE again; USE again; " + script, REPLAY)
        again.do("use again;")
        self.assertEqual(script, self.scripted(again, "table d", **EVERYTHING))

    def test_comments_survive_a_restart(self):
        """Guids, hints, missing hints, compression, versions."""
        with tempfile.TemporaryDirectory() as folder:
            script = """/*
Database "kept" guid = 6ecff207-5cd5-4e67-9405-1ed66aadf9b5
 */
CREATE DATABASE "kept";

USE "kept";


/*
Schema "s" guid = b8a1190c-6246-4c3e-a78b-c5b3bf42bcec
 */
CREATE SCHEMA "s";


/*
FACT
Table "t" guid = 1face894-021b-44c7-af14-55099a196c19
Column "a" guid = 38f78c28-a7b5-4e96-82f3-923221ce2809 compression DISABLED
Column "b" guid = bf022720-cd02-4201-b1b5-e8318d987259 parsing hint %d.%m.%Y compression AUTO
Column "c" guid = 4d98a98f-a79f-4738-bb7a-3c4daa91fb6f"c" default null compression AUTO
Column "d" guid = 4d98a98f-a79f-4738-bb7a-3c4daa91fb70
Live Schema Version 33
 */
CREATE FACT TABLE "s"."t" (
    "a" varchar(25),
    "b" date,
    "c" DATETIME,
    "d" time
);
"""
            for start in range(3):
                server = harness.Server("--data", f"{folder}/data.db")
                self.addCleanup(server.stop)
                session = server.login()
                self.addCleanup(session.close)
                if start == 0:
                    self.assertEqual([], session.script(script, REPLAY).errors)
                self.assertEqual(script, self.scripted(session, **EVERYTHING))
                session.close()
                server.stop()

    def test_an_init_script_keeps_what_comments_say(self):
        script = self.scripted(self.session, **EVERYTHING | {"script_schema_versions": False})
        with tempfile.NamedTemporaryFile("w", suffix=".tql") as file:
            file.write(script)
            file.flush()
            server = harness.Server("--init", file.name)
        self.addCleanup(server.stop)
        session = server.login()
        self.addCleanup(session.close)
        self.assertEqual(
            script, self.scripted(session, **EVERYTHING | {"script_schema_versions": False}))

    def test_without_the_option_guids_are_new(self):
        script = self.scripted(self.session, "database retail", **EVERYTHING)
        again = self.replayed(script)
        self.assertNotEqual(script, self.scripted(again, "database retail", **EVERYTHING))

    def test_rows_are_not_in_it(self):
        self.assertNotIn("INSERT", self.scripted(self.session).upper())


if __name__ == "__main__":
    harness.main()
