#include "commands/list/pair_list.hpp"

#include <algorithm>
#include <utility>

#include "commands/job/job_path.hpp"
#include "sys/safe_open.hpp"

namespace reeld {
namespace {

/// There is a video of it, or may be.
bool is_standing(LedgerState state) {
  return state == LedgerState::accepted || state == LedgerState::doubt;
}

/// Whether what is in hand is that very job, and not another pair under its name.
bool is_about(const PairInHand& pair, LedgerState state) {
  return !is_standing(state) || !pair.reason || *pair.reason == WaitReason::repeat ||
         *pair.reason == WaitReason::asking || *pair.reason == WaitReason::reading;
}

}  // namespace

void PairList::visit(std::vector<PairInHand> in_hand, const std::string& state, SystemTime now,
                     const Show& show) {
  state_ = state;
  now_ = now;
  show_ = &show;
  std::ranges::sort(in_hand, {}, &PairInHand::name);
  Entry next = in_hand.cbegin();
  const auto show_before = [&](const JobName* name) {
    for (; next != in_hand.cend() && (name == nullptr || next->name < *name); ++next)
      show_in_hand(*next, std::nullopt);
  };
  if (reader_ != nullptr) {
    reader_->visit_newest([&](const JobName& name, std::int64_t job) {
      show_before(&name);
      const bool is_in_hand = next != in_hand.cend() && next->name == name;
      const std::optional<JobRecord> record = scope_.covers(name) ? reader_->read(job) : std::nullopt;
      const bool is_one = record && is_in_hand && is_about(*next, record->job.state);
      if (is_in_hand) show_in_hand(*next++, is_one ? record : std::nullopt);
      if (record && !is_one) show_job(*record);
    });
  }
  show_before(nullptr);
}

/// One that may be a job's, whose attempts count then.
void PairList::show_in_hand(const PairInHand& pair, const std::optional<JobRecord>& record) {
  ListedPair out;
  if (record) take_record(*record, out);
  out.name = pair.name;
  out.wait = pair.reason;
  if (record && is_standing(record->job.state)) {
    out.state = *state_of(record->job.state);
  } else {
    out.state = pair.reason ? pair_state::waiting : pair_state::sending;
    out.since = now_ - pair.age;
  }
  finish(std::move(out));
}

void PairList::show_job(const JobRecord& record) {
  const auto state = state_of(record.job.state);
  if (!state) return;
  ListedPair out;
  take_record(record, out);
  out.name = record.job.name;
  out.state = *state;
  finish(std::move(out));
}

void PairList::finish(ListedPair pair) {
  const bool is_wanted = state_.empty() || pair.state == state_;
  if (!is_wanted || !scope_.covers(pair.name)) return;
  auto opened = open_folder_beneath(spool_.fd.get(), pair.name.folder);
  if (const auto* const folder = std::get_if<UniqueFd>(&opened)) {
    StemFiles files = find_stem_files(folder->get(), pair.name.stem);
    for (auto* const names : {&files.prompts, &files.images, &files.results})
      pair.files.insert(pair.files.end(), names->begin(), names->end());
  }
  (*show_)(pair);
}

}  // namespace reeld
