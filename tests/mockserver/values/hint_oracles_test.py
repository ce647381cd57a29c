"""The cases of parsing hints (tests/data/temporal) are what their oracles answer.

hint_oracles_test.py STRPTIME_ORACLE [--write]

STRPTIME_ORACLE is the program of oracles/strptime_oracle.c. Java's cases are run where Java 17 with its compiler
is installed. --write makes the files anew.
"""

import os
import shutil
import subprocess
import sys
import tempfile

HERE = os.path.dirname(os.path.abspath(__file__))
DATA = os.path.join(HERE, "..", "..", "data", "temporal")

NUMBERS = ["0", "1", "5", "9", "00", "01", "05", "10", "11", "12", "13", "19", "23", "24", "31", "32", "53", "54",
           "59", "60", "61", "62", "68", "69", "99", "001", "060", "100", "366", "367", "999", "2024", "0024",
           "20245", " 7", "\t7", "\n 07", "7 ", "x", "", "-1", "+1", "1.5", "7x"]
MONTHS = ["January", "february", "MARCH", "Apr", "may", "JUN", "Sept", "September", "sep", "Mai", "1", "", "Ja",
          " Jan", "Jan.", "Dec"]
DAYS = ["Sunday", "monday", "TUE", "Wed", "thu", "Fridays", "Saturday", "Su", "7", ""]
OFFSETS = ["Z", "z", "+00", "-00", "+02", "-02", "+0230", "-0230", "+02:30", "-02:30", "+2", "+023", "+0260",
           "+02:3", "02", "UTC", "", " +02", "+18:00", "+18:01", "+1800", "+023015", "+02:30:15", "-00:00", "+99"]
MOMENTS = ["@2024-02-29 00:00:00", "@1999-12-31 23:59:59", "@2026-01-01 12:05:09", "@2027-01-03 01:02:03",
           "@1000-07-04 13:00:00", "@9999-12-31 11:59:59"]


