"""Writes rows of JSON to SQLite in the tables that dlt would make of them.

An object in a row becomes columns PARENT__CHILD, a list a table PARENT__LIST whose rows have _dlt_parent_id and
_dlt_list_idx; a list of other values has a column `value`. Names are in snake case. A column exists if any of
its values is not null. Booleans are 0 and 1.
"""

import re
import sqlite3


def snake_case(name):
    """userDefinedTags → user_defined_tags; characters that are not letters or digits become underscores."""
    name = re.sub(r"[^0-9A-Za-z_]", "_", name)
    name = re.sub(r"([A-Z]+)([A-Z][a-z])", r"\1_\2", name)
    return re.sub(r"([a-z0-9])([A-Z])", r"\1_\2", name).lower()


def load(source, path):
    """Loads all rows of a rest_source.Source, and closes its client."""
    destination = Destination(path)
    try:
        destination.load(source.rows())
    finally:
        source.client.close()
    return destination


class Destination:
    def __init__(self, path=":memory:"):
        self.database = sqlite3.connect(path)
        self._columns = {}  # of the tables
        self._last_id = 0

    def close(self):
        self.database.close()

    def load(self, rows):
        for table, row in rows:
            self._add(snake_case(table), row)
        self.database.commit()

    def _add(self, table, row, parent=None, index=None):
        self._last_id += 1
        own_id = self._last_id
        values, lists = {"_dlt_id": own_id}, []
        if parent is not None:
            values.update(_dlt_parent_id=parent, _dlt_list_idx=index)
        self._flatten(row, (), values, lists)
        self._insert(table, {name: value for name, value in values.items() if value is not None})
        for name, items in lists:
            for position, item in enumerate(items):
                self._add(f"{table}__{name}", item if isinstance(item, dict) else {"value": item},
                          own_id, position)

    def _flatten(self, row, path, values, lists):
        for key, value in row.items():
            name = path + (snake_case(key),)
            if isinstance(value, dict):
                self._flatten(value, name, values, lists)
            elif isinstance(value, list):
                lists.append(("__".join(name), value))
            else:
                values["__".join(name)] = value

    def _insert(self, table, values):
        known = self._columns.get(table)
        if known is None:
            self.database.execute(f'create table "{table}" (_dlt_id integer primary key)')
            known = self._columns[table] = {"_dlt_id"}
        for name in values.keys() - known:
            self.database.execute(f'alter table "{table}" add column "{name}"')
            known.add(name)
        names = ", ".join(f'"{name}"' for name in values)
        marks = ", ".join("?" * len(values))
        self.database.execute(f'insert into "{table}" ({names}) values ({marks})', list(values.values()))

    def tables(self):
        return sorted(self._columns)

    def columns(self, table):
        return {name for name in self._columns[table] if not name.startswith("_dlt_")}

    def query(self, statement, *arguments):
        return self.database.execute(statement, arguments).fetchall()

    def rows(self, table):
        """The rows in their order, without the columns of dlt and without nulls."""
        cursor = self.database.execute(f'select * from "{table}" order by _dlt_id')
        names = [column[0] for column in cursor.description]
        return [{name: value for name, value in zip(names, row)
                 if value is not None and not name.startswith("_dlt_")} for row in cursor]
