"""The man pages and completions that the build generates from the programs' flags.

`documents_test.py BIN_FOLDER SHARE_FOLDER [unittest arguments]`
"""

import gzip
import os
import pathlib
import pty
import re
import select
import shutil
import subprocess
import sys
import tempfile
import unittest

BIN, SHARE = pathlib.Path(sys.argv.pop(1)), pathlib.Path(sys.argv.pop(1))
PROGRAMS = [name for name in ("tql", "tqlmockd", "tqlbench", "tqlconform") if (BIN / name).exists()]


def run(*command, script=None):
    return subprocess.run([str(part) for part in command], capture_output=True, text=True, timeout=60,
                          input=script or "", env={**os.environ, "LC_ALL": "C.UTF-8", "MANWIDTH": "100"})


def flags(program):
    """The flags at the beginning of lines of the help and of the help of each command, including short ones."""
    text = run(BIN / program, "--help").stdout
    for command in re.findall(r"(?m)^  ([a-z]+)  ", text.partition("Subcommands:")[2]):
        text += run(BIN / program, command, "--help").stdout
    lines = re.findall(r"^  (-{1,2}[a-z].*?)(?:  |$)", text, re.MULTILINE)
    return {flag for line in lines for flag in re.findall(r"(?<![\w-])-{1,2}[a-z][a-z0-9_-]*", line)}


class ManPageTest(unittest.TestCase):
    def test_pages_are_valid_and_complete(self):
        for program in PROGRAMS:
            with self.subTest(program=program):
                done = run("man", "--warnings", "-E", "UTF-8", "-l", SHARE / "man" / "man1" / f"{program}.1.gz")
                self.assertEqual((0, ""), (done.returncode, done.stderr))
                page = re.sub(r".\x08", "", done.stdout)
                self.assertRegex(page, rf"(?m)^NAME\n +{program} - \w")
                self.assertIn("--help", flags(program))
                shown = set(re.findall(r"(?<![\w-])-{1,2}[a-z][a-z0-9_-]*", page))
                self.assertEqual(set(), flags(program) - shown)

    def test_exit_statuses_are_a_section(self):
        page = gzip.decompress((SHARE / "man" / "man1" / "tql.1.gz").read_bytes()).decode()
        self.assertRegex(page, r"(?m)^\.SH EXIT STATUS\n\.TP\n\\fB0\\fR\n")
        self.assertRegex(page, r"(?m)^\\fB130\\fR\ninterrupted$")


class BashTest(unittest.TestCase):
    def complete(self, program, *words):
        """The completions that bash offers for the last word."""
        file = SHARE / "bash-completion" / "completions" / program
        quoted = " ".join(f"'{word}'" for word in (program, *words))
        done = run("bash", "-u", script=f"source '{file}'\nCOMP_WORDS=({quoted})\n"
                                        f"COMP_CWORD={len(words)}\n_{program}\nprintf '%s\\n' \"${{COMPREPLY[@]}}\"")
        self.assertEqual((0, ""), (done.returncode, done.stderr))
        return done.stdout.split()

    def test_every_flag_is_offered(self):
        for program in PROGRAMS:
            with self.subTest(program=program):
                file = SHARE / "bash-completion" / "completions" / program
                self.assertEqual((0, ""), (run("bash", "-n", file).returncode, run("bash", "-n", file).stderr))
                self.assertEqual(set(), flags(program) - set(self.complete(program, "-")))

    def test_a_beginning_is_completed(self):
        self.assertEqual(["--cacert"], self.complete("tql", "--cac"))
        self.assertEqual(["--statement-timeout"], self.complete("tqlmockd", "--http", "off", "--sta"))

    def test_values_of_a_list_are_offered(self):
        self.assertEqual(["jsonl"], self.complete("tql", "--format", "jsonl"))
        self.assertEqual(["csv"], self.complete("tql", "--format", "=", "cs"))
        self.assertEqual(["debug", "info", "warning", "error", "off"], self.complete("tqlmockd", "--log-level", ""))
        self.assertEqual(["off"], self.complete("tqlmockd", "--grpc", "="))

    def test_files_are_offered_where_a_file_is_due(self):
        self.assertEqual([str(BIN / "tqlmockd")], self.complete("tql", "--file", str(BIN / "tqlmock")))
        self.assertEqual([], self.complete("tql", "--database", str(BIN / "tqlmock")))