def strptime_pairs():
    for code in "YCymdejuwUWVgGHkIlMSs":
        for text in NUMBERS:
            if code != "s" or text != "-1":  # a negative epoch is accepted here but not by glibc
                yield "%" + code, text
    for code in "bBh":
        for text in MONTHS:
            yield "%" + code, text
    for code in "aA":
        for text in DAYS:
            yield "%" + code, text
    for text in ["AM", "pm", "Pm", "a", "A.M.", "", "am "]:
        yield "%p", text
        yield "%I %p", "12 " + text
        yield "%p %I", text + " 12"
        yield "%H %p", "03 " + text
    for text in OFFSETS:
        yield "%z", text
        yield "%H:%M%z", "10:30" + text
    for text in ["UTC", "", "Europe/Berlin", "UTC x"]:
        yield "%Z", text
        yield "%H %Z", "10 " + text
    for text in ["", " ", "\t", "\n \t", "x"]:
        for hint in ["%n", "%t", " ", "%d%n%m", "%d %m", "%d%t%m"]:
            yield hint, text
            yield hint, "1" + text + "2"
    good = {"Y": "2024", "C": "20", "y": "24", "m": "3", "d": "4", "e": "4", "j": "60", "u": "1", "w": "1", "U": "9",
            "W": "9", "V": "9", "g": "24", "G": "2024", "H": "5", "k": "5", "I": "5", "l": "5", "M": "6", "S": "7",
            "s": "86400", "b": "Mar", "B": "March", "h": "Mar", "a": "Mon", "A": "Monday", "p": "PM", "z": "+01",
            "Z": "CET", "D": "03/04/24", "F": "2024-03-04", "R": "05:06", "T": "05:06:07", "r": "05:06:07 PM",
            "c": "Mon Mar  4 05:06:07 2024", "x": "03/04/24", "X": "05:06:07", "n": "\n", "t": "\t", "%": "%"}
    for code, text in good.items():
        for modifier in ["", "E", "O", "-", "_", "0", "^", "#", "5", "_-0^#", "05", "-5", "5-", "EO", "OE", "E5",
                         "-E", "_O", "-O", "0E"]:
            yield "%" + modifier + code, text
    for code in "JKLNQfioqv+:!":
        yield "%" + code, "1"
    yield "%", "%"
    yield "%Y%", "2024"
    yield "%-", "-"
    yield "%E", "E"
    yield "", ""
    yield "x", "x"
    for hint, texts in {
            "%Y-%m-%d": ["2024-02-29", "2023-02-29", "2024-2-9", "2024-02-30", "2024-04-31", "2024-13-01", "2024-00-01",
                         "2024-01-00", "24-01-01", "0024-01-01", "0000-01-01", "2024-01-01x", "2024-01-01 ",
                         " 2024-01-01", "2024 -01-01", "2024- 01- 01", "2024/01/01", "20240101"],
            "%Y%m%d": ["20240101", "20241301", "2024011", "202411", "202413", "2024113", "20240101 ", "2024 1 1"],
            "%d%m%Y": ["01022024", "122024", "4122024", "3112024", "312024"],
            "%d%m%y": ["010224", "010269", "010268", "010299", "010200"],
            "%y%m%d %H%M%S": ["240102 030405", "240102030405", "240102 3 4 5"],
            "%d.%m.%Y %H:%M": ["1.2.2024 3:4", "31.12.2024 23:59", "31.12.2024 24:00", "31.12.2024  5:00",
                               "31.12.2024", "31.12.2024 5:00:00"],
            "%m/%d/%Y %I:%M:%S %p": ["03/04/2024 12:00:00 AM", "03/04/2024 12:00:00 PM", "3/4/2024 1:02:03 pm",
                                     "3/4/2024 13:02:03 pm", "3/4/2024 0:02:03 pm", "3/4/2024 1:02:03pm",
                                     "3/4/2024 1:02:03  PM"],
            "%d %b %Y": ["1 Jan 2024", "01 JANUARY 2024", "1 Sept 2024", "1  sep  2024", "1Jan2024", "31 Apr 2024"],
            "%B %d, %Y": ["March 4, 2024", "mar 4, 2024", "March 4 2024", "March 4,2024"],
            "%a, %d %b %Y %H:%M:%S %z": ["Mon, 01 Jan 2024 10:00:00 +0200", "Sun, 01 Jan 2024 10:00:00 -0330",
                                         "Mon, 01 Jan 2024 10:00:00 GMT", "Mon, 01 Jan 2024 10:00:00 Z"],
            "%A %e %B %Y": ["Monday  1 January 2024", "mon 1 jan 2024", "Funday 1 January 2024"],
            "%Y-%m-%dT%H:%M:%SZ": ["2024-01-02T03:04:05Z", "2024-01-02 03:04:05Z", "2024-01-02T03:04:05z"],
            "%Y-%m-%dT%H:%M:%S%z": ["2024-01-02T03:04:05Z", "2024-01-02T03:04:05+02:00", "2024-01-02T03:04:05-0200",
                                    "2024-01-02T03:04:05 +02"],
            "%Y/%j": ["2024/366", "2023/366", "2023/365", "2024/1", "2024/001", "2024/0"],
            "%j/%Y": ["366/2024", "60/2023"], "%Y %j %m": ["2024 60 2", "2024 60 3", "2024 1 3"],
            "%Y %j %d": ["2024 60 5", "2024 31 31"], "%j %m %d %Y": ["60 7 8 2024"],
            "%Y %U %a": ["2024 10 Mon", "2024 0 Mon", "2024 1 Sun", "2023 53 Sun", "2023 53 Mon", "2024 0 Sat",
                         "2017 1 Sun"],
            "%Y %W %u": ["2024 1 1", "2024 10 7", "2024 0 1", "2018 1 1", "2024 53 1", "2024 52 7"],
            "%Y %W %w": ["2024 1 0", "2024 1 1"], "%Y %U": ["2024 10"], "%U %a": ["10 Mon"],
            "%G-%V-%u": ["2024-10-1", "2024-53-7"], "%G%g": ["123456"], "%C%y": ["2024", "1999", "0001", "0000"],
            "%y %C": ["24 19", "69 20"], "%C": ["19", "20", "0"], "%C %Y": ["19 2024"], "%Y %C": ["2024 19"],
            "%y %Y": ["24 1999"], "%Y %y": ["1999 24"], "%C %m": ["19 5"],
            "%s": ["1704103200", "253402300799", "253402300800", "99999999999999999999", "1x"],
            "%s %H": ["1704103200 3"], "%H %s": ["3 1704103200"], "%s %Y": ["1704103200 1999"],
            "%I %H": ["3 14"], "%H %I": ["14 3"], "%I:%M": ["12:30", "3:30"], "%p %H": ["PM 3"],
            "%H:%M:%S": ["00:00:00", "23:59:59", "23:59:60", "23:59:61", "24:00:00", "1:2:3", "10:00", " 1: 2: 3",
                         "10:00:00.5"],
            "%T": ["1:2:3", "010203"], "%R": ["1:2", "1:2:3"], "%r": ["1:2:3 AM", "1:2:3"], "%D": ["1/2/24", "1/2/2024"],
            "%H%M": ["1234", "9", "99", "934", "2359", "2400"], "%k%M": ["935"], "%l:%M%p": ["9:05am", " 9:05PM"],
            "%d %d": ["1 2"], "%m %m": ["1 2"], "%b %b": ["Jan Feb"], "[%d]": ["[5]"], "%%%d%%": ["%5%"],
            "Tag %d": ["Tag 5", "tag 5", "Tag  5", "Tag5"], "%d\u00e9%m": ["5\u00e96"], "%Y,%m;%d": ["2024,1;2"],
            "%d%b%Y:%H:%M:%S": ["17MAY2024:10:11:12", "7may2024:1:2:3"], "%e-%b-%y": [" 1-Jan-24", "31-DEC-99"],
    }.items():
        for text in texts:
            yield hint, text
    for hint in ["%m %d %H %M %S %I %p", "%e|%k|%l|%j|%y|%C", "%a %A %b %B %h", "%u %w %U %W %V %G %g", "%D %F %R %T",
                 "%r", "%c", "%x %X", "%n%t%%", "%-d %_d %-m %_m %0e %0k %-H", "%^a %^B %#b %#p", "%5d %_5d %10Y",
                 "%z", "%OS %OM %EY %EC", "%P", "%_H:%-M", "%012e", "%Q", "%-y", "%-j %_j %-I %-l"]:
        for moment in MOMENTS:
            yield hint, moment


