"""The sample database yields the figures of its own script, computed here without SQL."""

import ast
import collections
import re

import harness

SAMPLE = harness.ROOT / "tools" / "sample"
NO_CAP = {"query_options": {"query_results_apply_top_row_count": 0}}


def rows_of(table):
    """The rows of one INSERT of retail.tql."""
    text = (SAMPLE / "retail.tql").read_text(encoding="utf-8")
    block = re.search(rf'INSERT INTO "{table}" VALUES\n(.*?);\n', text, re.S).group(1)
    rows = []
    for line in block.splitlines():
        words = re.sub(r"'(?:[^']|'')*'", lambda m: repr(m.group()[1:-1].replace("''", "'")),
                       line.strip().rstrip(","))
        outside = re.split(r"""('(?:[^'\\]|\\.)*'|"(?:[^"\\]|\\.)*")""", words)
        outside[::2] = [re.sub(r"\bnull\b", "None", re.sub(r"\btrue\b", "True", re.sub(
            r"\bfalse\b", "False", piece))) for piece in outside[::2]]
        rows.append(ast.literal_eval("".join(outside)))
    return rows


class SampleTest(harness.ServerTest):
    flags = ("--init", str(SAMPLE / "retail.tql"))

    def setUp(self):
        super().setUp()
        self.session.do("use retail;")

    def test_every_row_is_there(self):
        for table in ("store", "product", "customer", "sales"):
            with self.subTest(table=table):
                answer = self.session.query(f"select count(*) from {table};")
                self.assertEqual([[str(len(rows_of(table)))]], answer.rows)

    def test_sales_come_back_as_written(self):
        answer = self.session.query("select sale_id, store_id, product_id, customer_id, sold_at, "
                                    "quantity, note from sales order by sale_id;", NO_CAP)
        expected = [["(null)" if value is None else str(value) for value in (*row[:6], row[7])]
                    for row in rows_of("sales")]
        self.assertEqual(expected, answer.rows)

    def test_tour(self):
        answer = self.session.script((SAMPLE / "tour.tql").read_text(encoding="utf-8"),
                                     context={"server_schema_version": -1})
        self.assertEqual([], answer.errors)
        turnover, quarter, anonymous, north, prices = [
            [row["v"] for row in result["table"]["rows"]]
            for result in answer.results if "table" in result]

        regions = {row[0]: row[3] for row in rows_of("store")}
        sales = rows_of("sales")
        count, total = collections.Counter(), collections.Counter()
        for row in sales:
            count[regions[row[1]]] += 1
            total[regions[row[1]]] += row[6]
        self.assertEqual([(region, str(count[region])) for region, _ in total.most_common()],
                         [(row[0], row[1]) for row in turnover])
        for region, _, amount in turnover:
            self.assertAlmostEqual(total[region], float(amount), places=6)

        self.assertEqual([[str(sum(row[4] < "2020-04-01" for row in sales))]], quarter)
        self.assertEqual([[str(sum(row[3] is None for row in sales))]], anonymous)
        self.assertEqual([["8", "Stockholm", "2021-05-05"]], north)

        categories = collections.defaultdict(list)
        for row in rows_of("product"):
            categories[row[2]].append(row[3])
        self.assertEqual(sorted(categories), [row[0] for row in prices])
        for category, price in prices:
            expected = sum(categories[category]) / len(categories[category])
            self.assertAlmostEqual(expected, float(price), places=6)


if __name__ == "__main__":
    harness.main()
