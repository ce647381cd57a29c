#include "proto/document/message_reader.h"

#include <google/protobuf/descriptor.h>
#include <google/protobuf/duration.pb.h>
#include <google/protobuf/message.h>
#include <google/protobuf/timestamp.pb.h>
#include <google/protobuf/util/time_util.h>

#include <charconv>
#include <cmath>
#include <limits>
#include <optional>
#include <string>
#include <vector>

#include "proto/base/text.h"
#include "proto/base/utf8.h"

namespace tql::document {
namespace {

using google::protobuf::Descriptor;
using google::protobuf::Duration;
using google::protobuf::FieldDescriptor;
using google::protobuf::Message;
using google::protobuf::Reflection;
using google::protobuf::Timestamp;
using google::protobuf::util::TimeUtil;

constexpr std::size_t kMostShown = 60;  // characters of a value in an error

std::string Found(const Node& node) {
  switch (node.kind) {
    case Node::Kind::kNull:
      return "nothing";
    case Node::Kind::kList:
      return "a list";
    case Node::Kind::kMap:
      return "a map";
    case Node::Kind::kScalar:
      break;
  }
  return '"' + base::Excerpt(node.text, kMostShown) + '"';
}

/// Standard base64, with padding.
std::optional<std::string> DecodeBase64(std::string_view text) {
  constexpr std::string_view kDigits =
      "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
  std::string digits;
  for (const char c : text) {
    if (!base::IsBlank(c)) digits += c;
  }
  if (digits.size() % 4 != 0) return std::nullopt;
  for (int padding = 0; padding < 2 && digits.ends_with('='); ++padding) digits.pop_back();
  std::string bytes;
  std::uint32_t bits = 0;
  int count = 0;
  for (const char c : digits) {
    const std::size_t value = kDigits.find(c);
    if (value == kDigits.npos) return std::nullopt;
    bits = bits << 6U | static_cast<std::uint32_t>(value);
    count += 6;
    if (count < 8) continue;
    count -= 8;
    bytes += static_cast<char>(bits >> static_cast<unsigned>(count) & 0xFFU);
  }
  return bytes;
}

/// Returns the field with this name, in snake_case or camelCase, or null for an unknown name.
const FieldDescriptor* FieldOf(const Descriptor& type, const std::string& name) {
  const FieldDescriptor* const field = type.FindFieldByName(name);
  return field != nullptr ? field : type.FindFieldByCamelcaseName(name);
}

class MessageReader {
 public:
  Status Read(const Node& node, Message* message) {
    ReadFields(node, message);
    return status_;
  }

 private:
  /// Adds a part to the path of the value that is being read.
  class Part {
   public:
    Part(std::string& path, std::string_view part) : path_(path), size_(path.size()) {
      path_ += part;
    }
    ~Part() { path_.resize(size_); }
    Part(const Part&) = delete;
    Part& operator=(const Part&) = delete;

   private:
    std::string& path_;
    const std::size_t size_;
  };

  bool Fail(const Node& node, std::string_view reason) {
    const Status placed = ErrorAt(node, reason);
    status_ = path_.empty() ? placed : InvalidArgumentError(path_ + ": " + placed.message());
    return false;
  }
  bool Expected(const Node& node, std::string_view what) {
    return Fail(node, "expected " + std::string(what) + ", found " + Found(node));
  }

  bool ReadFields(const Node& node, Message* message) {
    if (message->GetDescriptor() == Duration::descriptor()) return ReadDuration(node, message);
    if (message->GetDescriptor() == Timestamp::descriptor()) return ReadTimestamp(node, message);
    if (node.kind != Node::Kind::kMap) return Expected(node, "a map");
    const Descriptor& type = *message->GetDescriptor();
    for (const auto& [key, value] : node.entries) {
      const FieldDescriptor* const field = FieldOf(type, key.text);
      if (field == nullptr) return Fail(key, UnknownKey(type, key));
      const auto* const oneof = field->real_containing_oneof();
      if (oneof != nullptr && message->GetReflection()->HasOneof(*message, oneof)) {
        const auto* const other =
            message->GetReflection()->GetOneofFieldDescriptor(*message, oneof);
        return Fail(key, "both " + other->name() + " and " + field->name() +
                             " are set; expected one of them");
      }
      const Part part(path_, (path_.empty() ? "" : ".") + field->name());
      if (!ReadField(value, message, *field)) return false;
    }
    return true;
  }

