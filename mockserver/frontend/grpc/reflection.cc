#include "mockserver/frontend/grpc/reflection.h"

#include <google/protobuf/descriptor.h>
#include <google/protobuf/descriptor.pb.h>

#include <set>

#include "tql/wire/service_descriptors.h"
#include "tqlkit/reflection.pb.h"

namespace tql::frontend {
namespace {

namespace wire = tqlkit::reflection;
using google::protobuf::FileDescriptor;
using google::protobuf::FileDescriptorProto;

/// The files of ServiceDescriptors() in a separate pool, because the program that embeds this
/// server may register the public files itself.
class ServedFiles {
 public:
  ServedFiles() {
    google::protobuf::FileDescriptorSet set;
    const std::string_view bytes = ServiceDescriptors();
    set.ParseFromArray(bytes.data(), static_cast<int>(bytes.size()));
    for (const FileDescriptorProto& proto : set.file()) {
      const FileDescriptor* const file = pool_.BuildFile(proto);
      for (int i = 0; file != nullptr && i < file->service_count(); ++i) {
        services_.insert(file->service(i)->full_name());
      }
    }
  }

  const google::protobuf::DescriptorPool& pool() const { return pool_; }
  const std::set<std::string>& services() const { return services_; }

 private:
  google::protobuf::DescriptorPool pool_;
  std::set<std::string> services_;
};

void SetError(StatusCode code, const std::string& message, wire::ServerReflectionResponse& answer) {
  answer.mutable_error_response()->set_error_code(static_cast<int>(code));
  answer.mutable_error_response()->set_error_message(message);
}

void AddFile(const FileDescriptor& file, std::set<const FileDescriptor*>& added,
             wire::FileDescriptorResponse& files) {
  if (!added.insert(&file).second) return;
  FileDescriptorProto proto;
  file.CopyTo(&proto);
  files.add_file_descriptor_proto(proto.SerializeAsString());
  for (int i = 0; i < file.dependency_count(); ++i) AddFile(*file.dependency(i), added, files);
}

void SetFile(const FileDescriptor* file, const std::string& what,
             wire::ServerReflectionResponse& answer) {
  if (file == nullptr) return SetError(StatusCode::kNotFound, "unknown " + what, answer);
  std::set<const FileDescriptor*> added;
  AddFile(*file, added, *answer.mutable_file_descriptor_response());
}

void Fill(const wire::ServerReflectionRequest& request, wire::ServerReflectionResponse& answer) {
  using Request = wire::ServerReflectionRequest;
  static const ServedFiles files;
  switch (request.message_request_case()) {
    case Request::kFileByFilename:
      return SetFile(files.pool().FindFileByName(request.file_by_filename()),
                     "file: " + request.file_by_filename(), answer);
    case Request::kFileContainingSymbol:
      return SetFile(files.pool().FindFileContainingSymbol(request.file_containing_symbol()),
                     "symbol: " + request.file_containing_symbol(), answer);
    case Request::kFileContainingExtension:  // the services have none
      return SetError(
          StatusCode::kNotFound,
          "unknown extension of " + request.file_containing_extension().containing_type(), answer);
    case Request::kAllExtensionNumbersOfType: {
      const std::string& type = request.all_extension_numbers_of_type();
      if (files.pool().FindMessageTypeByName(type) == nullptr) {
        return SetError(StatusCode::kNotFound, "unknown type: " + type, answer);
      }
      return answer.mutable_all_extension_numbers_response()->set_base_type_name(type);
    }
    case Request::kListServices:
      for (const std::string& name : files.services()) {
        answer.mutable_list_services_response()->add_service()->set_name(name);
      }
      return;
    case Request::MESSAGE_REQUEST_NOT_SET:
      return SetError(StatusCode::kInvalidArgument,
                      "the request has no message_request of a known kind", answer);
  }
}

}  // namespace

StatusOr<std::string> AnswerReflection(const std::string& request) {
  wire::ServerReflectionResponse answer;
  if (!answer.mutable_original_request()->ParseFromString(request)) {
    return InvalidArgumentError("the request is not a ServerReflectionRequest");
  }
  answer.set_valid_host(answer.original_request().host());
  Fill(answer.original_request(), answer);
  return answer.SerializeAsString();
}

}  // namespace tql::frontend
