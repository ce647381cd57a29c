#!/usr/bin/env bash
# A REAL column of SQLite does not keep -0.0, although SQLite stores IEEE 754 doubles.
#
# To save space SQLite writes a real that is a whole number as an integer into columns of REAL
# affinity and converts it back when it is read; -0.0 becomes 0 on the way, and comes back as 0.0.
# STRICT makes no difference. A column without a type, or of type ANY in a STRICT table, keeps the
# sign. So what is bound is not what is read, and 1/x, atan2 or a text made of it differ.
#
# Seen with sql.js 1.17.0 (SQLite 3.54.1), and with 3.40.1: REAL 0, REAL in STRICT 0, ANY -0, untyped -0.
# Needs node and npm. Ends with 1 if the behaviour is another.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
npm install --prefix "$PWD" --no-audit --no-fund --silent sql.js@1.17.0 >/dev/null
cat >zeros.cjs <<'JS'
require("sql.js")().then((SQL) => {
  const db = new SQL.Database();
  // A literal -0.0 is 0.0 by itself; a product has the sign.
  for (const table of ["(v REAL)", "(v REAL) STRICT", "(v ANY) STRICT", "(v)"]) {
    db.run(`DROP TABLE IF EXISTS t; CREATE TABLE t ${table}; INSERT INTO t SELECT -1.0 * 0.0`);
    const read = db.exec("SELECT v FROM t")[0].values[0][0];
    console.log(`${table}: ${Object.is(read, -0) ? "-0" : read}`);
  }
});
JS
seen=$(node zeros.cjs)
printf '%s\n' "$seen"
[[ $seen == "(v REAL): 0
(v REAL) STRICT: 0
(v ANY) STRICT: -0
(v): -0" ]]
