"""Runs every example of GET /mock/coverage, and compares mockserver/README.md with it.

TQLKIT_UPDATE_README=1 in the environment writes the tables of mockserver/README.md anew.
"""

import os

import harness

README = harness.ROOT / "mockserver" / "README.md"
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
    """The two tables in Markdown."""
    text = "\n" + row(["statement", "clause", "here", "known from", "example", "note"])
    text += "|---" * 6 + "|\n"
    for s in coverage["statements"]:
        text += row([s["statement"], s["clause"], s["support"], s["evidence"],
                     f"`{s['example']};`", s["note"]])
    text += "\n" + row(["option", "here", "what it does", "tested in"]) + "|---" * 4 + "|\n"
    for o in coverage["options"]:
        link = f"[{o['test'].rpartition('/')[2]}](../{o['test']})" if o["test"] else ""
        text += row([f"`{o['option']}`", o["support"], o["effect"], link])
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

    def test_readme_matches(self):
        text = README.read_text(encoding="utf-8")
        before, _, rest = text.partition(BEGIN)
        _, _, after = rest.partition(END)
        expected = before + BEGIN + tables(self.coverage()) + END + after
        if os.environ.get("TQLKIT_UPDATE_README"):
            README.write_text(expected, encoding="utf-8")
            return
        self.assertEqual(expected, text, "run with TQLKIT_UPDATE_README=1 to write the tables anew")


if __name__ == "__main__":
    harness.main()