class ZshTest(unittest.TestCase):
    def test_every_flag_is_there_once(self):
        for program in PROGRAMS:
            with self.subTest(program=program):
                text = (SHARE / "zsh" / "vendor-completions" / f"_{program}").read_text()
                self.assertTrue(text.startswith(f"#compdef {program}\n"))
                offered = re.findall(r"(?m)^  '\*?(?:\([^)]*\))?(-{1,2}[a-z][a-z0-9_-]*)[+=]?\[", text)
                self.assertEqual(sorted(flags(program)), sorted(offered))


@unittest.skipUnless(shutil.which("zsh"), "zsh is not installed")
class ZshAtWorkTest(unittest.TestCase):
    """A zsh on a terminal that shows a line after Tab. The test's own key prints it."""

    SETTINGS = """PS1='' PS2='' RPS1=''; unsetopt prompt_sp prompt_cr; unset zle_bracketed_paste
fpath=({folder} $fpath); autoload -U compinit; compinit -u -D
show() {{ print -r -- "<$BUFFER>"; BUFFER='' }}; zle -N show; bindkey '^X' show; bindkey '^I' complete-word
print '<begun>'
"""

    def setUp(self):
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        completions = (SHARE / "zsh" / "vendor-completions").resolve()
        (pathlib.Path(folder.name) / ".zshrc").write_text(self.SETTINGS.format(folder=completions))
        self.terminal, other = pty.openpty()
        self.addCleanup(os.close, self.terminal)
        self.shell = subprocess.Popen(["zsh", "-d", "-i"], stdin=other, stdout=other, stderr=other, start_new_session=True,
                                      cwd=folder.name, env={"PATH": os.environ["PATH"], "TERM": "xterm", "LC_ALL": "C.UTF-8",
                                                            "ZDOTDIR": folder.name})
        os.close(other)
        self.addCleanup(self.shell.wait)
        self.addCleanup(self.shell.kill)
        self.text = ""
        self.assertEqual("begun", self.shown())

    def shown(self):
        """The next text in angle brackets that the shell shows."""
        while not (found := re.search(r"<([^<>]*)>", self.text)):
            self.assertTrue(select.select([self.terminal], [], [], 30)[0], self.text)
            self.text += os.read(self.terminal, 4096).decode("utf-8", "replace")
        self.text = self.text[found.end():]
        return found.group(1)

    def complete(self, line):
        os.write(self.terminal, f"{line}\t\x18".encode())
        return self.shown()

    def test_lines_are_completed(self):
        for line, completed in (("tql --no-h", "tql --no-header "), ("tql --format=mark", "tql --format=markdown "),
                                ("tql -f /dev/nul", "tql -f /dev/null "), ("tql --cacert=/dev/nul", "tql --cacert=/dev/null "),
                                ("tql --count --continue_e", "tql --count --continue_execution_on_error="),
                                ("tqlmockd --log-level=w", "tqlmockd --log-level=warning "),
                                ("tqlmockd --http off --grpc-p", "tqlmockd --http off --grpc-plaintext "),
                                ("tql --nosuch", "tql --nosuch")):
            with self.subTest(line=line):
                self.assertEqual(completed, self.complete(line))


class GenerateTest(unittest.TestCase):
    def test_unknown_documents_and_help(self):
        for program in PROGRAMS:
            with self.subTest(program=program):
                self.assertNotEqual(0, run(BIN / program, "--generate", "fish").returncode)
                self.assertNotIn("--generate", flags(program))


if __name__ == "__main__":
    unittest.main(verbosity=2)
