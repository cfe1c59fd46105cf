#include "commands/known_pairs.hpp"

#include <sys/stat.h>

#include "commands/check_report.hpp"
#include "sys/safe_open.hpp"

namespace reeld {

KnownPairs::KnownPairs(LedgerReader* reader, int spool_fd) : reader_(reader) {
  struct ::stat status {};
  if (reader_ == nullptr || ::fstat(spool_fd, &status) != 0) return;
  device_now_ = status.st_dev;
  const LedgerIdentity identity = reader_->read_identity();
  device_known_ = identity.uuid.empty() ? device_now_ : identity.root.device;
}

std::optional<KnownPair> KnownPairs::find(const JobName& name, const PairIdentity& found) const {
  if (reader_ == nullptr) return std::nullopt;
  PairIdentity pair = found;
  for (FileIdentity* const file : {&pair.prompt, &pair.image}) {
    if (file->device == device_now_) file->device = device_known_;
  }
  auto known = reader_->find(name, pair);
  const Welcome answer = welcome(known, name, pair);
  if (answer == Welcome::send) return std::nullopt;
  return KnownPair{std::move(*known), answer};
}

std::optional<KnownPair> KnownPairs::find(const JobName& name, int folder_fd, const StemFiles& files) const {
  if (reader_ == nullptr) return std::nullopt;
  const auto prompt = identify_beneath(folder_fd, files.prompts.front());
  const auto image = identify_beneath(folder_fd, files.images.front());
  const auto* const prompt_identity = std::get_if<FileIdentity>(&prompt);
  const auto* const image_identity = std::get_if<FileIdentity>(&image);
  if (prompt_identity == nullptr || image_identity == nullptr) return std::nullopt;
  return find(name, PairIdentity{*prompt_identity, *image_identity});
}

std::string describe(const KnownPair& known, const JobName& name) {
  const std::string state(word_of(known.job.state));
  const bool is_elsewhere = known.job.name != name;
  const std::string where = is_elsewhere ? " as " + make_printable(known.job.name.text(), 1000) : "";
  switch (known.welcome) {
    case Welcome::repeat:
      return state + "; it is sent once more (on_doubt = \"retry\")";
    case Welcome::wait:
      return state + where + "; it is being sent, or reeld ended before its answer came";
    case Welcome::follow:
      return state + where + "; nothing is sent, and its result is written here";
    default:
      return state + where + "; nothing is sent";
  }
}

}  // namespace reeld
