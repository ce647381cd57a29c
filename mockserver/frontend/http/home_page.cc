// GET /: what the server serves, for people.
#include <string>
#include <string_view>
#include <utility>

#include "mockserver/frontend/http/tql_handler.h"

namespace tql::frontend {
namespace {

constexpr std::string_view kBeforeThena =
    R"(<!DOCTYPE html>
<html lang="en"><meta charset="utf-8"><title>tqlmockd</title>
<h1>tqlmockd</h1>
<p>A mock of ThoughtSpot's services and of Thena's. Every port for HTTP and HTTPS serves all but the
last of these:
<table>
<tr><th>service<th>paths
<tr><td>TQL<td><code>/ts_dataservice/v1/public/tql/query</code>, <code>…/tql/script</code>,
<code>…/tql/tokens/static</code>, <code>…/tql/tokens/dynamic</code>
<tr><td>tsload<td><code>/ts_dataservice/v1/public/loads</code>, <code>…/session</code>,
<code>…/ping</code>
<tr><td>REST API v1<td><code>/callosum/v1/tspublic/v1/…</code>, <code>/tspublic/v1/…</code>, for
sessions also <code>/callosum/v1/…</code>
<tr><td>REST API v2<td><code>/api/rest/2.0/…</code>
<tr><td>control interface<td><a href="/mock"><code>/mock</code></a>, for clients on this machine
<tr><td>Thena's REST API<td>)";

constexpr std::string_view kNoThena = "off (<code>--thena HOST:PORT</code>)";

constexpr std::string_view kAfterThena =
    R"(
</table>
<ul>
<li><a href="/mock/coverage">Coverage</a>: statements, options, loads, calls of REST and of Thena,
and how each is known
<li><a href="/mock/plan">Plan</a>: the rules that change answers
<li><a href="/mock/journal">Journal</a>: the calls and statements that were received
<li><a href="/mock/world">World</a>: users, Liveboards and other objects of the REST API
<li><a href="/healthz">Health</a>
</ul>
</html>
)";

}  // namespace

HttpResponse TqlHandler::Home(const Call& call) {
  std::string page(kBeforeThena);
  if (thena_url_.empty()) {
    page += kNoThena;
  } else {
    page.append("<code>").append(thena_url_).append("/rest/v2/…</code>, a port of its own");
  }
  page += kAfterThena;
  HttpResponse response = Answer(call, std::move(page));
  if (response.status == 200) response.content_type = "text/html; charset=utf-8";
  return response;
}

}  // namespace tql::frontend
