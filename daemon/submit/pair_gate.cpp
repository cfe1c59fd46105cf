#include "submit/pair_gate.hpp"

#include "async/offload.hpp"
#include "core/spool_name.hpp"
#include "sys/file_status.hpp"
#include "sys/safe_open.hpp"

namespace reeld {
namespace {

constexpr int max_readings = 3;

/// A file's content as it is now, under its name.
struct ReadAgain {
  FileIdentity stamp;
  std::optional<ContentDigest> digest;  // nullopt: it changed while it was read, or cannot be read
};

ReadAgain read_again(int folder_fd, const std::string& name, std::uint64_t seed) {
  ReadAgain out;
  auto opened = open_file_beneath(folder_fd, name);
  const auto* const file = std::get_if<OpenFile>(&opened);
  if (file == nullptr) return out;
  out.stamp = file->identity;
  out.digest = digest_file(file->fd.get(), out.stamp.size, seed);
  if (read_status(file->fd.get()).status.identity != out.stamp) out.digest.reset();
  return out;
}

/// One more that is about to pass, for as long as it lives.
struct Passing {
  explicit Passing(CommitState& shared) : state(shared) { ++state.passing; }
  ~Passing() { decrease(state.passing, "every attempt that has passed was passing"); }
  Passing(const Passing&) = delete;
  Passing& operator=(const Passing&) = delete;
  CommitState& state;
};

}  // namespace

void PairGate::prepare() {
  // Of an early success it may not have been read to its end: that is made good after the exchange.
  intent_.digests.image = image_.digest();
  answer_ = std::make_shared<IntentAnswer>();
  LedgerOperation operation;
  operation.run = [answer = answer_, intent = intent_](LedgerStore& store) {
    *answer = store.add_intent(intent);
  };
  operation.undo = [token = intent_.token, at = intent_.at](LedgerStore& store) {
    store.void_intent(token, at);
  };
  write_ = ledger_.begin(std::move(operation));
}

/// While the file is held open its inode is nobody else's: an equal stamp under its name is that very file,
/// unchanged. Any other is read: touched, or put there anew with the same bytes, it is still what was sent.
boost::asio::awaitable<PairGate::Found> PairGate::look_at(std::string name, FileIdentity& stamp,
                                                          std::optional<ContentDigest> digest,
                                                          bool& has_proof) {
  const int folder = snapshot_.folder.get();
  const StatusAnswer now = look_up_status(folder, name);
  if (now.code == 0 && now.status.identity == stamp) co_return Found::as_it_was;
  const bool may_be_same = now.code == 0 && now.status.is_regular && now.status.identity.size == stamp.size;
  if (!may_be_same) co_return Found::changed;
  const SystemTime looked_at = std::chrono::system_clock::now();
  auto work = [folder, name, seed = ledger_.questions().digest_seed()] {
    return read_again(folder, name, seed);
  };
  const ReadAgain again = co_await offload(workers_, std::move(work));
  if (!again.digest || again.digest != digest || again.stamp.size != stamp.size) co_return Found::changed;
  stamp = again.stamp;
  has_proof = pair_.keeps_stamps && is_proof(stamp, looked_at);
  co_return Found::same_content;
}

std::optional<std::string> PairGate::find_result() const {
  for (const std::string& name : result_names(intent_.job.stem)) {
    const StatusAnswer found = look_up_status(snapshot_.folder.get(), name);
    if (found.code == 0 && !found.status.is_folder) return name + " appeared while the pair was sent";
  }
  return std::nullopt;
}

/// Both files as they are now: looked at until neither had to be read, for reading takes its time.
boost::asio::awaitable<std::optional<std::string>> PairGate::find_change() {
  bool has_new_stamps = false;
  for (int reading = 0;; ++reading) {
    const Found prompt = co_await look_at(intent_.prompt_name, intent_.pair.prompt, intent_.digests.prompt,
                                          intent_.proof.prompt);
    if (prompt == Found::changed) co_return intent_.prompt_name + " changed while it was sent";
    const Found image =
        co_await look_at(intent_.image_name, intent_.pair.image, intent_.digests.image, intent_.proof.image);
    if (image == Found::changed) co_return intent_.image_name + " changed while it was sent";
    if (prompt == Found::as_it_was && image == Found::as_it_was) break;
    has_new_stamps = true;
    if (reading == max_readings) co_return intent_.job.text() + " is touched again and again";
  }
  if (has_new_stamps) {
    ledger_.post([job = end_.job, stamps = KnownStamps{intent_.pair, intent_.digests, intent_.proof}](
                     LedgerStore& store) { store.take_stamps(job, stamps); });
  }
  if (intent_.is_repeat) co_return std::nullopt;
  co_return find_result();
}

void PairGate::note_answer() {
  if (!write_->error.empty()) return;
  end_.is_known = answer_->known.has_value();
  if (end_.is_known) return;
  ledger_.note_generation(answer_->generation);
  end_.has_intent = true;
  end_.job = answer_->job;
}

boost::asio::awaitable<void> PairGate::settle() {
  if (!write_) co_return;
  co_await ledger_.wait(write_);
  note_answer();
}

boost::asio::awaitable<void> PairGate::record_late() {
  intent_.is_answered = true;
  if (!write_ || end_.is_known) {
    end_.is_known = false;
    prepare();
    co_await settle();
  }
  if (end_.has_intent && !intent_.digests.image) co_await complete_digest();
}

/// The answer came before the image was read to its end: what is known of the pair is what lies there.
boost::asio::awaitable<void> PairGate::complete_digest() {
  auto work = [fd = snapshot_.image_file.fd.get(), size = intent_.pair.image.size,
               seed = ledger_.questions().digest_seed()] { return digest_file(fd, size, seed); };
  intent_.digests.image = co_await offload(workers_, std::move(work));
  const StatusAnswer now = read_status(snapshot_.image_file.fd.get());
  const bool is_unchanged = now.code == 0 && now.status.identity == intent_.pair.image;
  if (!intent_.digests.image || !is_unchanged) co_return;
  const KnownStamps stamps{intent_.pair, intent_.digests, intent_.proof};
  ledger_.post([job = end_.job, stamps](LedgerStore& store) { store.take_stamps(job, stamps); });
}

boost::asio::awaitable<std::optional<std::string>> PairGate::pass() {
  co_await ledger_.wait(write_);
  note_answer();
  if (!write_->error.empty()) co_return "the ledger could not record the intent: " + write_->error;
  if (end_.is_known) co_return "the ledger knows this pair as " + std::string(word_of(answer_->known->state));
  // What was begun anew on another connection was read once more.
  if (intent_.digests.image && image_.digest() != intent_.digests.image) {
    end_.has_changed = true;
    co_return intent_.image_name + " changed while it was sent";
  }
  const Passing passing(state_);
  const std::string no_space = co_await ledger_.space().hold(state_.awaiting + state_.passing - 1);
  if (!no_space.empty()) co_return "there is no space for the answer: " + no_space;
  // Last, so that the time between the look and the boundary is as short as it can be.
  std::optional<std::string> change = co_await find_change();
  if (!change && !intent_.is_repeat && state_.late.contains(intent_.job))
    change = "a result is to be written under its name, of a pair that was there before";
  if (change) {
    end_.has_changed = true;
    co_return std::move(*change);
  }
  // Its own intent is there; whether an answer could be recorded is another matter.
  if (!ledger_.is_healthy()) co_return "the ledger cannot be written";
  if (!state_.is_open) co_return "reeld is stopping";
  verify(end_.has_intent && end_.job != 0, "an intent is durable before its boundary may leave");
  end_.has_passed = true;
  ++state_.awaiting;
  co_return std::nullopt;
}

}  // namespace reeld
