"""Programs that parse the text of responses: py-tql, Talend, Alteryx, keboola, awk scripts."""

import harness
from harness import SUCCESS


def rows_below_dashes(lines):
    """How those parsers read a listing: rows follow the line of dashes and are split at '|'."""
    start = next(i for i, line in enumerate(lines) if set(line) <= set("-|") and "-" in line)
    return [line.split("|") for line in lines[start + 1:]]


class OutputParsersTest(harness.ServerTest):
    setup_script = """CREATE DATABASE "parsed"; USE "parsed"; CREATE SCHEMA "extra";
        CREATE TABLE "everything" ("i" INT, "l" BIGINT, "s" VARCHAR(25), "free" VARCHAR(0),
          "x" DOUBLE, "f" FLOAT, "b" BOOL, "day" DATE, "moment" DATETIME, "clock" TIME);
        CREATE TABLE "extra"."other" ("a" INT);
        INSERT INTO "everything" ("i") VALUES (1), (2), (3);"""

    def setUp(self):
        super().setUp()
        self.session.do("use parsed;")

    def listing(self, statement):
        return rows_below_dashes(self.assertSucceeds(self.session.query(statement)).output)

    def test_show_databases_is_one_plain_name_a_line(self):
        """py-tql, Talend."""
        names = self.assertSucceeds(self.session.query("show databases;")).output
        for name in ("parsed", "thoughtspot_internal", "thoughtspot_internal_stats"):
            self.assertIn(name, names)

    def test_show_tables_begins_with_schema_and_table(self):
        """Three parsers take fields 0 and 1."""
        self.assertEqual([[harness.DEFAULT_SCHEMA, "everything"], ["extra", "other"]],
                         [[field.strip() for field in row[:2]]
                          for row in self.listing("show tables;")])

    def test_show_schemas_begins_with_the_schema(self):
        """Talend, keboola."""
        schemas = [row[0].strip() for row in self.listing('show schemas "parsed";')]
        self.assertEqual({harness.DEFAULT_SCHEMA, "extra"}, set(schemas))

    def test_show_table_has_five_fields_and_unpadded_date_kinds(self):
        """Five parsers; awk compares $5 == "datetime", Java drops trailing empty fields."""
        rows = self.listing("show table everything;")
        self.assertEqual({5}, {len(row) for row in rows})
        self.assertEqual(
            {"i": ("int32", ""), "l": ("int64", ""), "s": ("varchar", ""), "free": ("varchar", ""),
             "x": ("double", ""), "f": ("float", ""), "b": ("bool", ""), "day": ("int64", "date"),
             "moment": ("int64", "datetime"), "clock": ("int64", "time")},
            {row[0].strip(): (row[2].strip(), row[4]) for row in rows})
        lengths = {row[0].strip(): row[3].strip() for row in rows}
        self.assertEqual(("25", "0"), (lengths["s"], lengths["free"]))

    def test_result_rows_line_precedes_success(self):
        """py-tql and Talend remove it: it starts with "(" and ends with "result rows)"."""
        answer = self.assertSucceeds(self.session.query("select i from everything;"))
        self.assertEqual([("INFO", "(3 result rows)\n"), ("INFO", SUCCESS)], answer.messages)

    def test_result_rows_line_without_rows(self):
        answer = self.assertSucceeds(self.session.query("select i from everything where i = 9;"))
        self.assertEqual([("INFO", "(0 result rows)\n"), ("INFO", SUCCESS)], answer.messages)

    def test_empty_null_string(self):
        """Talend and Alteryx request it."""
        answer = self.session.query("select l from everything where i = 1;",
                                    {"formatting_options": {"null_string": ""}})
        self.assertEqual([[""]], answer.rows)

    def test_changes_return_success_only(self):
        for statement in ("insert into everything (i) values (4);",
                          "update everything set l = 5 where i = 4;",
                          "delete from everything where i = 4;"):
            with self.subTest(statement=statement):
                answer = self.assertSucceeds(self.session.query(statement))
                self.assertEqual([("INFO", SUCCESS)], answer.messages)


if __name__ == "__main__":
    harness.main()
