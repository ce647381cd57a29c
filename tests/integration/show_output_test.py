"""The text of SHOW and USE, byte for byte."""

import json
import re

import harness
from harness import SUCCESS

GUID = re.compile(r"[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}")
SAME_GUID = "101443e1-2cf4-4450-8151-38ef146961cf"  # same width, different value


class ShowOutputTest(harness.ServerTest):
    setup_script = """CREATE DATABASE "cs_tools"; USE "cs_tools";
        CREATE TABLE "ts_user" ("user_guid" VARCHAR(0), "created" DATETIME, PRIMARY KEY ("user_guid"));
        CREATE TABLE "ts_group_privilege" ("a" INT);"""

    def setUp(self):
        super().setUp()
        self.session.do("use cs_tools;")

    def shown(self, statement):
        text = self.assertSucceeds(self.session.query(statement)).text
        return GUID.sub(SAME_GUID, text)

    def test_show_databases_is_one_message_a_name(self):
        answer = self.session.query("show databases;")
        self.assertEqual({("INFO", "cs_tools\n"), ("INFO", "thoughtspot_internal\n"),
                          ("INFO", "thoughtspot_internal_stats\n"), ("INFO", SUCCESS)},
                         set(answer.messages))
        self.assertEqual(4, len(answer.messages))

    def test_sample_of_the_reference(self):
        answer = self.session.query("show databases;", context={"server_schema_version": -1})
        version = answer.context["server_schema_version"]
        messages = [{"type": kind, "value": value} for kind, value in answer.messages]
        self.assertEqual(
            {"result": {"final_context": {"schema": "falcon_default_schema", "database": "",
                                          "server_schema_version": version},
                        "message": messages, "complete": True}}, answer.lines[0])
        self.assertEqual(json.dumps(answer.lines[0], separators=(",", ":")).encode(),
                         answer.raw_lines[0])

    def test_use(self):
        answer = self.session.query("use cs_tools;")
        self.assertEqual("Changing database context to cs_tools\n" + SUCCESS, answer.text)
        self.assertEqual("cs_tools", answer.context["database"])

    def test_use_changes_only_the_database(self):
        context = {"database": "", "schema": "kept", "server_schema_version": -1}
        answer = self.session.query("use cs_tools;", context=context)
        self.assertEqual(("cs_tools", "kept"),
                         (answer.context["database"], answer.context["schema"]))

    def test_use_of_an_unknown_database(self):
        self.assertEqual("cs_tools", self.assertFails(self.session.query("use nowhere;"))
                         .context["database"])

    def test_show_tables(self):
        """Columns are as wide as their longest value; the last column has 16 dashes and is not padded."""
        header, *lines = self.shown("show tables;").splitlines(keepends=True)
        self.assertEqual("Schema Name          |Table Name        |Guid" + " " * 32 + "|Type",
                         header.rstrip())
        self.assertEqual([
            "---------------------|------------------|------------------------------------|"
            "----------------\n",
            f"falcon_default_schema|ts_user           |{SAME_GUID}|UNKNOWN\n",
            f"falcon_default_schema|ts_group_privilege|{SAME_GUID}|UNKNOWN\n", SUCCESS], lines)

    def test_show_table(self):
        lines = self.shown("show table ts_user;").splitlines()
        names = [name.strip() for name in lines[0].split("|")]
        self.assertEqual(["Column Name", "Guid", "Data Type", "Length", "Format"], names)
        self.assertRegex(lines[1], r"^-+(\|-+){4}$")
        self.assertEqual([len(run) for run in lines[1].split("|")][:4],
                         [len(field) for field in lines[2].split("|")][:4])
        self.assertRegex(lines[2], r"^user_guid *\|" + SAME_GUID + r"\|varchar *\|0 *\|$")
        self.assertRegex(lines[3], r"^created *\|" + SAME_GUID + r"\|int64 *\|[^|]*\|datetime$")

    STATISTICS = [
        "Database Name", "Schema Name", "Table Name", "Table Guid", "Status", "Serving Timestamp",
        "Total Row Count", "Row Count Skew", "Estimated Size (MB)", "Estimated Size Skew (MB)",
        "Total Shards", "Cluster Space Used (MB)", "Last Updated Timestamp"]

    def statistics(self, what):
        """The rows as dictionaries."""
        header, dashes, *lines = self.assertSucceeds(
            self.session.query(f"show statistics for {what};")).output
        self.assertEqual(self.STATISTICS, [name.strip() for name in header.split("|")])
        self.assertRegex(dashes, r"^-+(\|-+){12}$")
        return [dict(zip(self.STATISTICS, (f.strip() for f in line.split("|")))) for line in lines]

    def test_show_statistics(self):
        """ddl_tools reads the fields by these names."""
        self.session.do(
            "use cs_tools;", "create table plain (a int, b varchar(0));",
            "create table spread (a int) partition by hash (3);",
            "create table keyed (k int, g int, primary key (k, g)) partition by hash (4) key (g);")
        self.addCleanup(self.session.do, "drop table plain;", "drop table spread;",
                        "drop table keyed;")
        # A megabyte of text; ten rows in three shards; eight rows in one shard of four.
        self.session.do("insert into plain values "
                        + ", ".join(f"({i}, '{'x' * 1024}')" for i in range(1024)) + ";",
                        "insert into spread values "
                        + ", ".join(f"({i})" for i in range(10)) + ";",
                        "insert into keyed values " + ", ".join(f"({i}, 7)" for i in range(8)) + ";")
        found = {row["Table Name"]: row for row in self.statistics("database cs_tools")}
        numbers = {name: [row["Total Row Count"], row["Row Count Skew"], row["Total Shards"]]
                   for name, row in found.items()}
        self.assertEqual(["1024", "0", "1"], numbers["plain"])
        self.assertEqual(["10", "1", "3"], numbers["spread"])
        self.assertEqual(["8", "8", "4"], numbers["keyed"])
        self.assertEqual("1.00", found["plain"]["Estimated Size (MB)"])
        self.assertRegex(found["plain"]["Table Guid"], GUID)
        for field in "Serving Timestamp", "Last Updated Timestamp":
            self.assertRegex(found["plain"][field], r"^\d{4}-\d\d-\d\d \d\d:\d\d:\d\d$")
        self.assertEqual([found["keyed"]], self.statistics("table keyed"))
        server = self.statistics("server")
        self.assertIn(found["spread"], server)
        self.assertIn("thoughtspot_internal", {row["Database Name"] for row in server})

    def test_show_of_unknown_things_fails(self):
        for statement in ("show table nowhere;", "show tables nowhere;", "show schemas nowhere;"):
            with self.subTest(statement=statement):
                self.assertFails(self.session.query(statement))

    def test_show_constraints_does_not_parse(self):
        self.assertFails(self.session.query("show constraints;"), r"^Error parsing SQL\.")


if __name__ == "__main__":
    harness.main()
