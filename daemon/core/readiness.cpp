#include "core/readiness.hpp"

#include <algorithm>

#include "core/backoff.hpp"

namespace reeld {
namespace {

constexpr milliseconds max_pause{1'000};

// The close of a file is announced a moment before the kernel stops counting its writer, so after a close ask
// again very soon. Of a file that was opened before it was watched, or under another name, no event may come:
// ask now and then.
milliseconds pause_before_next_look(const FileFacts& file, const ReadinessRules& rules, SteadyTime now) {
  if (now >= file.still_since + rules.silence) return rules.silence;
  const std::uint32_t head_start = file.evidence == Evidence::arrived ? 0 : 6;
  return back_off(milliseconds(1), file.looks + head_start, max_pause);
}

struct FileJudgement {
  ReadinessWord word = ReadinessWord::ready;
  SteadyTime look_again = SteadyTime::max();
  bool waits_for_close = false;  // for as long as it takes
};

FileJudgement wait_for_stillness(const FileFacts& file, milliseconds needed, ReadinessWord meanwhile,
                                 SteadyTime now) {
  const auto until = file.still_since + needed;
  if (now >= until) return {};
  return {meanwhile, until, false};
}

FileJudgement judge_file(const FileFacts& file, const ReadinessRules& rules, SteadyTime now) {
  if (file.writers == Writers::none) return {};
  if (file.writers == Writers::some)
    return {ReadinessWord::being_written, now + pause_before_next_look(file, rules, now), true};
  if (file.is_open) return {ReadinessWord::being_written, SteadyTime::max(), true};
  if (file.evidence == Evidence::arrived) return {};
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

Readiness judge_texts(const PairFacts& pair, const ReadinessRules& rules, SteadyTime now) {
  if (pair.prompt.size == 0) return judge_empty(pair.prompt, rules, now, "the prompt is empty");
  if (pair.image.size == 0) return judge_empty(pair.image, rules, now, "the image is empty");
  if (!pair.unfinished_prompt.empty()) return wait_until_bad(pair.prompt, rules, now, pair.unfinished_prompt);
  return judge_image(pair, rules, now);
}

/// That somebody has a file open for longer than a pair may be incomplete is said, and waited for all the
/// same.
Readiness wait_for_close(const PairFacts& pair, bool is_prompt, SteadyTime look_again,
                         const ReadinessRules& rules, SteadyTime now) {
  Readiness out{ReadinessWord::being_written, std::nullopt, {}};
  const auto overdue = pair.waiting_since + rules.incomplete_after;
  if (now >= overdue) {
    out.reason = std::string(is_prompt ? "the prompt" : "the image") +
                 " is still being written: the program that writes it has not closed it";
  } else {
    look_again = std::min(look_again, overdue);
  }
  if (look_again != SteadyTime::max()) out.look_again = look_again;
  return out;
}

// The one that says more about why the pair waits: a writer that is known before one that is merely possible.
Readiness join(const PairFacts& pair, const FileJudgement& prompt, const FileJudgement& image,
               const ReadinessRules& rules, SteadyTime now) {
  const bool is_both = prompt.word != ReadinessWord::ready && image.word != ReadinessWord::ready;
  const auto look_again = is_both && !prompt.waits_for_close && !image.waits_for_close
                              ? std::max(prompt.look_again, image.look_again)
                              : std::min(prompt.look_again, image.look_again);
  if (prompt.waits_for_close || image.waits_for_close)
    return wait_for_close(pair, prompt.waits_for_close, look_again, rules, now);
  const bool is_written =
      prompt.word == ReadinessWord::being_written || image.word == ReadinessWord::being_written;
  return {is_written ? ReadinessWord::being_written : ReadinessWord::settling, look_again, {}};
}

}  // namespace

Readiness judge_readiness(const PairFacts& pair, const ReadinessRules& rules, SteadyTime now) {
  const auto prompt = judge_file(pair.prompt, rules, now);
  const auto image = judge_file(pair.image, rules, now);
  if (prompt.word == ReadinessWord::ready && image.word == ReadinessWord::ready)
    return judge_texts(pair, rules, now);
  return join(pair, prompt, image, rules, now);
}

}  // namespace reeld
