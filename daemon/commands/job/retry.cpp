#include "commands/job/retry.hpp"

#include <unistd.h>

#include <cerrno>
#include <ostream>
#include <set>

#include "codec/result_json.hpp"
#include "codec/terminal_text.hpp"
#include "commands/ask.hpp"
#include "commands/command_failure.hpp"
#include "commands/job/each_pair.hpp"
#include "commands/job/job_at_hand.hpp"
#include "commands/job/lost_race.hpp"
#include "commands/job/result_files.hpp"
#include "core/spool_name.hpp"
#include "settings/exit_code.hpp"
#include "spool/pair_lookup.hpp"
#include "spool/result_place.hpp"
#include "sys/durable_file.hpp"
#include "sys/file_status.hpp"

namespace reeld {
namespace {

constexpr int max_kin = 64;

/// Accepted, paid for, and its result is in no folder yet.
bool is_answer_due(const KnownJob& job) {
  return job.state == LedgerState::accepted && !job.is_published && !job.is_forgotten;
}

class Retry {
 public:
  Retry(JobPath where, const CommandContext& context, bool is_agreed)
      : context_(context), is_agreed_(is_agreed), hand_(std::move(where), context) {}

  int run();

 private:
  void require_settled() const;
  std::string describe() const;
  std::string describe_file() const;
  Recognition look_up(LedgerReader& reader) const;
  void require_unchanged(LedgerReader& reader) const;
  void let_run(LedgerStore& store, const KnownJob& known, PairMatch match, SystemTime now);
  std::optional<KnownJob> find_own(LedgerReader& reader) const;
  bool is_on_its_way(const KnownJob& known, PairMatch match) const;
  void require_written(LedgerStore& store, const KnownJob& known) const;
  void reopen();
  bool stays_in_doubt();
  void take_results_away();
  void say_end(bool had_anything) const;