  static std::string UnknownKey(const Descriptor& type, const Node& key) {
    std::string known;
    for (int i = 0; i < type.field_count(); ++i) {
      known += (i == 0 ? "" : ", ") + type.field(i)->name();
    }
    return "unknown key \"" + base::Excerpt(key.text, kMostShown) + "\"; known are " + known;
  }

  bool ReadField(const Node& node, Message* message, const FieldDescriptor& field) {
    if (field.is_map()) return ReadMap(node, message, field);
    if (!field.is_repeated()) return ReadValue(node, message, field);
    if (node.kind != Node::Kind::kList) return Expected(node, "a list");
    for (std::size_t i = 0; i < node.items.size(); ++i) {
      const Part part(path_, "[" + std::to_string(i) + "]");
      if (!ReadValue(node.items[i], message, field)) return false;
    }
    return true;
  }

  bool ReadMap(const Node& node, Message* message, const FieldDescriptor& field) {
    if (node.kind != Node::Kind::kMap) return Expected(node, "a map");
    for (const auto& [key, value] : node.entries) {
      const Part part(path_, "[\"" + base::Excerpt(key.text, kMostShown) + "\"]");
      Message* const entry = message->GetReflection()->AddMessage(message, &field);
      const Descriptor& type = *field.message_type();
      if (!ReadValue(key, entry, *type.map_key()) || !ReadValue(value, entry, *type.map_value())) {
        return false;
      }
    }
    return true;
  }

  /// Sets a field, or adds an element to a repeated one.
  bool ReadValue(const Node& node, Message* message, const FieldDescriptor& field) {
    const Reflection& reflection = *message->GetReflection();
    const bool adds = field.is_repeated();
    if (field.cpp_type() == FieldDescriptor::CPPTYPE_MESSAGE) {
      return ReadFields(node, adds ? reflection.AddMessage(message, &field)
                                   : reflection.MutableMessage(message, &field));
    }
    switch (field.cpp_type()) {
      case FieldDescriptor::CPPTYPE_STRING: {
        std::optional<std::string> text = ReadText(node, field);
        if (!text) return false;
        adds ? reflection.AddString(message, &field, *std::move(text))
             : reflection.SetString(message, &field, *std::move(text));
        return true;
      }
      case FieldDescriptor::CPPTYPE_BOOL: {
        const bool is_true = node.text == "true";
        if (node.kind != Node::Kind::kScalar || (!is_true && node.text != "false")) {
          return Expected(node, "true or false");
        }
        adds ? reflection.AddBool(message, &field, is_true)
             : reflection.SetBool(message, &field, is_true);
        return true;
      }
      case FieldDescriptor::CPPTYPE_ENUM: {
        const auto* const value = node.kind == Node::Kind::kScalar
                                      ? field.enum_type()->FindValueByName(base::Upper(node.text))
                                      : nullptr;
        if (value == nullptr) return Expected(node, NamesOf(*field.enum_type()));
        adds ? reflection.AddEnum(message, &field, value)
             : reflection.SetEnum(message, &field, value);
        return true;
      }
      case FieldDescriptor::CPPTYPE_INT32:
        return ReadNumber<std::int32_t>(node, [&](std::int32_t value) {
          adds ? reflection.AddInt32(message, &field, value)
               : reflection.SetInt32(message, &field, value);
        });
      case FieldDescriptor::CPPTYPE_INT64:
        return ReadNumber<std::int64_t>(node, [&](std::int64_t value) {
          adds ? reflection.AddInt64(message, &field, value)
               : reflection.SetInt64(message, &field, value);
        });
      case FieldDescriptor::CPPTYPE_UINT32:
        return ReadNumber<std::uint32_t>(node, [&](std::uint32_t value) {
          adds ? reflection.AddUInt32(message, &field, value)
               : reflection.SetUInt32(message, &field, value);
        });
      case FieldDescriptor::CPPTYPE_UINT64:
        return ReadNumber<std::uint64_t>(node, [&](std::uint64_t value) {
          adds ? reflection.AddUInt64(message, &field, value)
               : reflection.SetUInt64(message, &field, value);
        });
      case FieldDescriptor::CPPTYPE_DOUBLE:
        return ReadDouble(node, [&](double value) {
          adds ? reflection.AddDouble(message, &field, value)
               : reflection.SetDouble(message, &field, value);
        });
      default:
        return Fail(node, "values of this type cannot be set by a document");
    }
  }