def java_pairs():
    fields = {"y": NUMBERS, "u": NUMBERS, "M": NUMBERS + MONTHS, "L": NUMBERS + MONTHS, "d": NUMBERS, "D": NUMBERS,
              "H": NUMBERS, "h": NUMBERS, "K": NUMBERS, "k": NUMBERS, "m": NUMBERS, "s": NUMBERS, "S": NUMBERS,
              "n": NUMBERS, "E": DAYS, "a": ["AM", "PM", "am", "a", ""], "X": OFFSETS, "x": OFFSETS, "Z": OFFSETS}
    # Five letters M, L and E mean names of one letter, four letters Z mean GMT+1: these are not supported.
    longest = dict.fromkeys("dHhKkms", 2) | {"M": 4, "L": 4, "E": 4, "Z": 3, "D": 3, "a": 1}
    signs = ("-", "+")
    for letter in "dHhKkmsDaSX":
        yield letter * {"S": 10, "D": 4, "X": 6, "a": 2}.get(letter, 3), "1"
    for letter, texts in fields.items():
        for count in range(1, longest.get(letter, 5) + 1):
            for text in texts:
                if not text.startswith(signs) or letter in "XxZ":
                    yield letter * count, text
    for text in OFFSETS:
        yield "ZZZZZ", text
        yield "HH:mmXXX", "10:30" + text
    for hint, texts in {
            "yyyy-MM-dd": ["2024-02-29", "2023-02-29", "2024-02-30", "2024-04-31", "2024-2-9", "24-01-01", "0024-01-01",
                           "0000-01-01", "12024-01-01", "2024-13-01", "2024-01-01 ", " 2024-01-01", "2024-01-01x",
                           "2024- 1- 1"],
            "uuuu-MM-dd": ["2024-02-29", "0000-01-01", "2024-02-30"],
            "yyyyMMdd": ["20240102", "2024012", "120240102", "20241301"],
            "yMMdd": ["20240102", "240102", "120240102"], "yyyyMd": ["202412", "2024112", "2024123"],
            "yyMMdd": ["240102", "990102", "000102", "690102", "20240102"], "dd.MM.yy": ["01.02.24", "01.02.69", "1.2.24"],
            "d/M/yy": ["1/2/24", "11/12/99", "01/02/00"], "d.M.yyyy": ["1.2.2024", "01.02.2024", "31.6.2024"],
            "ddMMyyyy": ["01022024"], "HHmmss": ["010203", "235959", "240000", "10203"], "Hmm": ["930", "1230", "30"],
            "yyyyMMddHHmmss": ["20240102030405", "2024010203040", "20240102240000"],
            "yyyyMMddHHmmssSSS": ["20240102030405678", "20240102030405"],
            "yyyy-MM-dd HH:mm:ss": ["2024-01-02 03:04:05", "2024-01-02 24:00:00", "2024-01-02 03:04:60",
                                    "2024-01-02  03:04:05", "2024-01-02T03:04:05"],
            "yyyy-MM-dd HH:mm:ss.SSS": ["2024-01-02 03:04:05.678", "2024-01-02 03:04:05.6", "2024-01-02 03:04:05",
                                        "2024-01-02 03:04:05.6789"],
            "yyyy-MM-dd'T'HH:mm:ss": ["2024-01-02T03:04:05", "2024-01-02t03:04:05"],
            "yyyy-MM-dd'T'HH:mm:ssXXX": ["2024-01-02T03:04:05Z", "2024-01-02T03:04:05+02:00", "2024-01-02T03:04:05+0200"],
            "yyyy-MM-dd'T'HH:mm:ss'Z'": ["2024-01-02T03:04:05Z", "2024-01-02T03:04:05"],
            "yyyy-MM-dd'T'HH:mm:ss.SSSZ": ["2024-01-02T03:04:05.678+0200", "2024-01-02T03:04:05.678Z"],
            "yyyy-MM-dd'T'HH:mm[:ss[.SSS]][XXX]": ["2024-01-02T03:04", "2024-01-02T03:04:05", "2024-01-02T03:04:05.678",
                                                 "2024-01-02T03:04Z", "2024-01-02T03:04:05.678+01:00",
                                                 "2024-01-02T03:04:5", "2024-01-02T03:04."],
            "yyyy[-MM[-dd]]": ["2024", "2024-05", "2024-05-06", "2024-", "2024-05-"],
            "[yyyy-MM-dd][dd.MM.yyyy]": ["2024-05-06", "06.05.2024", "", "2024-05-0606.05.2024"],
            "[[HH:]mm:]ss": ["05", "04:05", "03:04:05"], "yyyy[MM": ["2024", "202405"], "yyyy]": ["2024"],
            "dd MMM yyyy": ["01 Jan 2024", "01 jan 2024", "01 January 2024", "1 Jan 2024", "01 Sep 2024", "01 Sept 2024"],
            "d MMMM uuuu": ["1 January 2024", "1 Jan 2024", "1 May 2024"], "MMM d, yyyy": ["Mar 4, 2024", "Mar 4 2024"],
            "EEE, d MMM yyyy": ["Mon, 1 Jan 2024", "Tue, 1 Jan 2024", "mon, 1 Jan 2024"],
            "EEEE d MMMM yyyy": ["Monday 1 January 2024", "Sunday 1 January 2024"], "EEE HH:mm": ["Mon 10:30", "Fri 10:30"],
            "hh:mm a": ["12:30 AM", "12:30 PM", "01:05 PM", "1:05 PM", "13:05 PM", "00:05 AM", "01:05 pm"],
            "h:mm a": ["1:05 PM", "12:00 AM", "0:05 AM"], "hh:mm": ["12:30", "01:30"], "KK:mm a": ["00:30 PM", "11:30 AM", "12:30 AM"],
            "HH:mm a": ["13:30 PM", "13:30 AM", "01:30 PM"], "HH hh": ["13 01", "13 02"], "HH hh a": ["13 01 PM", "13 01 AM"],
            "kk:mm": ["24:00", "01:00", "00:00", "25:00"], "HH kk": ["00 24", "01 01", "01 02"], "a": ["AM", "PM"],
            "yyyy-DDD": ["2024-366", "2023-366", "2024-001", "2024-60"], "yyyyDDD": ["2024060"], "D yyyy": ["60 2024", "366 2023"],
            "yyyy-MM-dd DDD": ["2024-02-29 060", "2024-02-29 061"], "yyyy MM DDD": ["2024 02 060", "2024 03 060"],
            "yyyy dd DDD": ["2024 29 060", "2024 28 060"], "yyyy uuuu": ["2024 2024", "2024 2023"], "yyyy yy": ["2024 24", "1999 99"],
            "MM MM": ["05 05", "05 06"], "MM MMM": ["05 May", "05 Jun"], "dd HH": ["05 06"], "ss": ["59"], "mm": ["59"],
            "'Tag' d": ["Tag 5", "tag 5"], "''d''": ["'5'"], "'it''s' d": ["it's 5"], "d''''M": ["5''6"], "d'": ["5"], "'d": ["d"],
            "ppd": [" 5", "15", "5", "  5"], "pppd.M": ["  5.6", " 15.6", "5.6"], "ppHH:mm": ["05:30"], "ppp": ["1"], "pp": ["1"], "pp-d": ["-1"],
            "yyyy/MM/dd": ["2024/01/02"], "yyyy.MM.dd": ["2024.01.02"], "dd-MMM-yy": ["01-Jan-24"], "yyyy MM": ["2024 05"],
            "MM/dd": ["05/06"], "yyyy": ["2024", "999", "10000"], "HH": ["05", "5", "24"], "d\u00e9M": ["5\u00e96"],
            "yyyy-MM-ddTHH": ["2024-01-02T03"], "yyyy{MM": ["2024"], "yyyy#MM": ["2024"], "yyyyMMddb": ["20240101"],
            "yyyy-MM-dd HH:mm:ss.n": ["2024-01-02 03:04:05.6"], "ssSSSSSSSSS": ["05123456789"], "s.S": ["5.1", "5.12"],
            "ddMMyy": ["010224", "1224"], "hmm a": ["130 PM", "1230 PM"], "yyyyM": ["20241", "202412"], "yyyy'M'M": ["2024M1"],
    }.items():
        for text in texts:
            yield hint, text
    for hint in ["yyyy-MM-dd HH:mm:ss", "y yy yyy yyyy yyyyy", "u uu uuu uuuu", "M MM MMM MMMM", "L LL LLL LLLL", "d dd D DD DDD",
                 "H HH h hh K KK k kk", "m mm s ss", "S SSS SSSSSSSSS n nnn", "E EE EEE EEEE a", "X XX XXX XXXX XXXXX",
                 "x xx xxx xxxx xxxxx", "Z ZZ ZZZ ZZZZZ", "'T' '' 'it''s'", "yyyy[-MM[-dd]]", "ppd|pppppM", "yyyyMMddHHmmssSSS"]:
        for moment in MOMENTS:
            if moment.startswith("@9999") and "yyyyy" in hint:
                continue
            yield hint, moment


