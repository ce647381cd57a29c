"""Random statements: each gets a response, and no error mentions implementation details."""

import os
import random

import harness

STATEMENTS = int(os.environ.get("TQLKIT_RANDOM_STATEMENTS", "4000"))  # per seed
SEEDS = (1, 2, 3)
MACHINERY = ("storage failed", "internal", "sqlite", "keep changing", "no such", "a plan ")

TABLES = ("t", "u", "s.v", "w", '"odd name"')
COLUMNS = ("a", "b", "c", "dd", '"e f"', "ts")
TYPES = ("int", "bigint", "double", "float", "varchar(0)", "bool", "date", "datetime", "time")
LITERALS = ("1", "0", "-5", "2147483648", "1.5", "1e300", "'x'", "'12'", "'2020-01-01'",
            "'23:00:00'", "true", "false", "null", "''", "'é'", "9223372036854775807")


class Writer:
    """Generates statements that parse, most of which are meaningful."""

    def __init__(self, seed):
        self.random = random.Random(seed)

    def one(self, *choices):
        return self.random.choice(choices)

    def maybe(self, chance, text):
        return text() if self.random.random() < chance else ""

    def column(self):
        return self.one(*COLUMNS)

    def table(self):
        return self.one(*TABLES)

    def expression(self, depth=0):
        def inner():
            return self.expression(depth + 1)

        leaves = (lambda: self.one(*LITERALS), self.column)
        nodes = (
            lambda: f"({inner()} {self.one('+', '-', '*', '/', '%', '||')} {inner()})",
            lambda: f"{inner()} {self.one('=', '<>', '<', '>=', 'like')} {inner()}",
            lambda: f"{self.one('abs', 'absyear', 'absday', 'date', 'time')}({inner()})",
            lambda: f"{self.one('sum', 'count', 'min', 'max', 'avg', 'stddev')}({inner()})",
            lambda: f"case when {inner()} then {inner()} else {inner()} end",
            lambda: f"cast({inner()} as {self.one(*TYPES)})",
            lambda: f"{inner()} in ({inner()}, {inner()})",
            lambda: f"({self.select(depth + 2)})",
            lambda: f"{inner()} between {inner()} and {inner()}",
            lambda: f"not {inner()}",
            lambda: f"({inner()} {self.one('and', 'or')} {inner()})",
            lambda: f"{inner()} is {self.one('', 'not ')}null")
        return self.one(*leaves, *(nodes if depth < 3 else ()))()

    def select(self, depth=0):
        items = ", ".join(self.one("*", "count(*)", self.expression(depth + 1))
                          for _ in range(self.random.randrange(1, 4)))
        text = f"select {self.one('', 'distinct ', 'top 3 ')}{items} from {self.table()}"
        text += self.maybe(0.3, lambda: f"{self.one(' join ', ' left join ', ' full join ')}"
                                        f"{self.table()} as j on {self.expression(depth + 1)}")
        text += self.maybe(0.4, lambda: f" where {self.expression(depth + 1)}")
        text += self.maybe(0.2, lambda: f" group by {self.expression(depth + 1)}")
        text += self.maybe(0.1, lambda: f" having {self.expression(depth + 1)}")
        text += self.maybe(0.3, lambda: f" order by {self.one('1', self.expression(depth + 1))}")
        if depth == 0:
            text += self.maybe(0.1, lambda: self.one(" union ", " except ") + self.select(1))
        return text

    def create(self):
        names = self.random.sample(COLUMNS, self.random.randrange(2, 6))
        columns = ", ".join(f"{name} {self.one(*TYPES)}"
                            + self.maybe(0.3, lambda: f" default {self.one(*LITERALS)}")
                            for name in names)
        key = self.maybe(0.5, lambda: f", primary key ({self.one(*names)})")
        shards = self.maybe(0.3, lambda: f" partition by hash (4) key ({self.column()})")
        return f"create {self.one('', 'fact ')}table {self.table()} ({columns}{key}){shards}"

    def alter(self):
        action = self.one(
            f"add column {self.column()} {self.one(*TYPES)} default {self.one(*LITERALS)}",
            f"drop column {self.column()}", f"rename column {self.column()} to {self.column()}",
            f"modify column {self.column()} {self.one(*TYPES)}",
            f"add constraint primary key ({self.column()})", "drop constraint primary key",
            f"add constraint f foreign key ({self.column()}) references {self.table()} "
            f"({self.column()})", "drop constraint f", f"drop foreign key {self.table()}",
            f"add relationship r with {self.table()} as {self.expression(2)}",
            "drop relationship", "set dimension", "set load priority 7",
            f"set fact partition by hash ({self.random.randrange(9)}) key ({self.column()})")
        return f"alter table {self.table()} {action}"

    def insert(self):
        rows = ", ".join("(" + ", ".join(self.one(*LITERALS) for _ in range(
            self.random.randrange(1, 6))) + ")" for _ in range(self.random.randrange(1, 4)))
        return f"insert into {self.table()} {self.one('values ' + rows, self.select(1))}"

    def statement(self):
        return self.one(
            self.create, lambda: f"drop table {self.table()}", self.alter, self.alter, self.insert,
            self.insert, self.select, self.select, self.select,
            lambda: f"update {self.table()} set {self.column()} = {self.expression(1)}",
            lambda: f"delete from {self.table()} where {self.expression(1)}",
            lambda: f"select {self.expression(1)} as x into {self.table()} from {self.table()}",
            lambda: self.one("script server", "show tables", "show statistics for database d"))()


class RandomStatementsTest(harness.ServerTest):
    def test_every_statement_is_answered(self):
        for seed in SEEDS:
            writer = Writer(seed)
            self.session.do("create database d;", "use d;", "create schema s;")
            done = 0
            for _ in range(STATEMENTS):
                text = writer.statement()
                answer = self.session.query(
                    text + ";", {"adv_options": {"allow_unsafe": writer.random.random() < 0.5}})
                self.assertEqual(200, answer.status, (seed, text))
                for error in answer.errors:
                    for word in MACHINERY:
                        self.assertNotIn(word, error.lower(), (seed, text))
                done += not answer.errors
            self.assertGreater(done, STATEMENTS / 50, "hardly a statement ran: the test is blind")
            self.session.do("drop database d;")
        self.assertServerAnswers()


if __name__ == "__main__":
    harness.main()
