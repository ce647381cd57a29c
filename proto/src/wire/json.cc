#include "tql/wire/json.h"

#include <google/protobuf/descriptor.h>
#include <google/protobuf/message.h>
#include <google/protobuf/util/json_util.h>

#include <algorithm>
#include <charconv>
#include <cmath>
#include <limits>
#include <optional>
#include <utility>

#include "proto/base/json_writer.h"
#include "proto/base/text.h"
#include "tql/wire/message_utf8.h"
#include "wire/json_reader.h"

namespace tql {
namespace {

using google::protobuf::Descriptor;
using google::protobuf::EnumValueDescriptor;
using google::protobuf::FieldDescriptor;
using google::protobuf::Message;
using google::protobuf::Reflection;
using wire::JsonReader;

std::optional<std::int64_t> ToInteger(std::string_view text) {
  std::int64_t value = 0;
  const char* const end = text.data() + text.size();
  const auto [stop, error] = std::from_chars(text.data(), end, value);
  if (error == std::errc() && stop == end && !text.empty()) return value;
  // 1e3 and 7.0 are integers as well, within the range where doubles are exact.
  if (!base::IsJsonNumber(text)) return std::nullopt;
  double real = 0;
  const auto parsed = std::from_chars(text.data(), end, real);
  constexpr double kExact = 9007199254740992.0;  // 2^53
  if (parsed.ec != std::errc() || std::trunc(real) != real || std::fabs(real) > kExact) {
    return std::nullopt;
  }
  return static_cast<std::int64_t>(real);
}

/// Parses a JSON object into a message, by reflection.
class MessageReader {
 public:
  MessageReader(JsonReader& in, bool skip_unknown_enum_values)
      : in_(in), skip_unknown_enum_values_(skip_unknown_enum_values) {}

  bool ReadMessage(Message* message) {
    if (in_.Peek() != '{') return in_.FailExpected("an object");
    if (!in_.Enter()) return false;
    const Descriptor& type = *message->GetDescriptor();
    std::string key;
    in_.Take('{');
    bool more = !in_.Take('}');
    while (more) {
      if (in_.Peek() != '"') return in_.FailExpected("a key in double quotes");
      if (!in_.ReadString(&key) || !in_.Expect(':', "after a key")) return false;
      const FieldDescriptor* field = FieldOf(type, key);
      if (!(field == nullptr ? in_.SkipValue() : ReadField(message, *field))) return false;
      if (in_.Take('}')) break;
      if (!in_.Take(',')) return in_.FailExpected("',' or '}'");
    }
    in_.Leave();
    return true;
  }

 private:
  static const FieldDescriptor* FieldOf(const Descriptor& type, const std::string& key) {
    // The messages have few fields: to compare their names is faster than the lookup of a name.
    constexpr int kFew = 16;
    for (int i = 0; i < std::min(type.field_count(), kFew); ++i) {
      if (type.field(i)->name() == key) return type.field(i);
    }
    const FieldDescriptor* field = type.FindFieldByName(key);
    return field != nullptr ? field : type.FindFieldByCamelcaseName(key);
  }

  /// Consumes null if it is the next token.
  bool TakeNull(bool* is_null) {
    *is_null = in_.Peek() == 'n';
    return !*is_null || in_.SkipValue();
  }

  /// Parses the value of a field: null, a value, or an array of values.
  bool ReadField(Message* message, const FieldDescriptor& field) {
    bool is_null = false;
    if (!TakeNull(&is_null)) return false;
    if (is_null) return true;
    if (!field.is_repeated()) return ReadValue(message, field);
    if (in_.Peek() != '[') return in_.FailExpected("an array for " + field.name());
    if (!in_.Enter()) return false;
    in_.Take('[');
    bool more = !in_.Take(']');
    while (more) {
      if (!ReadElement(message, field)) return false;
      if (in_.Take(']')) break;
      if (!in_.Take(',')) return in_.FailExpected("',' or ']'");
    }
    in_.Leave();
    return true;
  }

  /// Parses an element of an array. Strings have additional forms: null and {"s":"x"}.
  bool ReadElement(Message* message, const FieldDescriptor& field) {
    if (field.cpp_type() != FieldDescriptor::CPPTYPE_STRING) return ReadValue(message, field);
    bool is_null = false;
    if (!TakeNull(&is_null)) return false;
    if (is_null) {
      message->GetReflection()->AddString(message, &field, "");
      return true;
    }
    return in_.Peek() == '{' ? ReadWrapped(message, field) : ReadValue(message, field);
  }

  /// Parses {"s":"x"}, an alternative form of the string "x".
  bool ReadWrapped(Message* message, const FieldDescriptor& field) {
    if (!in_.Enter()) return false;
    in_.Take('{');
    std::string key;
    std::string value;
    bool more = !in_.Take('}');
    while (more) {
      if (!in_.ReadString(&key) || !in_.Expect(':', "after a key")) return false;
      if (!(key == "s" && in_.Peek() == '"' ? in_.ReadString(&value) : in_.SkipValue())) {
        return false;
      }
      if (in_.Take('}')) break;
      if (!in_.Take(',')) return in_.FailExpected("',' or '}'");
    }
    in_.Leave();
    message->GetReflection()->AddString(message, &field, std::move(value));
    return true;
  }

