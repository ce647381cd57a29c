#!/usr/bin/env bash
# SQLite up to the 3.40 that Debian 12 ships loses all rows of a RIGHT JOIN whose left side holds a
# LEFT JOIN with a constant false ON followed by an INNER JOIN on the empty side.
#
# `x RIGHT JOIN d ON TRUE` returns each row of d at least once, whatever x is. Over
#   k a LEFT JOIN k b ON FALSE JOIN k c ON b.k = c.k
# SQLite 3.39.3 returns none. The inner join makes the LEFT JOIN an inner one, its constant ON then
# joins the WHERE clause of the whole statement, and there it also discards the rows of d. The same
# ON written with a column (a.k = 5) gives the right answer, as do a sub-query around the left
# side, and 3.44.2. A generator of SQL for SQLite must not print constants in ON below a
# RIGHT or FULL JOIN.
#
# Seen with sql.js 1.8.0 (SQLite 3.39.3): 0, 1, 1.  With sql.js 1.9.0 (SQLite 3.44.2): 1, 1, 1.
# Needs node and npm. Ends with 1 if the behaviour is another.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
cat >counts.cjs <<'JS'
require(process.argv[2] + "/node_modules/sql.js")().then((SQL) => {
  const db = new SQL.Database();
  db.run("CREATE TABLE k (k INTEGER); INSERT INTO k VALUES (1)");
  const left = (on) => `k a LEFT JOIN k b ON ${on} JOIN k c ON b.k = c.k`;
  const count = (from) => db.exec(`SELECT count(*) FROM ${from} RIGHT JOIN k d ON TRUE`)[0].values[0][0];
  const counts = [count(left("FALSE")), count(left("a.k = 5")), count(`(SELECT a.k FROM ${left("FALSE")}) x`)];
  console.log(db.exec("SELECT sqlite_version()")[0].values[0][0] + ": " + counts.join(", "));
});
JS
seen=
for version in 1.8.0 1.9.0; do
  mkdir "$version"
  npm install --prefix "$PWD/$version" --no-audit --no-fund --silent "sql.js@$version" >/dev/null
  seen+=$(node counts.cjs "$PWD/$version")$'\n'
done
printf '%s' "$seen"
[[ $seen == $'3.39.3: 0, 1, 1\n3.44.2: 1, 1, 1\n' ]]
