#include "commands/job/known_pairs.hpp"

#include "commands/check/check_report.hpp"
#include "sys/safe_open.hpp"

namespace reeld {

KnownPairs::KnownPairs(LedgerReader* reader, int spool_fd)
    : lookup_(reader == nullptr ? nullptr : std::make_shared<PairLookup>(*reader, spool_fd)) {}

std::optional<KnownPair> KnownPairs::find(const ReadyPair& pair) const {
  if (!lookup_) return std::nullopt;
  Recognition found = lookup_->find(pair);
  if (found.disposition == Disposition::send) return std::nullopt;
  return KnownPair{std::move(*found.known), found.disposition, found.match};
}

std::optional<KnownPair> KnownPairs::find(const JobName& name, int folder_fd, const StemFiles& files) const {
  if (!lookup_) return std::nullopt;
  ReadyPair pair;
  pair.job = name;
  pair.prompt_name = files.prompts.front();
  pair.image_name = files.images.front();
  const auto prompt = identify_beneath(folder_fd, pair.prompt_name);
  const auto image = identify_beneath(folder_fd, pair.image_name);
  const auto* const prompt_identity = std::get_if<FileIdentity>(&prompt);
  const auto* const image_identity = std::get_if<FileIdentity>(&image);
  if (prompt_identity == nullptr || image_identity == nullptr) return std::nullopt;
  pair.identity = {*prompt_identity, *image_identity};
  return find(pair);
}

std::string describe(const KnownPair& known, const JobName& name) {
  const std::string state(word_of(known.job.state));
  const bool is_elsewhere = known.job.name != name;
  const std::string where = is_elsewhere ? " as " + make_printable(known.job.name.text(), 1000) : "";
  if (known.match == PairMatch::half_replaced)
    return state + "; one of its files was replaced since, so nothing is sent: `reeld retry` would";
  switch (known.disposition) {
    case Disposition::repeat:
      return state + "; it is sent once more (on_doubt = \"retry\")";
    case Disposition::wait:
      return state + where + "; it is being sent, or reeld ended before its answer came";
    case Disposition::move_result:
      return state + where + "; nothing is sent, and its result is written here";
    default:
      return state + where + "; nothing is sent";
  }
}

}  // namespace reeld
