#include "commands/job/resolve.hpp"

#include <algorithm>
#include <ostream>

#include "codec/result_json.hpp"
#include "commands/command_failure.hpp"
#include "commands/job/each_pair.hpp"
#include "commands/job/job_at_hand.hpp"
#include "commands/job/lost_race.hpp"
#include "commands/job/result_files.hpp"
#include "core/spool_name.hpp"
#include "settings/exit_code.hpp"
#include "spool/result_place.hpp"
#include "sys/durable_file.hpp"
#include "sys/file_status.hpp"

namespace reeld {
namespace {

class Resolve {
 public:
  Resolve(JobPath where, const CommandContext& context)
      : context_(context), hand_(std::move(where), context) {
    find();
  }

  void accept(const std::string& id);
  void reject();

 private:
  void find();
  std::optional<std::int64_t> find_by_doubt_file();
  std::optional<std::int64_t> find_by_files();
  std::optional<std::int64_t> find_by_name();
  bool is_beside_others();
  [[noreturn]] void complain();
  void require_unchanged(LedgerStore& store) const;
  void take_along(LedgerStore& store, SystemTime now);
  void write_answer(const std::string& answer);
  void remove_doubt();

  const CommandContext& context_;
  JobAtHand hand_;
  std::optional<JobRecord> record_;  // none: all that there is of it is a doubt.json
  std::optional<std::string> doubt_text_;
  bool is_beside_others_ = false;  // both files that lie here are others
};

bool is_open(LedgerState state) {
  return state == LedgerState::doubt || state == LedgerState::intended;
}

/// The doubt that the file here tells of, whatever lies beside it by now: that is what a person has read.
std::optional<std::int64_t> Resolve::find_by_doubt_file() {
  const std::string name = doubt_result_name(hand_.name().stem);
  if (!hand_.holds(name)) return std::nullopt;
  LedgerReader& reader = hand_.ledger().reader();
  for (const std::int64_t job : reader.list_doubts()) {
    const auto record = reader.read(job);
    const auto text = record ? find_known_text(*record, name) : std::nullopt;
    if (text && holds_text(hand_.folder_fd(), name, *text)) return job;
  }
  return std::nullopt;
}

std::optional<std::int64_t> Resolve::find_by_files() {
  const auto known = hand_.find_by_files();
  return known && is_open(known->state) ? std::optional(known->id) : std::nullopt;
}

/// Also where the pair has been replaced since, or has gone.
std::optional<std::int64_t> Resolve::find_by_name() {
  LedgerReader& reader = hand_.ledger().reader();
  std::vector<std::int64_t> jobs = reader.list_doubts();
  std::ranges::reverse(jobs);
  for (const std::int64_t job : jobs) {
    const auto record = reader.read(job);
    if (record && record->job.name == hand_.name()) return job;
  }
  const auto last = reader.find_at(hand_.name());
  return last && is_open(last->state) ? std::optional(last->id) : std::nullopt;
}

bool Resolve::is_beside_others() {
  const bool is_pair = hand_.files().prompts.size() == 1 && hand_.files().images.size() == 1;
  if (!is_pair || record_->job.name != hand_.name()) return false;
  const std::uint64_t seed = hand_.ledger().reader().digest_seed();
  return find_left(hand_.folder_fd(), *record_, seed, false) == PairLeft::replaced;
}

void Resolve::complain() {
  const auto known = hand_.ledger().reader().find_at(hand_.name());
  const std::string state = known ? "; the ledger has it as " + std::string(word_of(known->state)) : "";
  throw CommandFailure(exit_code::failed,
                       hand_.text() + ": is not in doubt" + state + ", so there is nothing to settle");
}

void Resolve::find() {
  auto job = find_by_doubt_file();
  if (!job) job = find_by_files();
  if (!job) job = find_by_name();
  if (job) record_ = hand_.ledger().reader().read(*job);
  if (!record_ && !hand_.holds(doubt_result_name(hand_.name().stem))) complain();
  if (!record_) return;
  if (record_->job.state == LedgerState::intended && hand_.is_served())
    throw CommandFailure(exit_code::try_later, hand_.text() + ": is being sent just now; try later");
  const KnownJob& known = record_->job;
  const bool is_unpublished = known.state == LedgerState::doubt && !known.is_published && !known.repeat_at;
  if (is_unpublished && hand_.files().results.empty() && hand_.is_served())
    throw CommandFailure(exit_code::try_later, hand_.text() + ": its doubt.json is being written; try later");
  is_beside_others_ = is_beside_others();
  doubt_text_ = find_known_text(*record_, doubt_result_name(hand_.name().stem));
}

/// Within the transaction: since the look, the daemon may have begun or ended the doubt's one repeat, or
/// another person may have settled it.
void Resolve::require_unchanged(LedgerStore& store) const {
  const auto now = store.reader().read(record_->job.id);
  if (!is_as_before(*record_, now)) complain_of_lost_race(hand_.text(), now);
}

/// The pair lies elsewhere than the ledger knows: so will its result.
void Resolve::take_along(LedgerStore& store, SystemTime now) {
  const bool is_moved = record_->job.name != hand_.name();
  if (!is_moved || is_beside_others_) return;
  const StemFiles& files = hand_.files();
  store.move_job(
      record_->job.id,
      {hand_.name(), identify_folder(hand_.folder_fd()), files.prompts.front(), files.images.front()}, now);
}

void Resolve::write_answer(const std::string& answer) {
  const std::string name = job_result_name(hand_.name().stem);
  if (is_beside_others_) return;
  const UniqueFd found = record_ ? find_folder_of(hand_.spool_fd(), *record_) : UniqueFd();
  if (record_ && !found)
    throw CommandFailure(exit_code::failed,
                         hand_.text() + ": is settled in the ledger, and its folder cannot be found: " +
                             name + " is written when it is back and reeld starts");
  const int folder = found ? found.get() : hand_.folder_fd();
  if (hand_.holds(name)) hand_.put_away(name, answer, context_);
  auto error = write_whole(folder, hand_.name().folder, name, answer);
  if (!error) error = sync_folder(folder, hand_.name().folder);
  if (error)
    throw CommandFailure(exit_code::failed,
                         error->message + "; the ledger has it, and writes it when it can");
  if (!record_) return;
  hand_.ledger().change([this](LedgerStore& store) { store.mark_published(record_->job.id); });
}

void Resolve::remove_doubt() {
  const std::string name = doubt_result_name(hand_.name().stem);
  if (!hand_.holds(name)) return;
  hand_.put_away(name, doubt_text_, context_);
  const auto error = sync_folder(hand_.folder_fd(), hand_.name().folder);
  if (error) throw CommandFailure(exit_code::failed, error->message);
}

void Resolve::accept(const std::string& id) {
  const std::string answer = build_settled_json(id);
  if (record_) {
    hand_.ledger().change([&](LedgerStore& store) {
      require_unchanged(store);
      const auto now = std::chrono::system_clock::now();
      end_open_intent(store, *record_, now);
      take_along(store, now);
      store.settle_accepted(record_->job.id, id, answer, now);
    });
    record_ = hand_.ledger().reader().read(record_->job.id);
  }
  write_answer(answer);
  remove_doubt();
  context_.out << hand_.text() << ": accepted as " << id;
  if (is_beside_others_) {
    const std::string unheard = hand_.say_look();
    context_.out
        << "; other files lie here by now: reeld writes its answer beside its own, or under a hidden name"
        << unheard;
  }
  context_.out << '\n';
}

void Resolve::reject() {
  if (record_) {
    hand_.ledger().change([&](LedgerStore& store) {
      require_unchanged(store);
      const auto now = std::chrono::system_clock::now();
      end_open_intent(store, *record_, now);
      store.settle_not_accepted(record_->job.id, now);
    });
  }
  remove_doubt();
  const std::string unheard = hand_.say_look();
  context_.out << hand_.text() << ": not accepted; it runs again" << unheard << '\n';
}

}  // namespace

int run_resolve(const CommandLine& line, const CommandContext& context) {
  return for_each_pair(line, context, [&](JobPath where) {
    Resolve resolve(std::move(where), context);
    line.accepted ? resolve.accept(*line.accepted) : resolve.reject();
    return exit_code::fine;
  });
}

}  // namespace reeld
