#include "tools/tqlconform/suite/features.h"

#include <algorithm>

namespace tqlconform {
namespace {

constexpr Feature kFeatures[] = {
    {"questions", "asks before a statement deletes what others depend on"},
    {"progress", "reports the progress of long statements"},
    {"multipart", "takes a script as multipart/form-data"},
    {"script_guids", "prints and takes guids in scripts"},
    {"row_count_only", "query_row_count_only"},
    {"select_into", "SELECT … INTO"},
    {"postgres_parser", "use_postgres_sql_parser"},
    {"proto_script", "scripts of the type PROTO_SCRIPT"},
    {"grpc_health", "the health service of gRPC"},
    {"grpc_reflection", "the reflection service of gRPC"},
    {"rest_v2_login", "the login of REST API v2"},
    {"session_info", "the calls that report the session to clients"},
    {"token_stream", "tokens in small messages over gRPC"},
    {"tsload", "the load service"},
    {"unprivileged_user", "a user without privileges (--unprivileged-user)"},
};

struct Heading {
  std::string_view ref;
  std::string_view title;
};

constexpr Heading kHeadings[] = {
    {"tql.md#1", "Lexical rules"},
    {"tql.md#2", "Data types"},
    {"tql.md#3", "Statements"},
    {"tql.md#3.1", "Statements that look: SHOW, USE, SCRIPT, HELP"},
    {"tql.md#3.2", "Statements that create"},
    {"tql.md#3.3", "Statements that drop and truncate"},
    {"tql.md#3.4", "ALTER TABLE"},
    {"tql.md#3.5", "Statements that change rows"},
    {"tql.md#3.6", "SELECT"},
    {"tql.md#4", "Semantic rules"},
    {"tql.md#5", "HTTP API"},
    {"tql.md#5.1", "Endpoints"},
    {"tql.md#5.2", "Login"},
    {"tql.md#5.3", "Requests as really sent"},
    {"tql.md#5.4", "Responses"},
    {"tql.md#5.5", "Tokens"},
    {"tql.md#5.6", "The load service"},
    {"tql.md#6", "Output text"},
    {"tql.md#6.1", "Known messages"},
    {"tql.md#6.2", "SHOW DATABASES"},
    {"tql.md#6.3", "SHOW TABLES"},
    {"tql.md#6.4", "SHOW SCHEMAS"},
    {"tql.md#6.5", "SHOW TABLE"},
    {"tql.md#6.6", "SHOW STATISTICS"},
    {"tql.md#6.7", "Output of SELECT"},
    {"tql.md#6.8", "Output of SCRIPT"},
    {"tql.md#7", "Keywords and functions"},
    {"tql.md#8", "Open questions and choices"},
    {"tql.md#9", "Later findings"},
    {"tql_service.proto", "The service over gRPC"},
    {"rest_v1.md#1", "Rules common to the endpoints of REST API v1"},
    {"rest_v1.md#2", "Session endpoints of REST API v1"},
    {"tsload.md", "The load service, as clients use it"},
    {"tsload.md#1", "Where the load service is"},
    {"tsload.md#2", "Endpoints of the load service"},
    {"tsload.md#3", "Parameters of a load"},
    {"tsload.md#4", "Status of a load"},
    {"tsload.md#5", "Life of a load cycle"},
    {"tsload.md#6", "Redirects to a node"},
};

std::string_view Document(std::string_view ref) { return ref.substr(0, ref.find('#')); }

}  // namespace

std::span<const Feature> Features() { return kFeatures; }

bool IsFeature(std::string_view name) {
  return std::ranges::find(kFeatures, name, &Feature::name) != std::end(kFeatures);
}

std::string_view TitleOfReference(std::string_view ref) {
  const auto* const found = std::ranges::find(kHeadings, ref, &Heading::ref);
  return found == std::end(kHeadings) ? std::string_view() : found->title;
}

std::string HeadingsOfDocument(std::string_view ref) {
  std::string headings;
  for (const Heading& heading : kHeadings) {
    if (Document(heading.ref) != Document(ref)) continue;
    headings.append(headings.empty() ? "" : ", ").append(heading.ref);
  }
  return headings;
}

}  // namespace tqlconform
