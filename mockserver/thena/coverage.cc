#include "mockserver/thena/coverage.h"

namespace tql::thena {
namespace {

using enum service::Evidence;

constexpr EndpointCoverage kEndpoints[] = {
    {"/rest/v2/requests", kDocumented, "rows in data.results; pages with data.next_cursor"},
    {"/rest/v2/requests/v3", kDocumented, "the same"},
    {"/rest/v2/requests/{id}", kDocumented, "the request in data"},
    {"/rest/v2/requests/custom-fields", kDocumented,
     "an array in data; the names of its fields are inferred"},
    {"/rest/v2/requests/sub-status", kDocumented,
     "an array without an envelope; the names of its fields are inferred"},
    {"/rest/v2/requests/tickets", kDocumented, "an array in data"},
    {"/rest/v2/users", kDocumented,
     "all users in data; with the envelope V3, pages with data.results and next_cursor"},
    {"/rest/v2/users/{id}", kDocumented, "the user in data"},
    {"/rest/v2/contacts", kDocumented,
     "rows in data.results; pages with data.next_cursor; the names of its fields are inferred"},
    {"/rest/v2/me", kInferred, "the owner of the token in data"},
};

}  // namespace

std::span<const EndpointCoverage> EndpointsCovered() { return kEndpoints; }

}  // namespace tql::thena
