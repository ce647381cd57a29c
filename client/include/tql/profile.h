/// \file
/// The sources of connection settings and their precedence.
///
/// Each setting is taken from the first source that provides it:
///
/// ```text
/// 1. the program                 Options; usually the program's command line
/// 2. the URL                     tql://user@host/database?timeout=30s
/// 3. the environment             TQL_URL, TQL_USER, …
/// 4. the profile                 a section of a file
/// 5. the default                 documented with the member of Options
///
/// setting          Options          URL               environment      profile
/// -------          -------          ---               -----------      -------
/// profile          profile                            TQL_PROFILE
/// URL              Connect's url                      TQL_URL          url
/// user             user             user@             TQL_USER         user
/// password         credentials                        TQL_PASSWORD     password_file
/// database         database         /database         TQL_DATABASE     database
/// schema           schema           schema=           TQL_SCHEMA       schema
/// query timeout    query_timeout    timeout=          TQL_TIMEOUT      timeout
/// connect timeout  connect_timeout  connect_timeout=                   connect_timeout
/// trusted CAs      tls.ca_file      cacert=           TQL_CACERT       cacert
/// insecure         tls.insecure     insecure=                          insecure
/// proxy            proxy            proxy=            https_proxy, …
/// ```
///
/// In Options an empty string, a timeout that equals its default and insecure = false count as not
/// set; so does an empty environment variable. The parts of a URL from the environment or a profile
/// have the precedence of that source, below its other settings, not that of source 2. The
/// environment variables for proxies are documented with Options::proxy.
#ifndef TQL_PROFILE_H_
#define TQL_PROFILE_H_

#include "tql/cxx20.h"

#include <string>
#include <string_view>

#include "tql/options.h"
#include "tql/status.h"
#include "tql/url.h"

namespace tql {

/// One section of a profile file. An empty string means that the setting is not present.
///
/// ```ini
/// # a comment
/// [production]
/// url = tql://tsadmin@falcon1:8443,falcon2:8443/sales
/// password_file = /home/me/.tql-password
/// timeout = 2m
/// ```
///
/// The keys are the members of this struct. Values have the syntax of the corresponding part or
/// parameter of the URL, without percent-encoding. Lines that begin with # or ; are comments. A
/// section, and a key within a section, may occur once. A byte order mark at the start of the file
/// is ignored.
///
/// Passwords are not stored in a profile; password_file names a file that only its owner can read
/// and write. Both files must belong to this user or to root. A profile file that other users can
/// write is rejected, because it determines the host that the password is sent to.
struct Profile {
  std::string url = {};
  std::string user = {};
  std::string password_file = {};
  std::string database = {};
  std::string schema = {};
  std::string timeout = {};
  std::string connect_timeout = {};
  std::string cacert = {};
  std::string insecure = {};
};

/// Returns `$XDG_CONFIG_HOME/tql/profiles` if that variable holds an absolute path, otherwise
/// `$HOME/.config/tql/profiles`; empty if neither variable is set. Reads the environment.
std::string DefaultProfileFile();

/// Reads the section [name] of `file`.
///
/// Errors: NOT_FOUND if the file or the section does not exist; INVALID_ARGUMENT with a message
/// "FILE:LINE: reason" for a syntax error; FAILED_PRECONDITION if `file` is not a regular file or
/// other users can write it.
///
/// Thread safety: may be called from any thread.
StatusOr<Profile> ReadProfile(const std::string& name, const std::string& file);

/// The URL and the options of a connection, with all sources applied.
struct Target {
  Url url = Url();
  Options options = Options();
};

/// Applies the sources above to `url` and `options`. If `url` is empty, the URL of the environment
/// or the profile is used, and `default_url` if neither provides one. Client::Connect calls it
/// first; call it directly to inspect or display the resolved settings.
///
/// Errors: INVALID_ARGUMENT if no source provides a URL, or for an invalid value, with its source;
/// the errors of ReadProfile.
///
/// Thread safety: may be called from any thread, as long as no thread changes the environment.
StatusOr<Target> ResolveTarget(std::string_view url, Options options,
                               std::string_view default_url = {});

}  // namespace tql

#endif  // TQL_PROFILE_H_
