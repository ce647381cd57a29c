// A GET of the services beside TQL, as a step of a recipe.
#ifndef TQLKIT_TESTS_INTEGRATION_GET_STEP_H_
#define TQLKIT_TESTS_INTEGRATION_GET_STEP_H_

#include <string>
#include <string_view>

namespace tql::testing {

/// The HTTP status of a GET of the REST API with a new session of this user, e.g. "200"; "no
/// answer" if the connection ends before. A body without the text `has` follows the status.
std::string GetRest(const std::string& url, const std::string& path, const std::string& user,
                    std::string_view has);
/// The same of Thena's API in a namespace.
std::string GetThena(const std::string& url, const std::string& path, const std::string& space,
                     std::string_view has);

}  // namespace tql::testing

#endif  // TQLKIT_TESTS_INTEGRATION_GET_STEP_H_
