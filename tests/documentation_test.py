"""Checks the documentation: Doxygen reports nothing, examples are compiled, links are valid.

`documentation_test.py SOURCE_ROOT DOXYFILE [unittest arguments]`
"""

import os
import pathlib
import re
import shutil
import subprocess
import sys
import tempfile
import textwrap
import unittest

ROOT, DOXYFILE = pathlib.Path(sys.argv.pop(1)), pathlib.Path(sys.argv.pop(1))
PAGES = sorted((ROOT / "client" / "doc").glob("*.md"))
HEADERS = sorted(path for folder in ("client", "mockserver") for path in (ROOT / folder / "include").rglob("*.h"))
# Where the code of the examples is compiled and run.
COMPILED = [*sorted((ROOT / "client" / "doc" / "examples").iterdir()), ROOT / "client" / "quickstart" / "quickstart.cc",
            ROOT / "tests" / "client" / "doc_examples_test.cc", ROOT / "tests" / "client" / "user_tests_example_test.cc"]
# Members that need no comment of their own once their class is documented: data, copying, operators, and the
# conversions of CellTraits, which are documented together.
PLAIN_MEMBER = re.compile(r"\((variable|friend)\) of (struct|class) |Member operator|"
                          r"Member (\w+)\((const \3 ?&|\3 ?&&).*\(function\) of class tql::\3 |"
                          r"Member Convert\(.* of struct tql::CellTraits<")


def doxygen(**settings):
    """Runs Doxygen; returns its result and whether it wrote pages."""
    with tempfile.TemporaryDirectory() as folder:
        lines = [f"@INCLUDE = {DOXYFILE}", f"OUTPUT_DIRECTORY = {folder}", *(f"{name} = {value}" for name, value in settings.items())]
        done = subprocess.run(["doxygen", "-"], input="\n".join(lines), capture_output=True, text=True, timeout=100)
        made = (pathlib.Path(folder) / "html" / "index.html").exists()
    return done, made


def fences(text, language):
    """The code blocks of a page: lines without indentation."""
    for block in re.findall(rf"(?ms)^```{language}\n(.*?)^```$", text):
        yield [line.strip() for line in block.splitlines() if line.strip()]


class DoxygenTest(unittest.TestCase):
    def setUp(self):
        if not shutil.which("doxygen"):
            self.skipTest("doxygen is not installed")

    def test_doxygen_reports_nothing(self):
        done, made = doxygen()
        self.assertEqual((0, ""), (done.returncode, done.stderr))
        self.assertTrue(made)

    def test_every_declaration_is_documented(self):
        done, _ = doxygen(WARN_IF_UNDOCUMENTED="YES", WARN_AS_ERROR="NO", GENERATE_HTML="NO", GENERATE_XML="YES")
        self.assertEqual(0, done.returncode, done.stderr)
        found = done.stderr.splitlines()
        self.assertTrue(found, "the members without words are gone")
        self.assertEqual([], [line for line in found if not PLAIN_MEMBER.search(line)])