  const CommandContext& context_;
  bool is_agreed_;
  JobAtHand hand_;
  Recognition found_;
  std::optional<JobRecord> record_;  // of the job that the ledger knows the pair as
};

/// What is under way in the daemon is not taken from it, and no answer that was paid for is dropped.
void Retry::require_settled() const {
  if (!record_) return;
  const KnownJob& job = record_->job;
  const bool is_answer_owed =
      is_answer_due(job) &&
      !holds_text(hand_.folder_fd(), job_result_name(hand_.name().stem), record_->end.answer);
  if (is_answer_owed)
    throw CommandFailure(
        exit_code::try_later,
        hand_.text() + ": was accepted as " + record_->end.api_id +
            ", and its result has not been written yet; " +
            (hand_.is_served()
                 ? "try later; if it cannot be written, reeld's log says so (`result.unwritten`)"
                 : "start reeld, which writes it, and say this again"));
  const bool is_intended = job.state == LedgerState::intended;
  const bool is_unpublished =
      !may_send(job) && !job.is_published && !job.repeat_at && hand_.files().results.empty();
  if ((!is_intended && !is_unpublished) || !hand_.is_served()) return;
  throw CommandFailure(exit_code::try_later,
                       hand_.text() + (is_intended ? ": is being sent just now; try later"
                                                   : ": its result is being written; try later"));
}

/// By results that the ledger knows nothing of.
std::string Retry::describe_file() const {
  const std::string result = job_result_name(hand_.name().stem);
  if (hand_.holds(result)) {
    const std::string id = find_id_in(hand_.folder_fd(), result);
    return hand_.text() + " was accepted, as its .job.json says" + (id.empty() ? "" : ", as " + id);
  }
  if (hand_.holds(doubt_result_name(hand_.name().stem)))
    return hand_.text() + " is in doubt, as its .doubt.json says";
  const auto error = read_result(hand_.folder_fd(), error_result_name(hand_.name().stem));
  const std::string created = read_created_job(error.value_or("")).id;
  if (created.empty()) return {};
  return hand_.text() + " was created as " + escape_steering(created) +
         " and failed, as its .error.json says";
}

/// What is known that speaks against sending it; "" where nothing does.
std::string Retry::describe() const {
  if (!record_ || may_send(record_->job)) return describe_file();
  const std::string since = format_time(record_->intent.at);
  switch (record_->job.state) {
    case LedgerState::accepted:
      return hand_.text() + " was accepted as " + record_->end.api_id + " at " + format_time(record_->end.at);
    case LedgerState::refused:
      return hand_.text() + " was created as " + record_->job.created_id + " and failed, at " +
             format_time(record_->end.at);
    case LedgerState::doubt:
      return hand_.text() + " is in doubt since " + since;
    default:
      return hand_.text() + " was being sent at " + since +
             " when reeld ended, and nobody knows what came of it";
  }
}

Recognition Retry::look_up(LedgerReader& reader) const {
  return PairLookup(reader, hand_.spool_fd())
      .find(identify_pair(hand_.folder_fd(), hand_.name(), hand_.files()));
}

/// While the question was open, another person may have had it run again: the yes was not about that.
void Retry::require_unchanged(LedgerReader& reader) const {
  std::optional<JobRecord> now;
  if (record_) {
    now = reader.read(record_->job.id);
  } else if (const auto known = look_up(reader).known) {
    now = reader.read(known->id);
  }
  const bool is_same = record_ ? is_as_before(*record_, now) : !now;
  const bool is_free = record_ && now && may_send(record_->job) && may_send(now->job);
  if (!is_same && !is_free) complain_of_lost_race(hand_.text(), now);
}

/// What it takes that nothing known of one job keeps the pair from being sent. The word is about the pair
/// that lies here now: so this is where the job is from now on, or, where that was sent of other content,
/// what it leaves.
void Retry::let_run(LedgerStore& store, const KnownJob& known, PairMatch match, SystemTime now) {
  const bool is_of_others = match == PairMatch::half_replaced || match == PairMatch::unrelated;
  if (is_of_others && !may_send(known)) {
    end_open_intent(store, store.reader().read(known.id).value(), now);
    const bool is_doubt = known.state == LedgerState::doubt || known.state == LedgerState::intended;
    return is_doubt ? store.leave_files(known.id) : store.leave_place(known.id);
  }
  const StemFiles& files = hand_.files();
  if (known.name != hand_.name())
    store.move_job(
        known.id,
        {hand_.name(), identify_folder(hand_.folder_fd()), files.prompts.front(), files.images.front()}, now);
  store.reopen(known.id, now);
}

/// The job of the pair that lies here, also where another take of its content speaks louder.
std::optional<KnownJob> Retry::find_own(LedgerReader& reader) const {
  for (const KnownJob& own : reader.list_kin(hand_.name(), found_.found.stamps)) {
    if (may_send(own) && compare(own, found_.found, false) == PairMatch::same) return own;
  }
  // One that was refused and moved: a person's word makes a new idempotency key.
  return may_send(record_->job) ? std::optional(record_->job) : std::nullopt;
}

/// Another take: its end decides. Where nobody serves the spool, one that had this name is not on its way.
bool Retry::is_on_its_way(const KnownJob& known, PairMatch match) const {
  const bool is_other = known.state == LedgerState::intended && known.id != record_->job.id;
  return is_other && (match != PairMatch::half_replaced || hand_.is_served());
}

/// Of another job that had this name: its place is not taken from an answer that was paid for.
void Retry::require_written(LedgerStore& store, const KnownJob& known) const {
  if (known.id == record_->job.id || !is_answer_due(known)) return;
  const std::string id = store.reader().read(known.id).value().end.api_id;
  throw CommandFailure(
      exit_code::try_later,
      hand_.text() + ": another pair of that name was accepted as " + escape_steering(id) +
          ", and its result has not been written yet; " +
          (hand_.is_served() ? "try later" : "start reeld, which writes it, and say this again"));
}

/// All jobs that would keep these files from being sent: one of them may stand for another.
void Retry::reopen() {
  const bool is_refused = record_ && record_->job.state == LedgerState::refused;
  if (!record_ || (may_send(record_->job) && !is_refused)) {
    require_unchanged(hand_.ledger().reader());
    return;
  }
  hand_.ledger().change([this](LedgerStore& store) {
    require_unchanged(store.reader());
    const auto now = std::chrono::system_clock::now();
    if (const auto own = find_own(store.reader())) let_run(store, *own, found_.match, now);
    for (int number = 0; number < max_kin; ++number) {
      const Recognition found = store.reader().find(found_.found, found_.originals);
      const auto& known = found.known;
      if (!known || may_send(*known)) return;
      if (is_on_its_way(*known, found.match)) return;
      require_written(store, *known);
      let_run(store, *known, found.match, now);
    }
  });
}

/// Other content has come to its place, and runs: that settles nothing of the job.
bool Retry::stays_in_doubt() {
  const auto now = record_ ? hand_.ledger().reader().read(record_->job.id) : std::nullopt;
  return now && now->job.state == LedgerState::doubt;
}

void Retry::take_results_away() {
  for (const std::string& name : hand_.files().results) {
    if (classify_name(name).kind == NameKind::error_result) {
      if (::unlinkat(hand_.folder_fd(), name.c_str(), 0) == 0 || errno == ENOENT) continue;
      throw CommandFailure(exit_code::failed,
                           make_sys_error("remove", join_path(hand_.name().folder, name), errno).message);
    }
    const std::string& folder = hand_.name().folder;
    if (classify_name(name).kind == NameKind::doubt_result && stays_in_doubt()) {
      put_away(hand_.folder_fd(), folder, name, std::nullopt, context_.out,
               "tells of a job that stays in doubt");
    } else {
      const auto text = read_result(hand_.folder_fd(), name);
      const auto known = record_ ? find_told_text(*record_, name, text) : std::nullopt;
      put_away(hand_.folder_fd(), folder, name, known, context_.out);
    }
  }
  const auto error = sync_folder(hand_.folder_fd(), hand_.name().folder);
  if (error) throw CommandFailure(exit_code::failed, error->message);
}

void Retry::say_end(bool had_anything) const {
  const std::string unheard = hand_.say_look();
  context_.out << hand_.text()
               << (had_anything ? ": runs again" : ": waits already, there is nothing to undo") << unheard
               << '\n';
}

int Retry::run() {
  found_ = look_up(hand_.ledger().reader());
  if (found_.known) record_ = hand_.ledger().reader().read(found_.known->id);
  require_settled();
  const std::string known = describe();
  if (!known.empty() &&
      !is_agreed_to(context_, is_agreed_, known + "; to run it again may buy a second time"))
    return exit_code::failed;
  reopen();  // first: a result that is gone while the ledger still knows the job would bring nothing back
  take_results_away();
  say_end(!known.empty() || !hand_.files().results.empty());
  return exit_code::fine;
}

}  // namespace

int run_retry(const CommandLine& line, const CommandContext& context) {
  return for_each_pair(line, context,
                       [&](JobPath where) { return Retry(std::move(where), context, line.is_agreed).run(); });
}

}  // namespace reeld
