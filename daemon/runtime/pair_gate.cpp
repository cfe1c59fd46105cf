#include "runtime/pair_gate.hpp"

namespace reeld {
namespace {

/// Both by the open file (written in place) and by its name (replaced, taken away).
bool is_unchanged(int folder_fd, const std::string& name, const OpenFile& file) {
  const auto open_now = identify(file.fd.get(), name);
  const auto named_now = identify_beneath(folder_fd, name);
  const auto* const open_identity = std::get_if<FileIdentity>(&open_now);
  const auto* const named_identity = std::get_if<FileIdentity>(&named_now);
  return open_identity != nullptr && named_identity != nullptr && *open_identity == file.identity &&
         *named_identity == file.identity;
}

}  // namespace

boost::asio::awaitable<std::optional<std::string>> PairGate::pass() {
  const int folder = snapshot_.folder.get();
  for (const auto& [name, file] :
       {std::pair<const std::string&, const OpenFile&>{pair_.prompt_name, snapshot_.prompt_file},
        std::pair<const std::string&, const OpenFile&>{pair_.image_name, snapshot_.image_file}}) {
    if (is_unchanged(folder, name, file)) continue;
    has_pair_changed_ = true;
    co_return name + " changed while it was sent";
  }
  if (!state_.is_open) co_return "reeld is stopping";
  has_passed_ = true;
  ++state_.awaiting;
  co_return std::nullopt;
}

}  // namespace reeld
