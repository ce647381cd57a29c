"""Random SELECTs with a slow evaluator that computes their results row by row from the rules of SQL.

An expression is written and evaluated by one object, so that the two cannot drift apart; nothing
here knows how the server evaluates. NULL is None, and a truth is True, False or None.
"""

import datetime
import functools
import itertools
import math
import re

INTS = ("int", "bigint")
NAMES = ("", "a", "A", "ab", "Zoë", "x_y", "50%", "it's", "β")


class Overflow(Exception):
    """The statement may end with an error, because an integer overflowed."""


class Expr:
    """`text` in TQL, `kind` of its value, `value(scope)` where a scope maps aliases to rows."""

    def __init__(self, text, kind, value):
        self.text, self.kind, self.value = text, kind, value


def whole(number):
    if not -2**63 <= number < 2**63:
        raise Overflow()
    return number


def strict(function):
    """The function with NULL as result if an argument is NULL."""
    return lambda *values: None if None in values else function(*values)


def remainder(a, b):
    return None if b == 0 else int(math.fmod(a, b)) if abs(a) < 2**53 else a - b * int(a / b)


ARITHMETIC = {
    "+": strict(lambda a, b: a + b), "-": strict(lambda a, b: a - b),
    "*": strict(lambda a, b: a * b),
    "/": strict(lambda a, b: None if b == 0 else float(a) / float(b)),
    "%": strict(remainder),
}
COMPARISON = {
    "=": strict(lambda a, b: a == b), "<>": strict(lambda a, b: a != b),
    "<": strict(lambda a, b: a < b), "<=": strict(lambda a, b: a <= b),
    ">": strict(lambda a, b: a > b), ">=": strict(lambda a, b: a >= b),
}


def negation(truth):
    return None if truth is None else not truth


def conjunction(truths):
    return False if False in truths else None if None in truths else True


def disjunction(truths):
    return True if True in truths else None if None in truths else False


def member(value, others):
    """value IN (others)"""
    return disjunction([COMPARISON["="](value, other) for other in others])


@functools.lru_cache(maxsize=None)
def pattern(like):
    parts = {"%": ".*", "_": "."}
    return re.compile("".join(parts.get(c, re.escape(c)) for c in like), re.DOTALL)


def literal(value):
    if value is None:
        return "null"
    if isinstance(value, str):
        return "'" + value.replace("'", "''") + "'"
    if isinstance(value, datetime.date):
        return f"'{value}'"
    return str(value).lower()


def sort_key(value):
    """NULLs come first."""
    return (value is not None, value if value is not None else 0)


def aggregate(name, distinct, values):
    values = [value for value in values if value is not None]
    if distinct:
        values = list(set(values))
    if name == "count":
        return len(values)
    if not values:
        return None
    if name == "sum":
        total = sum(values)
        return whole(total) if isinstance(total, int) else total
    if name == "avg":
        return float(sum(values)) / len(values)
    return min(values) if name == "min" else max(values)


class Table:
    def __init__(self, name, columns, rows):
        self.name, self.columns, self.rows = name, columns, rows  # columns: (name, kind)

    def statements(self):
        columns = ", ".join(f"{name} {'varchar(0)' if kind == 'text' else kind}"
                            for name, kind in self.columns)
        rows = ", ".join(
            "(" + ", ".join(literal(value) for value in row) + ")" for row in self.rows)
        yield f"create table {self.name} ({columns});"
        if rows:
            yield f"insert into {self.name} values {rows};"


def random_value(rng, kind):
    if rng.random() < 0.2:
        return None
    if kind in INTS:
        return rng.choice((0, 1, 2, 3, -1, -7, 10, rng.randrange(-100, 100)))
    if kind == "double":
        return rng.randrange(-20, 20) / 4  # their sums are exact in any order
    if kind == "bool":
        return rng.random() < 0.5
    if kind == "date":
        return datetime.date(2020, 2, 27) + datetime.timedelta(days=rng.randrange(5))
    return rng.choice(NAMES)


