#!/bin/sh
# A loader in the shell, to be checked in wire depth: executes each line of $TQL_STATEMENTS with curl.
#   tqlconform client --adapter wire -- sh wire.sh
set -eu

cookies=$(mktemp)
trap 'rm -f "$cookies"' EXIT

call() {
  curl --silent --show-error --fail --max-time "$TQL_TIMEOUT" --noproxy '*' \
    ${TQL_CACERT:+--cacert "$TQL_CACERT"} --cookie-jar "$cookies" --cookie "$cookies" "$@"
}

# The text of a string of JSON.
quote() {
  printf '%s' "$1" | sed -e 's/\\/\\\\/g' -e 's/"/\\"/g' -e 's/\t/\\t/g'
}

call --output /dev/null --data-urlencode "username=$TQL_USER" --data-urlencode "password=$TQL_PASSWORD" \
  "$TQL_URL/callosum/v1/session/login"
printf '%s\n' "$TQL_STATEMENTS" | while IFS= read -r statement; do
  body="{\"context\":{\"server_schema_version\":-1},\"query\":{\"statement\":\"$(quote "$statement")\"}}"
  printf '%s' "$body" | call --data-binary @- "$TQL_URL/ts_dataservice/v1/public/tql/query"
done
