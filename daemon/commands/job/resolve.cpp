#include "commands/job/resolve.hpp"

#include <algorithm>
#include <ostream>

#include "codec/result_json.hpp"
#include "codec/terminal_text.hpp"
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
  bool is_of_these_files();
  void require_unknown();
  void require_no_copy();
  [[noreturn]] void complain();
  void require_unchanged(LedgerStore& store) const;
  void take_along(LedgerStore& store, SystemTime now);
  void write_into(int folder_fd, const std::string& folder, const std::string& file,
                  const std::string& answer);
  void write_beside_files(const std::string& answer);
  void remove_doubts();
  void remove_doubt(int folder_fd, const std::string& folder, const std::string& name);
  std::string describe_rerun();

  const CommandContext& context_;
  JobAtHand hand_;
  std::optional<JobRecord> record_;  // none: all that there is of it is a doubt.json
  std::optional<std::string> doubt_text_;
  std::string written_to_;  // where it is not the usual place
};

bool is_open(LedgerState state) {
  return state == LedgerState::doubt || state == LedgerState::intended;
}

/// The doubt that the file here tells of, whatever lies beside it by now: that is what a person has read. It
/// has the name that the job had when it was written.
std::optional<std::int64_t> Resolve::find_by_doubt_file() {
  const std::string file = doubt_result_name(hand_.name().stem);
  const auto text = read_result(hand_.folder_fd(), file);
  if (!text) return std::nullopt;
  LedgerReader& reader = hand_.ledger().reader();
  for (const std::int64_t job : reader.list_doubts()) {
    const auto record = reader.read(job);
    if (!record || find_told_text(*record, file, text) != text) continue;
    doubt_text_ = text;
    return job;
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

bool Resolve::is_of_these_files() {
  const bool is_pair = hand_.files().prompts.size() == 1 && hand_.files().images.size() == 1;
  const auto known = is_pair ? hand_.find_by_files() : std::nullopt;
  return known && known->id == record_->job.id;
}

void Resolve::complain() {
  const auto known = hand_.ledger().reader().find_at(hand_.name());
  const std::string state = known ? "; the ledger has it as " + std::string(word_of(known->state)) : "";
  throw CommandFailure(exit_code::failed,
                       hand_.text() + ": is not in doubt" + state + ", so there is nothing to settle");
}

/// All that there is of the job is its doubt.json.
void Resolve::require_unknown() {
  if (!hand_.holds(doubt_result_name(hand_.name().stem))) complain();
  auto known = hand_.find_by_files();
  if (!known) known = hand_.ledger().reader().find_at(hand_.name());
  if (known && known->state == LedgerState::accepted)
    throw CommandFailure(exit_code::failed,
                         hand_.text() +
                             ": the ledger has it as accepted, so there is nothing to settle; its " +
                             ".doubt.json is from before that, and may be removed");
}

/// A copy of the pair has the copied file, too. Settled here, the job's own file would still be there; and
/// without that file the copy would be sent, as another job.
void Resolve::require_no_copy() {
  if (record_->job.name == hand_.name() || !hand_.is_copy_of(record_->job.id)) return;
  const std::string own = make_printable(record_->job.name.text(), 1000);
  throw CommandFailure(exit_code::failed,
                       hand_.text() + ": is a copy of " + own +
                           ", which is the job in doubt: settle that one; " +
                           "whether this copy is sent, too, is another question: it is, once its own " +
                           ".doubt.json is removed");
}

void Resolve::find() {
  auto job = find_by_doubt_file();
  if (!job) job = find_by_files();
  if (!job) job = find_by_name();
  if (job) record_ = hand_.ledger().reader().read(*job);
  if (!record_) return require_unknown();
  require_no_copy();
  if (record_->job.state == LedgerState::intended && hand_.is_served())
    throw CommandFailure(exit_code::try_later, hand_.text() + ": is being sent just now; try later");
  const KnownJob& known = record_->job;
  const bool is_unpublished = known.state == LedgerState::doubt && !known.is_published && !known.repeat_at;
  if (is_unpublished && hand_.files().results.empty() && hand_.is_served())
    throw CommandFailure(exit_code::try_later, hand_.text() + ": its doubt.json is being written; try later");
  if (!doubt_text_) doubt_text_ = find_known_text(*record_, doubt_result_name(hand_.name().stem));
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
  if (!is_moved || !is_of_these_files()) return;
  const StemFiles& files = hand_.files();
  store.move_job(
      record_->job.id,
      {hand_.name(), identify_folder(hand_.folder_fd()), files.prompts.front(), files.images.front()}, now);
}

/// What stands there under that name, and is not the answer, is kept.
void Resolve::write_into(int folder_fd, const std::string& folder, const std::string& file,
                         const std::string& answer) {
  if (look_up_status(folder_fd, file).code == 0) put_away(folder_fd, folder, file, answer, context_.out);
  auto error = write_whole(folder_fd, folder, file, answer);
  if (!error) error = sync_folder(folder_fd, folder);
  if (error)
    throw CommandFailure(exit_code::failed,
                         error->message + "; the ledger has it, and reeld writes it when it can");
}

/// Beside the job's own files, wherever they lie; under a hidden name where both files there are others.
void Resolve::write_beside_files(const std::string& answer) {
  const JobName& job = record_->job.name;
  const std::string usual = job_result_name(job.stem);
  const UniqueFd folder = find_folder_of(hand_.spool_fd(), *record_);
  if (!folder)
    throw CommandFailure(exit_code::failed,
                         hand_.text() + ": is settled in the ledger, and its folder cannot be found: " +
                             usual + " is written when it is back and reeld starts");
  const PairLeft left = find_left(folder.get(), *record_, hand_.ledger().reader().digest_seed(), false);
  const bool is_aside = left == PairLeft::replaced;
  const std::string file = is_aside ? aside_name(*record_, usual) : usual;
  write_into(folder.get(), job.folder, file, answer);
  const bool is_with_pair = left == PairLeft::whole || left == PairLeft::half;
  hand_.ledger().change([&](LedgerStore& store) {
    store.mark_published_as(record_->job.id, LedgerState::accepted, !is_with_pair);
  });
  if (is_aside || job != hand_.name()) written_to_ = join_path(job.folder, file);
}

/// The one that a person has read, and the one beside the job's own files.
void Resolve::remove_doubts() {
  const std::string name = doubt_result_name(hand_.name().stem);
  if (hand_.holds(name)) remove_doubt(hand_.folder_fd(), hand_.name().folder, name);
  if (!record_ || record_->job.name == hand_.name() || !doubt_text_) return;
  const std::string own = doubt_result_name(record_->job.name.stem);
  const UniqueFd folder = find_folder_of(hand_.spool_fd(), *record_);
  if (folder && holds_text(folder.get(), own, *doubt_text_))
    remove_doubt(folder.get(), record_->job.name.folder, own);
}

void Resolve::remove_doubt(int folder_fd, const std::string& folder, const std::string& name) {
  put_away(folder_fd, folder, name, doubt_text_, context_.out);
  const auto error = sync_folder(folder_fd, folder);
  if (error) throw CommandFailure(exit_code::failed, error->message);
}

/// When it runs again, and as what.
std::string Resolve::describe_rerun() {
  if (!record_) return "it runs again";
  const bool is_elsewhere = record_->job.name != hand_.name();
  const std::string where = is_elsewhere ? " as " + make_printable(record_->job.name.text(), 1000) : "";
  const UniqueFd folder = find_folder_of(hand_.spool_fd(), *record_);
  const PairLeft left = folder
                            ? find_left(folder.get(), *record_, hand_.ledger().reader().digest_seed(), false)
                            : PairLeft::gone;
  if (left == PairLeft::whole) return "it runs again" + where;
  return "it runs again once its two files are back" + where + ", with what they held then";
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
  if (record_) {
    write_beside_files(answer);
  } else {  // all that there is of the job is its doubt.json
    write_into(hand_.folder_fd(), hand_.name().folder, job_result_name(hand_.name().stem), answer);
  }
  remove_doubts();
  context_.out << hand_.text() << ": accepted as " << id;
  if (!written_to_.empty()) context_.out << "; its answer is in " << make_printable(written_to_, 1000);
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
  remove_doubts();
  const std::string unheard = hand_.say_look(record_ ? record_->job.name : hand_.name());
  context_.out << hand_.text() << ": not accepted; " << describe_rerun() << unheard << '\n';
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