  std::optional<std::string> ReadText(const Node& node, const FieldDescriptor& field) {
    if (node.kind != Node::Kind::kScalar) {
      Expected(node, node.kind == Node::Kind::kNull
                         ? "a text (quote one that begins with !, &, *, - or ?; \"\" is empty)"
                         : "a text");
      return std::nullopt;
    }
    const bool is_bytes = field.type() == FieldDescriptor::TYPE_BYTES;
    if (!node.is_binary && !(node.is_json && is_bytes)) return node.text;
    std::optional<std::string> bytes = DecodeBase64(node.text);
    if (!bytes) Expected(node, "base64");
    if (bytes && !is_bytes && base::ValidTextPrefix(*bytes) != bytes->size()) {
      Fail(node, "expected a text, found bytes that are not UTF-8");
      return std::nullopt;
    }
    return bytes;
  }

  /// The value that stands for a missing one is left out.
  static std::string NamesOf(const google::protobuf::EnumDescriptor& type) {
    std::string names;
    for (int i = 0; i < type.value_count(); ++i) {
      const std::string& name = type.value(i)->name();
      if (!name.starts_with("UNSET_")) names += (names.empty() ? "" : ", ") + name;
    }
    return "one of " + names;
  }

  /// Decimal digits only: no sign but a minus, no leading zeros.
  template <typename Number, typename Set>
  bool ReadNumber(const Node& node, const Set& set) {
    Number value = 0;
    const char* const end = node.text.data() + node.text.size();
    const std::string_view digits =
        node.text.starts_with('-') ? std::string_view(node.text).substr(1) : node.text;
    const bool plain = !digits.starts_with('0') || digits.size() == 1;
    const auto [stop, error] = std::from_chars(node.text.data(), end, value);
    if (node.kind != Node::Kind::kScalar || !plain || error != std::errc() || stop != end) {
      return Expected(node, "a number from " + std::to_string(std::numeric_limits<Number>::min()) +
                                " to " + std::to_string(std::numeric_limits<Number>::max()));
    }
    set(value);
    return true;
  }

  template <typename Set>
  bool ReadDouble(const Node& node, const Set& set) {
    double value = 0;
    const char* const end = node.text.data() + node.text.size();
    const auto [stop, error] = std::from_chars(node.text.data(), end, value);
    const bool is_number = node.kind == Node::Kind::kScalar && error == std::errc() && stop == end;
    if (!is_number || !std::isfinite(value)) return Expected(node, "a number");
    set(value);
    return true;
  }

  bool ReadDuration(const Node& node, Message* message) {
    constexpr std::string_view kForm = "a duration in seconds such as 3s or 0.5s";
    const std::string& text = node.text;
    const bool form = node.kind == Node::Kind::kScalar && !text.empty() &&
                      base::IsDigit(text.front()) && text.ends_with('s');
    auto* const duration = dynamic_cast<Duration*>(message);
    if (!form || !TimeUtil::FromString(text, duration)) return Expected(node, kForm);
    return true;
  }

  bool ReadTimestamp(const Node& node, Message* message) {
    constexpr std::string_view kForm = "a time such as 2024-02-29T12:00:00Z";
    auto* const timestamp = dynamic_cast<Timestamp*>(message);
    if (node.kind != Node::Kind::kScalar || !TimeUtil::FromString(node.text, timestamp)) {
      return Expected(node, kForm);
    }
    return true;
  }

  std::string path_;
  Status status_;
};

void CollectUnknown(const Node& node, const Descriptor& type, const std::string& path,
                    std::vector<std::string>& found) {
  constexpr std::size_t kMost = 20;
  for (const Node& item : node.items) CollectUnknown(item, type, path, found);
  for (const auto& [key, value] : node.entries) {
    const FieldDescriptor* const field = FieldOf(type, key.text);
    const std::string inner = path + base::Excerpt(key.text, kMostShown);
    if (field == nullptr) {
      if (found.size() < kMost) found.push_back(inner);
    } else if (field->message_type() != nullptr && !field->is_map()) {
      CollectUnknown(value, *field->message_type(), inner + ".", found);
    }
  }
}

}  // namespace

Status ReadMessage(const Node& node, Message* message) {
  return MessageReader().Read(node, message);
}

std::vector<std::string> UnknownKeys(std::string_view text, const Descriptor& type) {
  std::vector<std::string> found;
  if (const StatusOr<Node> node = ParseJson(text); node.ok())
    CollectUnknown(*node, type, "", found);
  return found;
}

Status ReadMessage(std::string_view text, Message* message, const Limits& limits) {
  const StatusOr<Node> node = Parse(text, limits);
  if (!node.ok()) return node.status();
  return ReadMessage(*node, message);
}

}  // namespace tql::document