SETS = {"strptime": strptime_pairs, "java": java_pairs}


def escape(text):
    return text.replace("\\", "\\\\").replace("\t", "\\t").replace("\n", "\\n")


def ask(name, oracle):
    """The file made from the oracle's answers."""
    lines = ["%s\t%s" % (escape(hint), escape(text)) for hint, text in dict.fromkeys(SETS[name]())]
    return subprocess.run(oracle, input="\n".join(lines) + "\n", capture_output=True, text=True, encoding="utf-8",
                          check=True).stdout


def java_oracle(folder):
    """The command of Java's oracle, compiled; None unless Java 17 with its compiler is installed."""
    if shutil.which("java") is None or shutil.which("javac") is None:
        return None
    version = subprocess.run(["javac", "-version"], capture_output=True, text=True, check=True)
    if "javac 17." not in version.stdout + version.stderr:
        return None
    source = os.path.join(HERE, "oracles", "JavaOracle.java")
    subprocess.run(["javac", "-d", folder, source], check=True)
    return ["java", "-XX:TieredStopAtLevel=1", "-cp", folder, "JavaOracle"]


def main():
    write = "--write" in sys.argv
    failed = False
    with tempfile.TemporaryDirectory() as folder:
        for name, oracle in {"strptime": [sys.argv[1]], "java": java_oracle(folder)}.items():
            if oracle is None:
                print("java: Java 17 is not installed, its cases are not held against it")
                continue
            answers = ask(name, oracle)
            path = os.path.join(DATA, name + ".txt")
            if write:
                with open(path, "w", encoding="utf-8", newline="\n") as out:
                    out.write(answers)
                continue
            with open(path, encoding="utf-8", newline="\n") as stored:
                expected = stored.read().splitlines()
            found = answers.splitlines()
            for a, b in zip(expected, found):
                if a != b:
                    print("%s: stored %r, the oracle answers %r" % (name, a, b))
                    failed = True
            if len(expected) != len(found):
                print("%s: %d cases are stored, %d are asked" % (name, len(expected), len(found)))
                failed = True
            print("%s: %d cases" % (name, len(found)))
    sys.exit(1 if failed else 0)


if __name__ == "__main__":
    main()
