#include "mockserver/rest/parameters.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>

namespace tql::rest {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;

const Endpoint& EndpointAt(std::string_view method, std::string_view path) {
  for (const auto endpoints : {V1Endpoints(), V2Endpoints()}) {
    for (const Endpoint& endpoint : endpoints) {
      if (endpoint.method == method && endpoint.path == path) return endpoint;
    }
  }
  ADD_FAILURE() << "no endpoint " << method << ' ' << path;
  return V1Endpoints().front();
}

std::vector<std::string_view> NamesOf(std::string_view method, std::string_view path) {
  std::vector<std::string_view> names;
  for (const auto& parameter : ParametersOf(EndpointAt(method, path))) {
    names.push_back(parameter.name);
  }
  return names;
}

TEST(ParametersTest, OfAnEndpoint) {
  EXPECT_THAT(NamesOf("GET", "user"), ElementsAre("userid", "name"));
  EXPECT_THAT(NamesOf("GET", "session/orgs"), ElementsAre("offset", "batchsize"));
  EXPECT_THAT(NamesOf("PUT", "session/orgs"), ElementsAre("orgid"));
  EXPECT_THAT(NamesOf("GET", "session/info"), IsEmpty());
}

TEST(ParametersTest, NoNameTwice) {
  for (const auto endpoints : {V1Endpoints(), V2Endpoints()}) {
    for (const Endpoint& endpoint : endpoints) {
      std::vector<std::string_view> names = NamesOf(endpoint.method, endpoint.path);
      std::ranges::sort(names);
      EXPECT_EQ(std::ranges::adjacent_find(names), names.end()) << endpoint.path;
    }
  }
}

TEST(ParametersTest, OfARequest) {
  Params params;
  for (const char* const name : {"name", "nam", "name", "nam"}) params.Add(name, "x");
  const Endpoint& user = EndpointAt("GET", "user");
  const auto known = KnownParameters(user, params);
  ASSERT_EQ(known.size(), 1U);
  EXPECT_EQ(known[0].name, "name");
  EXPECT_EQ(known[0].evidence, service::Evidence::kDocumented);
  EXPECT_THAT(UnknownParameters(user, params), ElementsAre("nam"));
}

}  // namespace
}  // namespace tql::rest
