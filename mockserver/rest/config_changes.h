// Changes of the configuration: the parameter of admin/configinfo/update.
#ifndef TQLKIT_MOCKSERVER_REST_CONFIG_CHANGES_H_
#define TQLKIT_MOCKSERVER_REST_CONFIG_CHANGES_H_

#include <string_view>

#include "mockserver/world/world.h"
#include "tql/status.h"

namespace tql::rest {

/// Applies changes to a configuration: an object of JSON whose keys may be paths, such as
/// "sharingConfiguration.enableVizSharing". Objects are merged, everything else is replaced. Each
/// value becomes an override, too. INVALID_ARGUMENT for another form, and the configuration is then
/// undefined.
Status ApplyConfigChanges(std::string_view changes, worldpb::Config* config);

}  // namespace tql::rest

#endif  // TQLKIT_MOCKSERVER_REST_CONFIG_CHANGES_H_
