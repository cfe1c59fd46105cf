#include "core/readiness.hpp"

#include <algorithm>

namespace reeld {
namespace {

constexpr std::uint32_t most_doublings = 10;
constexpr milliseconds longest_pause{1'000};

// The close of a file is announced a moment before the kernel stops counting its writer, so after a close ask
// again very soon. A file that was linked into place is closed under another name, of which no event comes:
// ask now and then.
milliseconds pause_before_next_look(const FileFacts& file) {
  const std::uint32_t head_start = file.evidence == Evidence::arrived ? 0 : 6;
  const auto doublings = std::min(most_doublings, file.looks + head_start);
  return std::min(longest_pause, milliseconds(std::int64_t{1} << doublings));
}

struct FileJudgement {
  ReadinessWord word = ReadinessWord::ready;
  SteadyTime look_again;
};

FileJudgement wait_for_stillness(const FileFacts& file, milliseconds needed, ReadinessWord meanwhile,
                                 SteadyTime now) {
  const auto until = file.still_since + needed;
  if (now >= until) return {ReadinessWord::ready, {}};
  return {meanwhile, until};
}

FileJudgement judge_file(const FileFacts& file, const ReadinessRules& rules, SteadyTime now) {
  if (file.writers == Writers::none) return {ReadinessWord::ready, {}};
  if (file.writers == Writers::some) {
    auto judgement = wait_for_stillness(file, rules.silence, ReadinessWord::being_written, now);
    judgement.look_again = std::min(judgement.look_again, now + pause_before_next_look(file));
    return judgement;
  }
  if (file.evidence == Evidence::arrived) return {ReadinessWord::ready, {}};
  if (file.evidence == Evidence::created && !file.is_hard_linked) {
    return wait_for_stillness(file, rules.silence, ReadinessWord::being_written, now);
  }
  return wait_for_stillness(file, rules.settle, ReadinessWord::settling, now);
}

Readiness wait_until_bad(const FileFacts& file, const ReadinessRules& rules, SteadyTime now,
                         std::string reason) {
  const auto deadline = file.still_since + rules.incomplete_after;
  if (now >= deadline) return {ReadinessWord::bad, std::nullopt, std::move(reason)};
  return {ReadinessWord::cut, deadline, std::move(reason)};
}

// Somebody has made it and is most likely about to write it.
Readiness judge_empty(const FileFacts& file, const ReadinessRules& rules, SteadyTime now,
                      std::string reason) {
  const auto quiet = file.still_since + std::min(rules.silence, rules.incomplete_after);
  if (now < quiet) return {ReadinessWord::being_written, quiet, {}};
  return wait_until_bad(file, rules, now, std::move(reason));
}

Readiness judge_image(const PairFacts& pair, const ReadinessRules& rules, SteadyTime now) {
  switch (pair.image_check) {
    case ImageCheck::truncated:
      return wait_until_bad(pair.image, rules, now, pair.image_reason);
    case ImageCheck::ill_formed:
      return {ReadinessWord::bad, std::nullopt, pair.image_reason};
    case ImageCheck::complete:
      break;
  }
  return {ReadinessWord::ready, std::nullopt, {}};
}

// The one that says more about why the pair waits: a writer that is known before one that is merely possible.
Readiness join(const FileJudgement& prompt, const FileJudgement& image) {
  if (prompt.word == ReadinessWord::ready) return {image.word, image.look_again, {}};
  if (image.word == ReadinessWord::ready) return {prompt.word, prompt.look_again, {}};
  const bool is_written =
      prompt.word == ReadinessWord::being_written || image.word == ReadinessWord::being_written;
  return {is_written ? ReadinessWord::being_written : ReadinessWord::settling,
          std::max(prompt.look_again, image.look_again),
          {}};
}

}  // namespace

Readiness judge_readiness(const PairFacts& pair, const ReadinessRules& rules, SteadyTime now) {
  const auto prompt = judge_file(pair.prompt, rules, now);
  const auto image = judge_file(pair.image, rules, now);
  if (prompt.word != ReadinessWord::ready || image.word != ReadinessWord::ready) return join(prompt, image);
  if (pair.prompt.size == 0) return judge_empty(pair.prompt, rules, now, "the prompt is empty");
  if (pair.image.size == 0) return judge_empty(pair.image, rules, now, "the image is empty");
  return judge_image(pair, rules, now);
}

}  // namespace reeld
