#include "mockserver/testdouble/strict.h"

#include <google/protobuf/message.h>
#include <google/protobuf/unknown_field_set.h>

#include <algorithm>
#include <set>
#include <string_view>

#include "proto/base/request_options.h"
#include "proto/base/utf8.h"

namespace tql::testdouble {
namespace {

using service::Evidence;
using service::StatementCoverage;
using service::Support;

constexpr std::size_t kMostUnknown = 20;  // fields or keys that are reported for a request

mockpb::Settings::Evidence LevelOf(Evidence evidence) {
  switch (evidence) {
    case Evidence::kDocumented:
      return mockpb::Settings::DOCUMENTED;
    case Evidence::kClient:
      return mockpb::Settings::CLIENT;
    case Evidence::kSample:
      return mockpb::Settings::SAMPLE;
    case Evidence::kInferred:
      break;
  }
  return mockpb::Settings::INFERRED;
}

std::string NameOf(const StatementCoverage& row) {
  return std::string(row.statement) +
         (row.clause.empty() ? "" : " with " + std::string(row.clause));
}

/// Appends an objection if the evidence is below what is required.
void CheckEvidence(const std::string& name, Evidence evidence, mockpb::Settings::Evidence required,
                   Objections& objections) {
  const mockpb::Settings::Evidence level = LevelOf(evidence);
  if (level >= required) return;
  objections.push_back("the evidence for " + name + " is " +
                       mockpb::Settings::Evidence_Name(level) + ", required " +
                       mockpb::Settings::Evidence_Name(required));
}

std::string WithNote(std::string text, std::string_view note) {
  return note.empty() ? text : text + ": " + std::string(note);
}

void CollectUnknown(const google::protobuf::Message& message, const std::string& path,
                    std::vector<std::string>& found) {
  const google::protobuf::Reflection& reflection = *message.GetReflection();
  const auto& unknown = reflection.GetUnknownFields(message);
  std::set<int> numbers;
  for (int i = 0; i < unknown.field_count(); ++i) numbers.insert(unknown.field(i).number());
  for (const int number : numbers) {
    if (found.size() < kMostUnknown) found.push_back(path + std::to_string(number));
  }
  std::vector<const google::protobuf::FieldDescriptor*> fields;
  reflection.ListFields(message, &fields);
  for (const auto* field : fields) {
    if (field->cpp_type() != google::protobuf::FieldDescriptor::CPPTYPE_MESSAGE) continue;
    const std::string inner = path + field->name() + ".";
    if (!field->is_repeated()) {
      CollectUnknown(reflection.GetMessage(message, field), inner, found);
      continue;
    }
    for (int i = 0; i < reflection.FieldSize(message, field) && found.size() < kMostUnknown; ++i) {
      CollectUnknown(reflection.GetRepeatedMessage(message, field, i), inner, found);
    }
  }
}

}  // namespace

Objections ObjectionsTo(const dialect::Statement& statement, mockpb::Settings::Evidence required) {
  Objections objections;
  for (const StatementCoverage* const row : service::CoverageOf(statement)) {
    CheckEvidence(NameOf(*row), row->evidence, required, objections);
    if (row->support == Support::kNoEffect) {
      objections.push_back(WithNote(NameOf(*row) + " has no effect", row->note));
    }
  }
  return objections;
}

Objections ObjectionsTo(std::span<const OptionValue> options, mockpb::Settings::Evidence required) {
  Objections objections;
  for (const OptionValue& option : options) {
    const auto row =
        std::ranges::find(base::kRequestOptions, option.path,
                          [](const base::RequestOption& known) { return known.path(); });
    if (row == base::kRequestOptions.end()) continue;
    CheckEvidence("the option " + option.path, service::kOptionEvidence, required, objections);
    if (!row->test.empty()) continue;
    objections.push_back(WithNote("the option " + option.path + " has no effect", row->effect));
  }
  return objections;
}

Objections ObjectionsTo(std::span<const service::ParameterCoverage> parameters,
                        mockpb::Settings::Evidence required) {
  Objections objections;
  for (const service::ParameterCoverage& parameter : parameters) {
    const std::string name = "the parameter " + std::string(parameter.name);
    CheckEvidence(name, parameter.evidence, required, objections);
    if (parameter.support != Support::kNoEffect) continue;
    objections.push_back(WithNote(name + " has no effect", parameter.note));
  }
  return objections;
}

Objections ObjectionsToCall(std::string_view call, Evidence evidence,
                            mockpb::Settings::Evidence required) {
  constexpr std::size_t kMostShown = 200;
  Objections objections;
  CheckEvidence(base::Excerpt(call, kMostShown), evidence, required, objections);
  return objections;
}

Objections ObjectionsToKeys(std::span<const std::string> unknown) {
  constexpr std::size_t kMostShown = 100;
  Objections objections;
  for (const std::string& key : unknown.first(std::min(unknown.size(), kMostUnknown))) {
    objections.push_back("the request has the unknown key " + base::Excerpt(key, kMostShown));
  }
  return objections;
}

std::vector<std::string> UnknownFieldsOf(const google::protobuf::Message& message) {
  std::vector<std::string> found;
  CollectUnknown(message, "", found);
  return found;
}

bool HasDefaultLimit(const dialect::Statement& statement, const pb::TqlOptions* options) {
  const auto* const select = statement.as<dialect::Select>();
  if (select == nullptr || select->query.limit) return false;
  const dialect::SelectCore* const core = select->query.simple();
  if (core != nullptr && (core->top || !core->into.empty())) return false;
  if (options == nullptr) return true;
  const auto& query = options->query_options();
  return !query.has_query_results_apply_top_row_count() && !query.query_row_count_only();
}

std::string ObjectionToCut(std::uint64_t rows) {
  return "the result was cut to " + std::to_string(rows) +
         " rows, the default maximum: use TOP, LIMIT or the option "
         "query_options.query_results_apply_top_row_count";
}

}  // namespace tql::testdouble
