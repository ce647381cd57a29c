/// \file
/// Where the settings of a connection come from, and which of them wins.
///
/// From strongest to weakest; each setting by itself:
///
/// ```text
/// 1. what the program says       Options: its command line, usually
/// 2. the URL                     tql://user@host/database?timeout=30s
/// 3. the environment             TQL_URL, TQL_USER, …
/// 4. the profile                 a section of a file
/// 5. the default                 written beside the member of Options
///
/// setting    Options           URL              environment      profile
/// -------    -------           ---              -----------      -------
/// (profile)  profile                            TQL_PROFILE
/// (place)    Connect's url                      TQL_URL          url
/// user       user              user@            TQL_USER         user
/// password   credentials                        TQL_PASSWORD     password_file
/// database   database          /database        TQL_DATABASE     database
/// schema     schema            schema=          TQL_SCHEMA       schema
/// time       query_timeout     timeout=         TQL_TIMEOUT      timeout
/// connecting connect_timeout   connect_timeout=                  connect_timeout
/// trust      tls.ca_file       cacert=          TQL_CACERT       cacert
/// insecure   tls.insecure      insecure=                         insecure
/// proxy      proxy             proxy=           https_proxy, …
/// ```
///
/// An empty text, a time that is the default and insecure = false in Options, and an empty
/// environment variable, say nothing. A URL in a profile or in the environment counts as that, not
/// as the URL of 2. Options::proxy describes the variables of proxies; it reads them, the others
/// are read here.
#ifndef TQL_PROFILE_H_
#define TQL_PROFILE_H_

#include "tql/cxx20.h"

#include <string>
#include <string_view>

#include "tql/options.h"
#include "tql/status.h"
#include "tql/url.h"

namespace tql {

/// One section of the file of profiles. An empty text says nothing.
///
/// ```ini
/// # a comment
/// [production]
/// url = tql://tsadmin@falcon1:8443,falcon2:8443/sales
/// password_file = /home/me/.tql-password
/// timeout = 2m
/// ```
///
/// Keys: url, user, password_file, database, schema, timeout, connect_timeout, cacert, insecure.
/// Their values are those of the URL's parts and parameters, without percent-encoding. A password
/// has no place in it: password_file names a file that nobody but its owner may read or write. The
/// file of profiles itself is refused when others may write it: it says whom a password is sent to.
/// A section, and a key in it, is there once. A byte order mark at the start of the file is
/// skipped.
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

/// `$XDG_CONFIG_HOME/tql/profiles`, else `$HOME/.config/tql/profiles`; empty without either.
std::string DefaultProfileFile();

/// The section [name] of `file`. NOT_FOUND when there is no such file or section; INVALID_ARGUMENT,
/// as "FILE:LINE: why", for a file that is no such file; FAILED_PRECONDITION for one that others
/// may write. Thread safety: any thread.
StatusOr<Profile> ReadProfile(const std::string& name, const std::string& file);

/// Where to connect, and how, with everything above resolved.
struct Target {
  Url url = Url();
  Options options = Options();
};

/// A Target from all sources. `url` may be empty, for the environment's or the profile's.
/// INVALID_ARGUMENT when there is none, or for a value that is not what it should be, with its
/// source; the errors of ReadProfile. What Client::Connect does first, for programs that want to
/// see or show it. It reads the environment, so no thread may change that meanwhile.
StatusOr<Target> ResolveTarget(std::string_view url, Options options);

}  // namespace tql

#endif  // TQL_PROFILE_H_
