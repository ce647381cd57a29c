#!/usr/bin/env bash
# In PostgreSQL a second item in an IN list can turn the first comparison from false to true.
#
# `f IN (0.1)` over a REAL column is `f = 0.1`: the numeric constant and the real meet as double
# precision, where the real 0.1 is 0.10000000149…, so it is false. `f IN (0.1, 2)` is
# `f = ANY (ARRAY[…])`, whose element type is chosen from the items and the left side together;
# real, numeric and integer give real, the constant is rounded to real, and the same row is found.
# `f = 0.1 OR f = 2` and `f = ANY (ARRAY[0.1, 2])` find nothing. So a rewrite of IN as a chain of
# OR, or of one item as a list, changes answers.
#
# Seen with PGlite 0.5.17 (PostgreSQL 18.7): false, true, false, false; with PostgreSQL 15.18 too.
# Needs node and npm. Ends with 1 if the behaviour is another.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
npm install --prefix "$PWD" --no-audit --no-fund --silent @electric-sql/pglite@0.5.17 >/dev/null
cat >compare.mjs <<'JS'
import { PGlite } from "@electric-sql/pglite";
const db = new PGlite();
await db.exec("create table t (f real); insert into t values (0.1)");
for (const condition of ["f in (0.1)", "f in (0.1, 2)", "f = 0.1 or f = 2", "f = any (array[0.1, 2])"]) {
  console.log(`${condition}: ${(await db.query(`select ${condition} as found from t`)).rows[0].found}`);
}
JS
seen=$(node compare.mjs)
printf '%s\n' "$seen"
[[ $seen == "f in (0.1): false
f in (0.1, 2): true
f = 0.1 or f = 2: false
f = any (array[0.1, 2]): false" ]]
