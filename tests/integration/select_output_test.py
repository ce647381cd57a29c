"""The results of SELECT: headers, types, the text of cells, and the options that affect them."""

import harness

EPOCH = {"formatting_options": {"date_format": {"format_date_as_epoch": True}}}
NO_CAP = {"query_results_apply_top_row_count": 0}


class CellTest(harness.ServerTest):
    setup_script = """CREATE DATABASE "cells"; USE "cells";
        CREATE TABLE "t" ("id" INT, "s" VARCHAR(0), "d" DOUBLE, "f" FLOAT, "b" BOOL, "i" INT,
          "l" BIGINT, "day" DATE, "moment" DATETIME, "clock" TIME);
        INSERT INTO "t" VALUES
          (1, 'text', 0.1, 1.5, true, -2147483648, 9223372036854775807, '2019-12-31',
           '2019-12-31 23:59:59', '23:59:59'),
          (2, null, null, null, null, null, null, null, null, null),
          (3, '', 0, 0, false, 0, 0, '1970-01-01', '1970-01-01 00:00:00', '00:00:00');"""

    def setUp(self):
        super().setUp()
        self.session.do("use cells;")

    def row(self, key, options=None):
        answer = self.session.query(f"select * from t where id = {key};", options)
        return self.assertSucceeds(answer).rows[0][1:]

    def test_headers_carry_names_and_types(self):
        answer = self.session.query("select * from t;")
        self.assertEqual(
            [("id", "INT"), ("s", "VARCHAR"), ("d", "DOUBLE"), ("f", "FLOAT"), ("b", "BOOL"),
             ("i", "INT"), ("l", "BIGINT"), ("day", "DATE"), ("moment", "DATETIME"),
             ("clock", "TIME")], answer.headers)

    def test_every_type(self):
        self.assertEqual(["text", "0.1", "1.5", "true", "-2147483648", "9223372036854775807",
                          "2019-12-31", "2019-12-31 23:59:59", "23:59:59"], self.row(1))

    def test_null_and_empty_text_differ(self):
        self.assertEqual(["(null)"] * 9, self.row(2))
        self.assertEqual("", self.row(3)[0])

    def test_null_string(self):
        for null_string in ("{null}", "", "\\N", "\u2028<&>", "n" * 1000):
            with self.subTest(null_string=null_string[:10]):
                options = {"formatting_options": {"null_string": null_string}}
                self.assertEqual([null_string] * 9, self.row(2, options))

    def test_null_string_null_means_the_default(self):
        self.assertEqual(["(null)"] * 9, self.row(2, {"formatting_options": {"null_string": None}}))

    def test_accepts_boolean_null_string(self):
        self.row(1, {"formatting_options": {"null_string": True}})

    def test_epoch_is_seconds_and_a_time_seconds_of_its_day(self):
        self.assertEqual(["1577750400", "1577836799", "86399"], self.row(1, EPOCH)[6:])
        self.assertEqual(["0", "0", "0"], self.row(3, EPOCH)[6:])
        self.assertEqual(["(null)"] * 3, self.row(2, EPOCH)[6:])

    def test_date_formats(self):
        formats = {"date_format": "%d/%m/%Y", "date_time_format": "%Y%m%d-%H%M%S",
                   "time_format": "%M:%S"}
        options = {"formatting_options": {"date_format": formats}}
        self.assertEqual(["31/12/2019", "20191231-235959", "59:59"], self.row(1, options)[6:])

    def test_options_in_camel_case(self):
        options = {"formattingOptions": {"nullString": "-", "dateFormat":
                                         {"formatDateAsEpoch": True}}}
        self.assertEqual(["-"] * 9, self.row(2, options))
        self.assertEqual("1577750400", self.row(1, options)[6])

    def test_alias_is_the_header(self):
        answer = self.session.query('select id as "my id", count(*) as n from t group by id;')
        self.assertEqual(["my id", "n"], [name for name, _ in answer.headers])

    def test_aggregate_types_and_values(self):
        answer = self.session.query("select count(*) as n, min(day) as d, max(i) as i, "
                                    "avg(f) as a from t;")
        self.assertEqual([["3", "1970-01-01", "0", "0.75"]], answer.rows)
        self.assertEqual("DATE", answer.headers[1][1])


class RowLimitTest(harness.ServerTest):
    setup_script = ('CREATE DATABASE "limits"; USE "limits"; CREATE TABLE n (a int); '
                    "INSERT INTO n VALUES " + ", ".join(f"({i})" for i in range(120)) + ";")

    def setUp(self):
        super().setUp()
        self.session.do("use limits;")

    def numbers(self, statement, query_options=None):
        answer = self.session.query(statement, {"query_options": query_options or {}})
        return [int(row[0]) for row in self.assertSucceeds(answer).rows]

    def test_fifty_rows_by_default(self):
        self.assertEqual(list(range(50)), self.numbers("select a from n order by a;"))
        answer = self.session.query("select a from n;")
        self.assertEqual(50, len(answer.rows))
        self.assertIn(("INFO", "(50 result rows)\n"), answer.messages)

    def test_zero_or_negative_switches_the_cap_off(self):
        for count in (0, -1, "0"):
            with self.subTest(count=count):
                self.assertEqual(list(range(120)), self.numbers(
                    "select a from n order by a;", {"query_results_apply_top_row_count": count}))

    def test_top_and_limit_replace_the_cap(self):
        self.assertEqual(list(range(60)), self.numbers("select top 60 a from n order by a;"))
        self.assertEqual(list(range(70)), self.numbers("select a from n order by a limit 70;"))

    def test_cap_does_not_reach_into_aggregates(self):
        self.assertEqual([120], self.numbers("select count(*) from n;"))

    def test_pages(self):
        pages = {"start": 10, "size": 5}, {"start": "10", "size": "5"}
        for page in pages:
            with self.subTest(page=page):
                self.assertEqual(list(range(10, 15)), self.numbers(
                    "select a from n order by a;", {**NO_CAP, "pagination": page}))

    def test_last_page_is_short_and_the_next_one_empty(self):
        for start, expected in ((115, [115, 116, 117, 118, 119]), (120, []), (10 ** 18, [])):
            with self.subTest(start=start):
                self.assertEqual(expected, self.numbers(
                    "select a from n order by a;",
                    {**NO_CAP, "pagination": {"start": start, "size": 10}}))

    def test_row_count_only(self):
        answer = self.session.query("select a from n;",
                                    {"query_options": {**NO_CAP, "query_row_count_only": True}})
        self.assertSucceeds(answer)
        self.assertEqual([("a", "INT")], answer.headers)
        self.assertEqual([], answer.rows)
        self.assertEqual(("INFO", "(120 result rows)\n"), answer.messages[-2])


if __name__ == "__main__":
    harness.main()