class ExamplesTest(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.compiled = ["\n".join(line.strip() for line in path.read_text().splitlines() if line.strip())
                        for path in COMPILED]

    def check(self, path, language):
        """The number of blocks in `path`, each of which must be in a compiled file line by line."""
        text = path.read_text()
        if path.suffix == ".h":
            text = re.sub(r"(?m)^ *(///|\*) ?", "", text)
        blocks = list(fences(text, language))
        for block in blocks:
            code = "\n".join(block)
            self.assertTrue(any(f"\n{code}\n" in f"\n{text}\n" for text in self.compiled),
                            f"{path}: this is in no compiled example:\n{code}")
        return len(blocks)

    def test_pages(self):
        self.assertGreater(len(PAGES), 8)
        for page in PAGES:
            with self.subTest(page=page.name):
                self.assertGreater(self.check(page, "cpp") + self.check(page, "c"), 0)

    def test_headers(self):
        self.assertGreater(sum(self.check(header, "cpp") + self.check(header, "c") for header in HEADERS), 8)

    def test_readme(self):
        self.assertGreater(self.check(ROOT / "README.md", "cpp"), 1)

    def test_a_header_has_no_code_outside_of_a_fence(self):
        for header in HEADERS:
            text = "\n".join(line for block in re.split(r"(?m)^ *(?:///|\*) ```.*$", header.read_text())[::2]
                             for line in block.splitlines())
            self.assertNotRegex(text, r"(?m)^ *(///?|\*)  .*;$", header)


class TestingPagesTest(unittest.TestCase):
    """The pages on the test double: each example is in a project that a test runs, each plan in a recipe."""

    DOC = ROOT / "mockserver" / "doc"
    RECIPES = ROOT / "tests" / "data" / "testdouble" / "recipes.yaml"
    HEAD = """# Cookbook of faults

Each plan is run over every transport that has its calls, by `testdouble_recipes_test`, from
[recipes.yaml](../../tests/data/testdouble/recipes.yaml), which also has the calls of clients and what they read. This
page is made of it by `TQLKIT_UPDATE_COOKBOOK=1 ctest --preset dev -R documentation`. [What the parts
mean](testdouble.md). Plans with the answers of a real service are [recorded](testdouble.md#recording-another-service).
"""

    def cookbook(self):
        text = self.HEAD
        for part in re.split(r"(?m)^(?=- name: |# ---- )", self.RECIPES.read_text())[1:]:
            if heading := re.match(r"# ---- (.*?) -+\n", part):
                text += f"\n## {heading[1]}\n"
                continue
            name = re.match(r"- name: (.*)\n", part)[1]
            about = re.search(r"(?m)^  about: (.*)$", part)[1]
            plan = re.search(r"(?ms)^  plan:(.*?)^  (?:steps|verify):", part)[1]
            lines = textwrap.dedent(plan.lstrip("\n")).strip().splitlines()
            # A line break between the words of a flow means the same as a blank.
            wrapped = [piece for line in lines for piece in textwrap.wrap(
                line, 110, subsequent_indent=" " * (len(line) - len(line.lstrip()) + 2), break_long_words=False,
                break_on_hyphens=False)]
            text += f"\n**{name}**: {about}\n```yaml\n" + "\n".join(wrapped) + "\n```\n"
        return text

    def test_the_cookbook_has_the_recipes(self):
        page = self.DOC / "cookbook.md"
        if os.environ.get("TQLKIT_UPDATE_COOKBOOK"):
            page.write_text(self.cookbook())
        self.assertGreater(self.cookbook().count("```yaml"), 60)
        self.assertEqual(self.cookbook(), page.read_text())

    def test_examples_are_in_tested_projects(self):
        tested = "\n".join(path.read_text() for path in (ROOT / "tests" / "fixtures").glob("*/*"))
        in_cpp = (ROOT / "tests" / "client" / "user_tests_example_test.cc").read_text()
        tested += in_cpp + in_cpp.replace("\n  ", "\n")
        blocks = re.findall(r"(?ms)^```(?:python|js|go|java|cpp)\n(.*?)^```$", (self.DOC / "testing.md").read_text())
        self.assertGreaterEqual(len(blocks), 9)
        for block in blocks:
            self.assertIn(block, tested)


class LinksTest(unittest.TestCase):
    def test_they_lead_somewhere(self):
        folders = ("proto", "client", "mockserver", "tests", "tools")
        files = [ROOT / "README.md", *(page for folder in folders for page in (ROOT / folder).rglob("*.md"))]
        found = 0
        for file in files:
            for target in re.findall(r"\]\(([^)#:]+)(?:#[^)]*)?\)", re.sub(r"(?ms)^```.*?^```$", "", file.read_text())):
                found += 1
                self.assertTrue((file.parent / target).exists(), f"{file}: there is no {target}")
        self.assertGreater(found, 10)

    def test_the_first_page_names_all_others(self):
        first = (ROOT / "client" / "doc" / "README.md").read_text()
        for page in PAGES:
            if page.name != "README.md":
                self.assertIn(f"]({page.name})", first)


if __name__ == "__main__":
    unittest.main(verbosity=2)
