#!/usr/bin/env bash
# libpg_query refuses a statement that PostgreSQL accepts: a string constant continued on the next
# line with a comment between its parts.
#
# PostgreSQL joins string constants that only white space with a line end separates, and its
# scanner counts a comment as white space there. libpg_query is described as PostgreSQL's own
# parser, but its scanner wants to keep comments as tokens, and so it ends the string at the comment:
# "syntax error at or near "'b'"". Without the comment both give 'ab'. Whoever cuts scripts by
# PostgreSQL's rules and then parses the parts with libpg_query sees this difference, as does every
# formatter or linter that is built on it.
#
# Seen with libpg-query 17.7.4 against PGlite 0.5.17 (PostgreSQL 18.7). The C library 15-4.0.0 that
# Debian 12 ships answers the same.
# Needs node and npm. Ends with 1 if the behaviour is another.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
npm install --prefix "$PWD" --no-audit --no-fund --silent libpg-query@17.7.4 @electric-sql/pglite@0.5.17 >/dev/null
cat >compare.mjs <<'JS'
import { createRequire } from "node:module";
import { PGlite } from "@electric-sql/pglite";
const parser = createRequire(import.meta.url)("libpg-query");
await parser.loadModule?.();
const db = new PGlite();
for (const statement of ["select 'a'\n 'b' as v", "select 'a' -- note\n 'b' as v"]) {
  const postgres = (await db.query(statement)).rows[0].v;
  let parsed;
  try {
    const tree = await parser.parse(statement);
    parsed = tree.stmts[0].stmt.SelectStmt.targetList[0].ResTarget.val.A_Const.sval.sval;
  } catch (error) {
    parsed = error.message;
  }
  console.log(`${JSON.stringify(statement)}: PostgreSQL ${postgres}, libpg_query ${parsed}`);
}
JS
seen=$(node compare.mjs)
printf '%s\n' "$seen"
[[ $seen == "\"select 'a'\\n 'b' as v\": PostgreSQL ab, libpg_query ab
\"select 'a' -- note\\n 'b' as v\": PostgreSQL ab, libpg_query syntax error at or near \"'b'\"" ]]