  bool ReadValue(Message* message, const FieldDescriptor& field) {
    const Reflection& reflection = *message->GetReflection();
    if (field.cpp_type() == FieldDescriptor::CPPTYPE_MESSAGE) {
      return ReadMessage(field.is_repeated() ? reflection.AddMessage(message, &field)
                                             : reflection.MutableMessage(message, &field));
    }
    in_.Peek();
    const std::size_t place = in_.offset();
    std::string text;
    bool quoted = false;
    if (!ReadScalar(&text, &quoted)) return false;
    // Only the names of enum values may be written without quotes.
    if (!quoted && field.cpp_type() != FieldDescriptor::CPPTYPE_ENUM && text != "true" &&
        text != "false" && !base::IsJsonNumber(text)) {
      return in_.FailAt(place, "found '" + text.substr(0, 32) + "', expected " + Expected(field));
    }
    if (Store(message, field, text)) return true;
    if (skip_unknown_enum_values_ && field.cpp_type() == FieldDescriptor::CPPTYPE_ENUM &&
        (quoted || base::IsJsonNumber(text))) {
      return true;
    }
    return in_.FailAt(place, "found '" + text.substr(0, 32) + "', expected " + Expected(field));
  }

  bool ReadScalar(std::string* text, bool* quoted) {
    *quoted = in_.Peek() == '"';
    if (*quoted) return in_.ReadString(text);
    if (in_.Peek() == '{' || in_.Peek() == '[') return in_.FailExpected("a scalar value");
    std::string_view bare;
    if (!in_.ReadBare(&bare)) return false;
    *text = bare;
    return true;
  }

  /// Describes the values of a field, for error messages.
  static std::string Expected(const FieldDescriptor& field) {
    const std::string of = " for " + field.name();
    switch (field.cpp_type()) {
      case FieldDescriptor::CPPTYPE_BOOL:
        return "true or false" + of;
      case FieldDescriptor::CPPTYPE_ENUM: {
        std::string names;
        for (int i = 0; i < field.enum_type()->value_count(); ++i) {
          names += (i > 0 ? ", " : "") + field.enum_type()->value(i)->name();
        }
        return "one of " + names + of;
      }
      case FieldDescriptor::CPPTYPE_INT32:
      case FieldDescriptor::CPPTYPE_INT64:
        return "an integer" + of;
      default:
        return "a string" + of;
    }
  }

  /// Converts `text` and stores it in the field, moved if it is a string. Returns false, with the
  /// text unchanged, if it has no value of the field's type. Supports the types of fields that the
  /// service's messages have.
  static bool Store(Message* message, const FieldDescriptor& field, std::string& text) {
    const Reflection& reflection = *message->GetReflection();
    switch (field.cpp_type()) {
      case FieldDescriptor::CPPTYPE_STRING:
        if (field.is_repeated()) {
          reflection.AddString(message, &field, std::move(text));
        } else {
          reflection.SetString(message, &field, std::move(text));
        }
        return true;
      case FieldDescriptor::CPPTYPE_BOOL:
        if (text != "true" && text != "false") return false;
        reflection.SetBool(message, &field, text == "true");
        return true;
      case FieldDescriptor::CPPTYPE_INT64: {
        const auto value = ToInteger(text);
        if (value) reflection.SetInt64(message, &field, *value);
        return value.has_value();
      }
      case FieldDescriptor::CPPTYPE_INT32: {
        const auto value = ToInteger(text);
        if (!value || *value != static_cast<std::int32_t>(*value)) return false;
        reflection.SetInt32(message, &field, static_cast<std::int32_t>(*value));
        return true;
      }
      case FieldDescriptor::CPPTYPE_ENUM: {
        const EnumValueDescriptor* value = field.enum_type()->FindValueByName(text);
        const auto number = ToInteger(text);
        if (value == nullptr && number && *number == static_cast<int>(*number)) {
          value = field.enum_type()->FindValueByNumber(static_cast<int>(*number));
        }
        if (value == nullptr) return false;
        reflection.SetEnum(message, &field, value);
        return true;
      }
      default:
        return false;
    }
  }

  JsonReader& in_;
  const bool skip_unknown_enum_values_;
};

}  // namespace

std::string ToJson(const Message& message) {
  google::protobuf::util::JsonPrintOptions options;
  options.preserve_proto_field_names = true;
  std::string json;
  // Otherwise the text of a large message grows by copies of twice its size.
  const std::size_t size = message.ByteSizeLong();
  json.reserve(size + size / 8);
  if (HasValidUtf8(message)) {
    (void)google::protobuf::util::MessageToJsonString(message, &json, options);
    return json;
  }
  // JsonUtil drops invalid UTF-8 without an error, so repair it first, in a copy.
  const std::unique_ptr<Message> clean(message.New());
  clean->CopyFrom(message);
  SanitizeStrings(clean.get());
  (void)google::protobuf::util::MessageToJsonString(*clean, &json, options);
  return json;
}

Status FromJson(std::string_view text, Message* message, const JsonLimits& limits) {
  message->Clear();
  if (text.size() > limits.max_bytes) {
    return ResourceExhaustedError("found " + std::to_string(text.size()) +
                                  " bytes of JSON, expected at most " +
                                  std::to_string(limits.max_bytes));
  }
  text = base::WithoutByteOrderMark(text);
  JsonReader in(text, limits.max_depth);
  MessageReader reader(in, limits.skip_unknown_enum_values);
  if (reader.ReadMessage(message) && !in.AtEnd()) in.FailExpected("the end");
  return in.status();
}

Status ReferenceFromJson(std::string_view text, Message* message) {
  google::protobuf::util::JsonParseOptions options;
  options.ignore_unknown_fields = true;
  const auto status = google::protobuf::util::JsonStringToMessage(
      google::protobuf::StringPiece(text.data(), text.size()), message, options);
  return status.ok() ? Status() : InvalidArgumentError(std::string(status.message()));
}

}  // namespace tql
