"""Runs every example of GET /mock/coverage, and compares mockserver/README.md and doc/rest.md with it.

TQLKIT_UPDATE_README=1 in the environment writes the tables of both pages anew.
"""

import os
import re

import harness

README = harness.ROOT / "mockserver" / "README.md"
REST_PAGE = harness.ROOT / "mockserver" / "doc" / "rest.md"
BEGIN, END = "<!-- coverage -->\n", "<!-- end of coverage -->\n"
SETUP = """CREATE DATABASE shop; USE shop;
CREATE TABLE store (id INT, name VARCHAR(0), opened DATE, PRIMARY KEY (id));
CREATE TABLE sales (id INT, store_id INT, amount INT, PRIMARY KEY (id));
CREATE TABLE log (id INT, text VARCHAR(0));
ALTER TABLE sales ADD CONSTRAINT fk_store FOREIGN KEY (store_id) REFERENCES store (id);
ALTER TABLE sales ADD RELATIONSHIP seen WITH store AS sales.store_id = store.id;
INSERT INTO store VALUES (1, 'Ghent', '2020-01-01'), (2, 'Lille', '2021-01-01');
INSERT INTO sales VALUES (1, 1, 10), (2, 2, 20);
"""
UNASKED = {"adv_options": {"allow_unsafe": True}}


def row(cells):
    return "| " + " | ".join(cell.replace("|", "\\|") for cell in cells) + " |\n"


def tables(coverage):
    """The tables in Markdown."""
    text = "\n" + row(["statement", "clause", "here", "known from", "example", "note"])
    text += "|---" * 6 + "|\n"
    for s in coverage["statements"]:
        text += row([s["statement"], s["clause"], s["support"], s["evidence"],
                     f"`{s['example']};`", s["note"]])
    text += "\n" + row(["option", "here", "known from", "what it does", "tested in"]) + "|---" * 5 + "|\n"
    for o in coverage["options"]:
        link = f"[{o['test'].rpartition('/')[2]}](../{o['test']})" if o["test"] else ""
        text += row([f"`{o['option']}`", o["support"], o["evidence"], o["effect"], link])
    text += "\n" + row(["call", "known from"]) + "|---" * 2 + "|\n"
    for c in coverage["calls"]:
        text += row([f"{c['method']} `{c['path']}`", c["evidence"]])
    text += "\n" + row(["call of tsload", "known from", "note"]) + "|---" * 3 + "|\n"
    for c in coverage["load_calls"]:
        text += row([f"{c['method']} `{c['path']}`", c["evidence"], c["note"]])
    text += "\n" + row(["parameter of a load", "here", "known from", "effect"])
    text += "|---" * 4 + "|\n"
    for p in coverage["load_parameters"]:
        text += row([f"`{p['parameter']}`", p["support"], p["evidence"], p["effect"]])
    return text + "\n"


def rest_table(coverage):
    text = "\n" + row(["call", "known from", "note"]) + "|---" * 3 + "|\n"
    for call in coverage["rest_calls"]:
        path = re.sub(r"^/callosum/v1/tspublic/v1/", "", call["paths"][0])
        text += row([f"{call['method']} `{path}`", call["evidence"], call["note"]])
    return text + "\n"


class CoverageTest(harness.ServerTest):
    def coverage(self):
        response = self.server.exchange("GET", "/mock/coverage")
        self.assertEqual(200, response.status)
        return response.json()

    def test_examples(self):
        for entry in self.coverage()["statements"]:
            with self.subTest(entry["example"]):
                self.session.query("drop database shop;", UNASKED)
                self.session.query("drop database d;", UNASKED)
                self.session.do(*(s.strip() + ";" for s in SETUP.split(";") if s.strip()))
                answer = self.session.query(entry["example"] + ";", UNASKED)
                if entry["support"] == "rejected":
                    self.assertEqual(1, len(answer.errors), answer.text)
                else:
                    self.assertSucceeds(answer)

    def test_the_tests_of_options_set_them(self):
        for entry in self.coverage()["options"]:
            if not entry["test"]:
                continue
            with self.subTest(entry["option"]):
                text = (harness.ROOT / entry["test"]).read_text(encoding="utf-8")
                name = entry["option"].rpartition(".")[2]
                if entry["test"].endswith(".test"):
                    self.assertRegex(text, rf"\n@ (pagination_)?{name}=")
                else:
                    self.assertIn(name, text)

    def test_every_call_is_served(self):
        for call in self.coverage()["calls"] + self.coverage()["load_calls"]:
            with self.subTest(call["path"]):
                response = self.session.exchange(call["method"], call["path"])
                self.assertNotIn(response.status, (404, 405))

    def test_cases_set_every_parameter_of_a_load(self):
        text = "".join(path.read_text(encoding="utf-8")
                       for path in (harness.DATA / "load").glob("*.load"))
        for parameter in self.coverage()["load_parameters"]:
            name = parameter["parameter"].rpartition(".")[2]
            if name not in ("database", "schema", "table"):
                self.assertIn(f'"{name}"', text)

    def test_every_call_of_rest_is_served(self):
        for call in self.coverage()["rest_calls"]:
            for path in call["paths"]:
                with self.subTest(path):
                    for end in ("", "/"):
                        response = self.session.exchange(call["method"], path + end)
                        self.assertNotIn(response.status, (404, 405))
            if "logout" in call["paths"][0]:
                self.session = self.server.login()

    def test_readme_matches(self):
        self.assertPageHas(README, tables(self.coverage()))

    def test_the_page_on_rest_matches(self):
        self.assertPageHas(REST_PAGE, rest_table(self.coverage()))

    def assertPageHas(self, page, table):
        text = page.read_text(encoding="utf-8")
        before, _, rest = text.partition(BEGIN)
        _, _, after = rest.partition(END)
        expected = before + BEGIN + table + END + after
        if os.environ.get("TQLKIT_UPDATE_README"):
            page.write_text(expected, encoding="utf-8")
            return
        self.assertEqual(expected, text, "run with TQLKIT_UPDATE_README=1 to write the tables anew")


if __name__ == "__main__":
    harness.main()
