"""Runs the cases of tests/data/load: what each parameter of a load does."""

import codecs
import json

import harness
import load_client

FOLDER = harness.DATA / "load"
NAMES = {"table", "before", "params", "data", "rows", "written", "ignored", "bad", "errors", "fails",
         "rejected"}


def unescape(text, form):
    if form == "bytes":
        return codecs.escape_decode(text.encode())[0]
    if form == "escaped":
        return text.encode().decode("unicode_escape").encode()
    return text.encode()


class Case:
    def __init__(self, name, lines):
        self.name = name
        self.sections = {}
        self.forms = {}
        section = None
        for line in lines:
            if line.startswith("@ "):
                section, _, form = line[2:].partition(" ")
                if section not in NAMES or section in self.sections:
                    raise AssertionError(f"{name}: the section {section!r}")
                self.forms[section] = form
                self.sections[section] = []
            elif section:
                self.sections[section].append(line)

    def text(self, section, default=""):
        lines = self.sections.get(section)
        return default if lines is None else "\n".join(lines)

    def bytes(self, section):
        """The lines with their ends; of escaped text, which has its own, as written."""
        text = self.text(section)
        form = self.forms.get(section, "")
        return unescape(text if form or not text and not self.sections.get(section) else text + "\n",
                        form)


def cases():
    for path in sorted(FOLDER.glob("*.load")):
        lines = path.read_text(encoding="utf-8").split("\n")
        starts = [i for i, line in enumerate(lines) if line.startswith("=== ")]
        for start, end in zip(starts, starts[1:] + [len(lines)]):
            # One empty line separates the cases.
            yield Case(f"{path.name}: {lines[start][4:]}", lines[start + 1:end - 1])


class LoadCasesTest(harness.ServerTest):
    setup_script = "create database load;"

    def rows(self):
        answer = self.session.query("select * from t;", {
            "query_options": {"query_results_apply_top_row_count": -1},
            "formatting_options": {"null_string": "(null)"}})
        return "".join("|".join(row) + "\n" for row in answer.rows).encode()

    def run_case(self, case):
        self.session.query("drop table t;")
        if "table" in case.sections:
            self.session.do(f"create table t {case.text('table')};")
        for statement in filter(None, case.sections.get("before", [])):
            self.session.do(statement)
        params = case.text("params", "{}")
        if case.forms.get("params") != "raw":
            params = json.loads(params)
            if "target_table" not in params:
                params["target"] = {"database": "load", "table": "t"}
            params = json.dumps(params)
        start = self.loader.call("POST", "/loads", params)
        if "rejected" in case.sections:
            self.assertEqual(400, start.status)
            first, _, reason = start.text.rpartition("\n")
            self.assertEqual(f"Invalid input params for starting data load: {params}", first)
            self.assertRegex(reason, f"^{case.text('rejected')}$")
            return
        self.assertEqual(202, start.status, start.text)
        cycle = start.json()["cycle_id"]
        self.assertEqual(202, self.loader.upload(cycle, case.bytes("data")).status)
        self.assertEqual(202, self.loader.commit(cycle).status)
        status = self.loader.wait(cycle)
        self.assertEqual("LOAD_FAILED" if "fails" in case.sections else "OK",
                         status["status"]["code"], status)
        self.assertRegex(status["status"]["message"], f"^{case.text('fails', 'OK')}$")
        if "fails" in case.sections and "rows" not in case.sections:
            return
        self.assertEqual(case.bytes("rows"), self.rows())
        self.assertEqual(case.text("written"), status["rows_written"])
        self.assertEqual(case.text("ignored", "0"), status["ignored_row_count"])
        errors = status.get("parsing_errors", [])
        self.assertEqual(len(case.sections.get("errors", [])), len(errors), errors)
        for pattern, error in zip(case.sections.get("errors", []), errors):
            self.assertRegex(error, f"^{pattern}$")
        bad = self.loader.call("GET", f"/loads/{cycle}/bad_records_file")
        if "bad" in case.sections:
            self.assertEqual((200, case.bytes("bad")), (bad.status, bad.body))
        else:
            self.assertEqual(500, bad.status)

    def test_cases(self):
        self.loader = load_client.Loader(self.server)
        self.session.do("use load;")
        count = 0
        for case in cases():
            with self.subTest(case.name):
                self.run_case(case)
            count += 1
        self.assertGreater(count, 40)


if __name__ == "__main__":
    harness.main()
