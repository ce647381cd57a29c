"""Random SELECTs over random rows return the same as a slow evaluator of SQL."""

import datetime
import math
import os
import random

import harness
import reference_select as reference

QUERIES = int(os.environ.get("TQLKIT_RANDOM_SELECTS", "400"))  # per seed
SEEDS = range(int(os.environ.get("TQLKIT_RANDOM_SEED", "1")),
              int(os.environ.get("TQLKIT_RANDOM_SEED", "1")) + 5)
NULL = "\u0001null"
OPTIONS = {"query_options": {"query_results_apply_top_row_count": 0},
           "formatting_options": {"null_string": NULL}}
READERS = {
    "int": int, "bigint": int, "double": float, "text": str,
    "bool": {"true": True, "false": False}.__getitem__, "date": datetime.date.fromisoformat,
}
TYPES = {"int": "INT", "bigint": "BIGINT", "double": "DOUBLE", "text": "VARCHAR", "bool": "BOOL",
         "date": "DATE"}


def same(a, b):
    """The last digits of sums of quotients depend on the order of rows, which is unspecified."""
    if isinstance(a, float) and isinstance(b, float):
        return math.isclose(a, b, rel_tol=1e-12, abs_tol=1e-12)
    return a == b and isinstance(a, bool) == isinstance(b, bool)


class ReferenceSelectTest(harness.ServerTest):
    def test_selects_agree_with_the_reference(self):
        self.run_selects(long_joins=False)

    def test_long_joins_agree_with_the_reference(self):
        self.run_selects(long_joins=True)

    def run_selects(self, long_joins):
        for seed in SEEDS:
            rng = random.Random(seed)
            tables = [reference.random_table(rng, f"t{i}", most) for i, most in
                      enumerate((0, 3, 6, 12))]
            self.session.do(f"create database r{seed}{long_joins};", f"use r{seed}{long_joins};")
            for table in tables:
                self.session.do(*table.statements())
            agreed = sum(self.agrees(seed, *reference.Writer(rng, tables).query(long_joins))
                         for _ in range(QUERIES))
            self.assertGreater(agreed, QUERIES * 9 // 10, "most SELECTs overflow: the test is blind")

    def agrees(self, seed, query, text, rows, in_order):
        """Returns False if neither side needs to return a result."""
        try:
            expected = rows()
        except reference.Overflow:
            return False
        answer = self.session.query(text, OPTIONS)
        place = f"seed {seed}: {text}"
        self.assertEqual([], answer.errors, place)
        self.assertEqual([TYPES[kind] for kind in query.kinds],
                         [kind for _, kind in answer.headers], place)
        found = [[None if cell == NULL else READERS[kind](cell)
                  for kind, cell in zip(query.kinds, row)] for row in answer.rows]
        if not in_order:
            for each in (expected, found):
                each.sort(key=lambda row: [reference.sort_key(value) for value in row])
        self.assertEqual(len(expected), len(found), place)
        for one, other in zip(expected, found):
            self.assertTrue(all(map(same, one, other)), f"{expected} != {found}: {place}")
        return True


if __name__ == "__main__":
    harness.main()
