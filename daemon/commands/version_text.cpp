#include "commands/version_text.hpp"

#include <openssl/crypto.h>
#include <sqlite3.h>

#include <boost/version.hpp>

namespace reeld {
namespace {

std::string describe_compiler() {
#if defined(__clang__)
  return "Clang " __clang_version__;
#else
  return "GCC " __VERSION__;
#endif
}

std::string describe_boost() {
  return "Boost " + std::to_string(BOOST_VERSION / 100'000) + "." +
         std::to_string(BOOST_VERSION / 100 % 1'000) + "." + std::to_string(BOOST_VERSION % 100);
}

}  // namespace

std::string describe_version() {
  return "reeld " REELD_VERSION " (commit " REELD_COMMIT ", " + describe_compiler() + ", " +
         describe_boost() + ", OpenSSL " + OpenSSL_version(OPENSSL_VERSION_STRING) + ", SQLite " +
         sqlite3_libversion() + ")\n";
}

}  // namespace reeld
