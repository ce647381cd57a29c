#!/usr/bin/env bash
# glibc's strptime computes month and day from a year and a day of the year, but not if the text has
# the weekday, too: then it returns success and leaves month and day as they were.
#
# "2024 366" with "%Y %j" gives 31 December. "2024 366 Tue" with "%Y %j %a" has more information, is
# consistent (that day was a Tuesday), is read to its end, and gives January 0 in a zeroed struct tm.
# mktime() takes that for 31 December of the year before. The order does not matter; %w does the
# same as %a. Python's strptime gives 31 December 2024 for all of them. Whoever offers strptime
# formats for columns of dates on top of glibc stores a wrong date in silence.
#
# Seen with glibc 2.36 (Debian 12, libc6 2.36-9+deb12u14). Ends with 1 if the behaviour is another.
# Needs gcc and python3.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
cat >read.c <<'C'
#define _XOPEN_SOURCE 700
#include <stdio.h>
#include <string.h>
#include <time.h>

int main(int count, char** arguments) {
  for (int i = 1; i + 1 < count; i += 2) {
    struct tm day;
    memset(&day, 0, sizeof day);
    const char* end = strptime(arguments[i], arguments[i + 1], &day);
    printf("%s: %s, %d-%02d-%02d\n", arguments[i + 1], end != NULL && *end == '\0' ? "read" : "refused",
           day.tm_year + 1900, day.tm_mon + 1, day.tm_mday);
  }
}
C
gcc -o read read.c
pairs=("2024 366" "%Y %j" "2024 366 Tue" "%Y %j %a" "Tue 2024 366" "%a %Y %j" "2024 366 2" "%Y %j %w")
seen=$(
  ./read "${pairs[@]}"
  python3 - "${pairs[@]}" <<'PY'
import sys
import time
for text, form in zip(sys.argv[1::2], sys.argv[2::2]):
    print(f"Python, {form}:", time.strftime("%Y-%m-%d", time.strptime(text, form)))
PY
)
printf '%s\n' "$seen"
[[ $seen == "%Y %j: read, 2024-12-31
%Y %j %a: read, 2024-01-00
%a %Y %j: read, 2024-01-00
%Y %j %w: read, 2024-01-00
Python, %Y %j: 2024-12-31
Python, %Y %j %a: 2024-12-31
Python, %a %Y %j: 2024-12-31
Python, %Y %j %w: 2024-12-31" ]]
