// What strict mode objects to, in sentences for the journal.
#ifndef TQLKIT_MOCKSERVER_TESTDOUBLE_STRICT_H_
#define TQLKIT_MOCKSERVER_TESTDOUBLE_STRICT_H_

#include <cstdint>
#include <span>
#include <string>
#include <vector>

#include "mockserver/dialect/ast.h"
#include "mockserver/service/coverage.h"
#include "mockserver/testdouble/messages.h"
#include "mockserver/testdouble/option_values.h"

namespace google::protobuf {
class Message;
}  // namespace google::protobuf

namespace tql::testdouble {

using Objections = std::vector<std::string>;

/// To the clauses of a statement: those of which less is known than required, and those that have
/// no effect.
Objections ObjectionsTo(const dialect::Statement& statement, mockpb::Settings::Evidence required);
/// To options of which less is known than required, and those that have no effect.
Objections ObjectionsTo(std::span<const OptionValue> options, mockpb::Settings::Evidence required);
/// To parameters of which less is known than required, and those that have no effect.
Objections ObjectionsTo(std::span<const service::ParameterCoverage> parameters,
                        mockpb::Settings::Evidence required);
/// To a call, e.g. "GET /path", of which less is known than required.
Objections ObjectionsToCall(std::string_view call, service::Evidence evidence,
                            mockpb::Settings::Evidence required);
/// To the keys of a request of this type that it does not know.
Objections ObjectionsToKeys(std::span<const std::string> unknown);
/// The numbers of the fields that a message has beyond its type, as paths.
std::vector<std::string> UnknownFieldsOf(const google::protobuf::Message& message);

/// Whether this is a SELECT that returns rows, and whose maximum of rows the client did not choose.
/// `options` may be null.
bool HasDefaultLimit(const dialect::Statement& statement, const pb::TqlOptions* options);
/// To a result that was cut to so many rows.
std::string ObjectionToCut(std::uint64_t rows);

}  // namespace tql::testdouble

#endif  // TQLKIT_MOCKSERVER_TESTDOUBLE_STRICT_H_