def random_table(rng, name, most_rows):
    columns = [("i", "int"), ("j", "int"), ("b", "bigint"), ("d", "double"), ("s", "text"),
               ("f", "bool"), ("t", "date")]
    rows = [tuple(random_value(rng, kind) for _, kind in columns)
            for _ in range(rng.randrange(most_rows + 1))]
    return Table(name, columns, rows)


class Query:
    """`kinds` of its columns; `rows(scope)` in an arbitrary order."""

    def __init__(self, text, kinds, rows):
        self.text, self.kinds, self.rows = text, kinds, rows


class Writer:
    """Generates random queries over the tables; `rng` determines everything."""

    def __init__(self, rng, tables):
        self.rng, self.tables, self.aliases = rng, tables, itertools.count()

    def chance(self, probability):
        return self.rng.random() < probability

    # Expressions: `columns` are the visible columns by kind.

    def constant(self, kind):
        value = random_value(self.rng, kind)
        if value is None:
            value = {"text": "b", "bool": True, "double": 1.5,
                     "date": datetime.date(2020, 2, 29)}.get(kind, 1)
        text = literal(value)
        if kind == "date":  # a literal without CAST would be a text
            text = f"cast({text} as date)"
        return Expr(text, "int" if kind in INTS else kind, lambda scope: value)

    def leaf(self, columns, kind):
        fitting = columns.get(kind, [])
        if fitting and self.chance(0.75):
            return self.rng.choice(fitting)
        return self.constant(kind)

    def compared(self, columns, kind):
        """A leaf next to another one: there a text literal is converted to the date it denotes."""
        leaf = self.leaf(columns, kind)
        date = re.fullmatch(r"cast\((.*) as date\)", leaf.text)
        return Expr(date[1], kind, leaf.value) if date else leaf

    def expr(self, columns, kind, depth=0):
        if depth > 2 or self.chance(0.35):
            return self.leaf(columns, kind)
        if self.chance(0.12):
            return self.choice(columns, kind, depth + 1)
        if self.chance(0.05):
            return self.scalar_query(columns, kind)
        if self.chance(0.05):
            return self.coalesce(columns, kind, depth + 1)
        if kind in INTS or kind == "double":
            return self.number(columns, kind, depth + 1)
        if kind == "text":
            a, b = (self.expr(columns, kind, depth + 1) for _ in range(2))
            join = strict(lambda x, y: x + y)
            return Expr(f"({a.text} || {b.text})", kind,
                        lambda scope: join(a.value(scope), b.value(scope)))
        if kind == "bool":
            truth = self.condition(columns, depth + 1)
            return Expr(f"({truth.text})", kind, truth.value)
        return self.leaf(columns, kind)

    def number(self, columns, kind, depth):
        if kind != "double":
            if self.chance(0.15):
                moment = self.leaf(columns, "date")
                day = strict(lambda d: (d - datetime.date(1970, 1, 1)).days)
                return Expr(f"absday({moment.text})", "bigint",
                            lambda scope: day(moment.value(scope)))
            op = self.rng.choice("+-*%")
            operands = [self.expr(columns, self.rng.choice(INTS), depth) for _ in range(2)]
        else:
            op = self.rng.choice("+-*/")
            operands = [self.expr(columns, self.rng.choice(("double", "int")), depth)
                        for _ in range(2)]
            if op != "/" and "double" not in (operands[0].kind, operands[1].kind):
                operands[0] = self.leaf(columns, "double")
        a, b = operands
        if self.chance(0.1) and not re.fullmatch(r"[-\d.]+", a.text):
            minus = strict(lambda x: -x)
            return Expr(f"(- {a.text})", widest("bigint", a.kind),
                        lambda scope: minus(a.value(scope)))

        def value(scope):
            result = ARITHMETIC[op](a.value(scope), b.value(scope))
            return whole(result) if isinstance(result, int) else result

        return Expr(f"({a.text} {op} {b.text})", "double" if kind == "double" else "bigint", value)

    def choice(self, columns, kind, depth):
        when = self.condition(columns, depth)
        then, other = self.expr(columns, kind, depth), self.expr(columns, kind, depth)
        otherwise = self.chance(0.7)
        text = f"case when {when.text} then {then.text}"
        text += f" else {other.text} end" if otherwise else " end"

        def value(scope):
            if when.value(scope) is True:
                return then.value(scope)
            return other.value(scope) if otherwise else None

        result = widest(then.kind, other.kind) if otherwise else then.kind
        return Expr(f"({text})", result, value)

    def coalesce(self, columns, kind, depth):
        parts = [self.expr(columns, kind, depth) for _ in range(self.rng.randrange(1, 4))]
        result = functools.reduce(widest, (part.kind for part in parts))
        return Expr(f"coalesce({', '.join(part.text for part in parts)})", result,
                    lambda scope: next((value for value in (part.value(scope) for part in parts)
                                        if value is not None), None))

    def condition(self, columns, depth=0):
        if depth < 3 and self.chance(0.35):
            parts = [self.condition(columns, depth + 1) for _ in range(self.rng.randrange(2, 4))]
            word, join = self.rng.choice((("and", conjunction), ("or", disjunction)))
            return Expr("(" + f" {word} ".join(part.text for part in parts) + ")", "bool",
                        lambda scope: join([part.value(scope) for part in parts]))
        return self.rng.choice((self.comparison, self.comparison, self.comparison, self.null_test,
                                self.between, self.in_list, self.like, self.not_,
                                self.flag, self.in_query, self.exists))(columns, depth + 1)

    def kind(self):
        return self.rng.choice(("int", "int", "bigint", "double", "text", "date", "bool"))

    def comparison(self, columns, depth):
        kind = self.kind()
        a, b = self.compared(columns, kind), self.expr(columns, kind, depth)
        if a.kind in INTS and self.chance(0.2):
            b = self.expr(columns, "double", depth)
        op = self.rng.choice(list(COMPARISON))
        return Expr(f"{a.text} {op} {b.text}", "bool",
                    lambda scope: COMPARISON[op](a.value(scope), b.value(scope)))

    def null_test(self, columns, depth):
        a = self.expr(columns, self.kind(), depth)
        if self.chance(0.5):
            return Expr(f"{a.text} is null", "bool", lambda scope: a.value(scope) is None)
        if self.chance(0.5):
            return Expr(f"{a.text} is not null", "bool",
                        lambda scope: a.value(scope) is not None)
        return Expr(f"{a.text} = null", "bool", lambda scope: a.value(scope) is None)

    def between(self, columns, depth):
        kind = self.rng.choice(("int", "double", "text", "date"))
        a, low, high = (self.compared(columns, kind) for _ in range(3))
        word = self.rng.choice(("between", "not between"))

        def value(scope):
            truth = conjunction([COMPARISON[">="](a.value(scope), low.value(scope)),
                                 COMPARISON["<="](a.value(scope), high.value(scope))])
            return truth if word == "between" else negation(truth)

        return Expr(f"{a.text} {word} {low.text} and {high.text}", "bool", value)

    def in_list(self, columns, depth):
        kind = self.rng.choice(("int", "text", "date"))
        a = self.compared(columns, kind)
        others = [self.compared(columns, kind) for _ in range(self.rng.randrange(1, 4))]
        if self.chance(0.2):
            others.append(Expr("null", kind, lambda scope: None))
        word = self.rng.choice(("in", "not in"))

        def value(scope):
            truth = member(a.value(scope), [other.value(scope) for other in others])
            return truth if word == "in" else negation(truth)

        return Expr(f"{a.text} {word} ({', '.join(o.text for o in others)})", "bool", value)

    def like(self, columns, depth):
        a = self.expr(columns, "text", depth)
        like = self.rng.choice(("a%", "%b", "_", "%", "Z__", "%_%", "A", "%o%", ""))
        matches = strict(lambda text: pattern(like).fullmatch(text) is not None)
        word = self.rng.choice(("like", "not like"))

        def value(scope):
            truth = matches(a.value(scope))
            return truth if word == "like" else negation(truth)

        return Expr(f"{a.text} {word} {literal(like)}", "bool", value)

    def not_(self, columns, depth):
        a = self.condition(columns, depth)
        return Expr(f"not ({a.text})", "bool", lambda scope: negation(a.value(scope)))

    def flag(self, columns, depth):
        return self.leaf(columns, "bool")

    # Queries within expressions.

    def in_query(self, columns, depth):
        if depth > 2:
            return self.null_test(columns, depth)
        kind = self.rng.choice(("int", "text"))
        a = self.leaf(columns, kind)
        query = self.simple(columns, [kind])
        word = self.rng.choice(("in", "not in"))

        def value(scope):
            truth = member(a.value(scope), [row[0] for row in query.rows(scope)])
            return truth if word == "in" else negation(truth)

        return Expr(f"{a.text} {word} ({query.text})", "bool", value)

    def exists(self, columns, depth):
        if depth > 2:
            return self.null_test(columns, depth)
        query = self.simple(columns, ["int"])
        return Expr(f"exists ({query.text})", "bool", lambda scope: bool(query.rows(scope)))

    def scalar_query(self, columns, kind):
        alias, table = f"q{next(self.aliases)}", self.rng.choice(self.tables)
        inner = self.leaf(self.reach(alias, table.columns), kind)
        word = self.rng.choice(("min", "max"))

        def value(scope):
            return aggregate(word, False,
                             [inner.value({**scope, alias: row}) for row in table.rows])

        if kind == "bool":
            return self.leaf(columns, kind)
        return Expr(f"(select {word}({inner.text}) from {table.name} {alias})", inner.kind, value)

    def simple(self, outer, kinds):
        """A query of one table that may refer to the outer rows."""
        alias, table = f"q{next(self.aliases)}", self.rng.choice(self.tables)
        own = self.reach(alias, table.columns)
        both = {kind: own.get(kind, []) + outer.get(kind, []) for kind in {*own, *outer}}
        items = [self.leaf(own, kind) for kind in kinds]
        where = self.comparison(both, 3)

        def rows(scope):
            inner = [{**scope, alias: row} for row in table.rows]
            return [[item.value(one) for item in items] for one in inner
                    if where.value(one) is True]

        text = ", ".join(item.text for item in items)
        return Query(f"select {text} from {table.name} {alias} where {where.text}",
                     [item.kind for item in items], rows)

    # Whole queries.

    @staticmethod
    def reach(alias, columns):
        """The columns of a relation as expressions, by kind."""
        found = {}
        for position, (name, kind) in enumerate(columns):
            found.setdefault(kind, []).append(Expr(
                f"{alias}.{name}", kind,
                lambda scope, at=position: None if scope[alias] is None else scope[alias][at]))
        return found

    def relation(self, depth, small=False):
        """Text, alias, columns, and a function that returns its rows."""
        alias = f"r{next(self.aliases)}"
        if small:
            table = self.rng.choice([table for table in self.tables if len(table.rows) <= 3])
            return f"{table.name} {alias}", alias, table.columns, lambda: table.rows
        if depth < 1 and self.chance(0.2):
            query = self.select(depth + 1, names=True)
            columns = [(f"k{i}", kind) for i, kind in enumerate(query.kinds)]
            return f"({query.text}) {alias}", alias, columns, lambda: query.rows({})
        table = self.rng.choice(self.tables)
        return f"{table.name} {alias}", alias, table.columns, lambda: table.rows

    def source(self, depth, joins=None):
        """FROM: its text, the visible columns, and a function that returns the scopes."""
        joins = self.rng.choice((0, 0, 0, 1, 1, 2)) if joins is None else joins
        small = joins > 2
        text, alias, columns, rows = self.relation(depth, small)
        reach = self.reach(alias, columns)
        steps = []
        for _ in range(joins):
            kind = self.rng.choice(("join", "inner join", "left join", "right outer join",
                                    "full join", ","))
            if kind == "," and small:
                kind = "left join"
            if kind == "," and steps:  # it has a lower precedence than the joins before it
                break
            more, other, other_columns, other_rows = self.relation(depth, small)
            for key, exprs in self.reach(other, other_columns).items():
                reach[key] = reach.get(key, []) + exprs
            on = None
            if kind != ",":
                on = self.on(reach)
            text += f", {more}" if on is None else f" {kind} {more} on {on.text}"
            steps.append((kind, other, other_rows, on))
            if kind == ",":
                break

        def scopes():
            found = [{alias: row} for row in rows()]
            names = [alias]
            for kind, name, right, on in steps:
                found = join(found, names, kind, name, right(), on)
                names.append(name)
            return found

        return text, reach, scopes

    def on(self, reach):
        """The condition of a join: with columns, with constants only, or both."""
        if self.chance(0.3):
            return self.settled()
        on = self.comparison(reach, 3) if self.chance(0.8) else self.condition(reach, 3)
        if self.chance(0.8):
            return on
        other = self.settled()
        return Expr(f"{on.text} and {other.text}", "bool",
                    lambda scope: conjunction([on.value(scope), other.value(scope)]))

    def settled(self):
        """A condition whose value does not depend on rows."""
        table = self.rng.choice(self.tables)
        value, text = self.rng.choice((
            (False, "false"), (False, "1 = 0"), (False, "not true"), (None, "null"),
            (None, "not (null)"), (False, "(1 = 0 or false)"), (True, "true"), (True, "1 = 1"),
            (bool(table.rows), f"exists (select i from {table.name})")))
        return Expr(text, "bool", lambda scope: value)

    def select(self, depth=0, names=False):
        text, reach, scopes = self.source(depth)
        where = self.condition(reach) if self.chance(0.6) else None

        def kept():
            return [s for s in scopes() if where is None or where.value(s) is True]

        tail = f" from {text}" + (f" where {where.text}" if where else "")
        if self.chance(0.35):
            return self.grouped(reach, kept, tail, names)
        items = [self.expr(reach, self.kind()) for _ in range(self.rng.randrange(1, 4))]
        distinct = self.chance(0.2)

        def rows(scope):
            made = [[item.value(s) for item in items] for s in kept()]
            return unique(made) if distinct else made

        return Query("select " + "distinct " * distinct + listed(items, names) + tail,
                     [item.kind for item in items], rows)

    def grouped(self, reach, kept, tail, names):
        keys = [self.rng.choice(reach[kind]) for kind in
                self.rng.sample(sorted(reach), min(len(reach), self.rng.randrange(3)))]
        shown = [self.of_key(key) for key in keys]
        items = shown + [self.of_group(reach) for _ in range(self.rng.randrange(1, 3))]
        having = None
        if self.chance(0.3):
            a, op, b = self.of_group(reach, "int"), self.rng.choice(list(COMPARISON)), \
                self.constant("int")
            having = Expr(f"{a.text} {op} {b.text}", "bool",
                          lambda group: COMPARISON[op](a.value(group), b.value(group)))

        def rows(scope):
            groups = {} if keys else {(): []}
            for one in kept():
                groups.setdefault(tuple(key.value(one) for key in keys), []).append(one)
            made = []
            for key, group in groups.items():
                if having is not None and having.value(group) is not True:
                    continue
                made.append([*(item.value(value) for item, value in zip(shown, key)),
                             *(item.value(group) for item in items[len(keys):])])
            return made

        text = "select " + listed(items, names) + tail
        if keys:
            text += " group by " + ", ".join(key.text for key in keys)
        if having:
            text += f" having {having.text}"
        return Query(text, [item.kind for item in items], rows)

    def of_key(self, key):
        """An expression of a grouping column, which has one value per group."""
        if key.kind not in (*INTS, "double") or self.chance(0.6):
            return Expr(key.text, key.kind, lambda value: value)
        add = strict(lambda value: value + 1)
        return Expr(f"({key.text} + 1)", widest("bigint", key.kind), add)

    def of_group(self, reach, kind=None):
        """An aggregate, whose value is computed from a list of scopes."""
        if self.chance(0.25) or kind == "int" and self.chance(0.3):
            return Expr("count(*)", "bigint", len)
        kind = kind or self.kind()
        words = ["count"] + ["min", "max"] * (kind != "bool")
        if kind in (*INTS, "double"):
            words += ["sum", "avg"]
        word = self.rng.choice(words)
        distinct = self.chance(0.3)
        argument = self.expr(reach, kind, 2)
        result = {"count": "bigint", "avg": "double"}.get(word, argument.kind)
        if word == "sum" and result in INTS:
            result = "bigint"
        return Expr(f"{word}({'distinct ' * distinct}{argument.text})", result,
                    lambda group: aggregate(word, distinct, [argument.value(s) for s in group]))

    def long_join(self):
        """A column of the first and one of the last of five tables."""
        text, reach, scopes = self.source(0, joins=4)
        items = [reach["int"][0], reach["int"][-1]]
        where = self.condition(reach) if self.chance(0.3) else None

        def rows(scope):
            return [[item.value(s) for item in items] for s in scopes()
                    if where is None or where.value(s) is True]

        text = f"select {listed(items, False)} from {text}" + (f" where {where.text}" if where else "")
        return Query(text, [item.kind for item in items], rows)

    def query(self, long_joins=False):
        """A whole statement: its text, kinds and rows, and whether their order matters."""
        first = self.long_join() if long_joins else self.select()
        if self.chance(0.2):
            first = self.set_operation(first)
        return first, *self.ordered(first)

    def set_operation(self, left):
        word = self.rng.choice(("union", "union all", "intersect", "except"))
        for _ in range(50):
            right = self.select()
            if len(right.kinds) == len(left.kinds) and None not in map(
                    widest, left.kinds, right.kinds):
                break
        else:
            return left

        def rows(scope):
            a, b = left.rows(scope), right.rows(scope)
            if word == "union all":
                return a + b
            others = {tuple(row) for row in b}
            if word == "union":
                return unique(a + b)
            return [row for row in unique(a) if (tuple(row) in others) == (word == "intersect")]

        kinds = [widest(*pair) for pair in zip(left.kinds, right.kinds)]
        return Query(f"{left.text} {word} {right.text}", kinds, rows)

    def ordered(self, query):
        """The statement's text, a function that returns its rows, and whether their order matters."""
        if not self.chance(0.4):
            return query.text + ";", lambda: query.rows({}), False
        places = list(range(len(query.kinds)))
        self.rng.shuffle(places)
        down = [self.chance(0.5) for _ in places]
        limit = self.rng.choice((None, None, 0, 1, 3))
        text = query.text + " order by " + ", ".join(
            f"{place + 1}{' desc' if d else ''}" for place, d in zip(places, down))
        if limit is not None:
            text += f" limit {limit}"

        def rows():
            made = query.rows({})
            for place, d in reversed(list(zip(places, down))):
                made.sort(key=lambda row, at=place: sort_key(row[at]), reverse=d)
            return made if limit is None else made[:limit]

        return text + ";", rows, True


def widest(a, b):
    """The common kind of two kinds, or None."""
    numbers = ("int", "bigint", "double")
    if a in numbers and b in numbers:
        return numbers[max(numbers.index(a), numbers.index(b))]
    return a if a == b else None


def listed(items, names):
    return ", ".join(item.text + (f" as k{i}" if names else "") for i, item in enumerate(items))


def unique(rows):
    return [list(row) for row in dict.fromkeys(tuple(row) for row in rows)]


def join(left, left_names, kind, name, rows, on):
    """The scopes of `left` joined with the rows of another relation under `name`."""
    found, matched = [], set()
    for scope in left:
        hits = [at for at, row in enumerate(rows)
                if on is None or on.value({**scope, name: row}) is True]
        matched.update(hits)
        found += [{**scope, name: rows[at]} for at in hits]
        if not hits and kind in ("left join", "full join"):
            found.append({**scope, name: None})
    if kind in ("right outer join", "full join"):
        nothing = dict.fromkeys(left_names)
        found += [{**nothing, name: row} for at, row in enumerate(rows) if at not in matched]
    return found
