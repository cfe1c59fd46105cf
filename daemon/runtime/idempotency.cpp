#include "runtime/idempotency.hpp"

#include "runtime/sha256.hpp"

namespace reeld {
namespace {

// Not the device: it may have another number after a reboot.
std::string describe(const FileIdentity& file) {
  return std::to_string(file.inode) + ":" + std::to_string(file.size) + ":" + std::to_string(file.mtime_ns);
}

}  // namespace

std::string make_idempotency_key(const std::string& spool_uuid, const PairIdentity& pair,
                                 std::uint32_t keys) {
  const std::string digest = hash_text(spool_uuid + "/" + describe(pair.prompt) + "/" + describe(pair.image) +
                                       "/" + std::to_string(keys));
  // RFC 9562, version 8: made by a rule of the application's own.
  return digest.substr(0, 8) + "-" + digest.substr(8, 4) + "-8" + digest.substr(13, 3) + "-a" +
         digest.substr(17, 3) + "-" + digest.substr(20, 12);
}

}  // namespace reeld
