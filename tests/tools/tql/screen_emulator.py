"""A terminal emulator with the features that the shell uses, so that tests see what a user sees."""

import re
import unicodedata

# Text, a control character, or a sequence with its numbers and its letter.
_PIECE = re.compile(r"\x1b\[\??([0-9;]*)([@-~])|([\x00-\x1f])|([^\x00-\x1f])", re.DOTALL)


def width_of(character):
    if unicodedata.category(character) in ("Mn", "Me", "Cf"):
        return 0
    return 2 if unicodedata.east_asian_width(character) in "WF" else 1


def is_half_flag(character):
    return "\U0001f1e6" <= character <= "\U0001f1ff"


class Screen:
    """`row` and `column` are those of the cursor. A cell is its text and its style, the numbers of the last colour
    sequence; the second column of a wide character is an empty cell."""

    def __init__(self, rows=24, columns=80):
        self.rows, self.columns = rows, columns
        self.row = self.column = 0
        self.unknown = []
        self._look = ""
        self._wraps = False  # the last column was written: the next character begins a new row
        self._cells = [[]]
        self._joined = set()  # the ids of the rows that continue in the next one
        self._gone = []       # rows that have scrolled off the screen

    def feed(self, text):
        at = 0
        while at < len(text):
            piece = _PIECE.match(text, at)
            if not piece:  # an incomplete or unsupported sequence
                if len(text) - at > 32:
                    self.unknown.append(text[at:at + 32])
                return text[at:]
            numbers, letter, control, character = piece.groups()
            if letter:
                self._sequence(numbers, letter)
            elif control:
                self._control(control)
            else:
                self._put(character)
            at = piece.end()
        return ""

    def everything(self):
        """The rows that have scrolled off the screen, and those of `lines`."""
        return ["".join(text for text, _ in row).rstrip() for row in self._gone] + self.lines()

    def lines(self):
        """The rows from the top to the last that is not empty, without trailing spaces."""
        shown = ["".join(text for text, _ in row).rstrip() for row in self._cells]
        while shown and not shown[-1]:
            shown.pop()
        return shown

    def looks(self, text):
        """The styles of the characters in the last row that contains the text."""
        for row in reversed(self._cells):
            at = "".join(cell[0] for cell in row).find(text)
            if at >= 0:
                return [look for cell, look in row if cell][at:at + len(text)]
        raise AssertionError(f"{text!r} is not among {self.lines()}")

    def resize(self, rows, columns):
        """Rewraps lines at the new width, like most terminals."""
        before, self._cells, row, column = self._cells, [], self.row, self.column
        self._wraps, joined, self._joined = False, self._joined, set()
        line, cursor = [], None
        for i, cells in enumerate(before):
            if i == row:
                cursor = len(line) + column
            line += cells
            if id(cells) in joined and i + 1 < len(before):
                continue
            first = len(self._cells)
            height = max(1, -(-len(line) // columns), (cursor or 0) // columns + 1)
            self._cells += [line[k * columns:(k + 1) * columns] for k in range(height)]
            self._joined |= {id(piece) for piece in self._cells[first:-1]}
            if cursor is not None:
                self.row, self.column = first + cursor // columns, cursor % columns
            line, cursor = [], None
        self.rows, self.columns = rows, columns
        self._scroll()

    def _scroll(self):
        while len(self._cells) > self.rows:
            self._gone.append(self._cells.pop(0))
            self.row -= 1

    def _line(self):
        self.row += 1
        while self.row >= len(self._cells):
            self._cells.append([])
        if self.row >= self.rows:
            self._scroll()

    def _joins(self, character):
        """Whether the character shows in the cell before it, as in an emoji of several code points."""
        if width_of(character) == 0:
            return True
        row, at = self._cells[self.row], self.column if self._wraps else self.column - 1
        before = next((text for text, _ in reversed(row[:at + 1]) if text), "")
        return (before.endswith("\u200d") or "\U0001f3fb" <= character <= "\U0001f3ff"
                or is_half_flag(character) and len(before) == 1 and is_half_flag(before))

    def _put(self, character):
        width = 0 if self._joins(character) else 2 if is_half_flag(character) else width_of(character)
        if width == 0:
            row = self._cells[self.row]
            at = self.column if self._wraps else self.column - 1
            if not row[at][0]:
                at -= 1
            row[at] = (row[at][0] + character, row[at][1])
            return
        if self._wraps or self.column + width > self.columns:
            self._joined.add(id(self._cells[self.row]))
            self._wraps, self.column = False, 0
            self._line()
        row = self._cells[self.row]
        while len(row) < self.column + width:
            row.append((" ", ""))
        row[self.column] = (character, self._look)
        if width == 2:
            row[self.column + 1] = ("", self._look)
        self.column += width
        if self.column == self.columns:
            self.column, self._wraps = self.columns - 1, True

    def _control(self, control):
        self._wraps = False
        if control == "\r":
            self.column = 0
        elif control == "\n":
            self._line()
        elif control == "\b":
            self.column = max(0, self.column - 1)
        elif control == "\t":
            self.column = min(self.columns - 1, self.column // 8 * 8 + 8)
        elif control != "\a":
            self.unknown.append(control)

    def _sequence(self, numbers, letter):
        first = int(numbers.split(";")[0] or 0)
        if letter == "m":
            self._look = numbers
            return
        if letter in "hl":
            return
        self._wraps = False
        if letter == "A":
            self.row = max(0, self.row - max(1, first))
        elif letter == "B":
            self.row = min(len(self._cells) - 1, self.row + max(1, first))
        elif letter == "C":
            self.column = min(self.columns - 1, self.column + max(1, first))
        elif letter == "H":
            self.row = self.column = 0
        elif letter == "K":
            del self._cells[self.row][self.column:]
            self._joined.discard(id(self._cells[self.row]))
        elif letter == "J":
            if first == 2:
                self._cells = [[] for _ in self._cells]
            else:
                del self._cells[self.row][self.column:]
                del self._cells[self.row + 1:]
                self._joined.discard(id(self._cells[self.row]))
        else:
            self.unknown.append(numbers + letter)
