#include "runtime/pair_gate.hpp"

#include "core/spool_name.hpp"
#include "sys/file_status.hpp"

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

/// One more that is about to pass, for as long as it lives.
struct Passing {
  explicit Passing(CommitState& shared) : state(shared) { ++state.passing; }
  ~Passing() { --state.passing; }
  Passing(const Passing&) = delete;
  Passing& operator=(const Passing&) = delete;
  CommitState& state;
};

}  // namespace

void PairGate::prepare() {
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

std::optional<std::string> PairGate::find_change() {
  const int folder = snapshot_.folder.get();
  for (const auto& [name, file] :
       {std::pair<const std::string&, const OpenFile&>{intent_.prompt_name, snapshot_.prompt_file},
        std::pair<const std::string&, const OpenFile&>{intent_.image_name, snapshot_.image_file}}) {
    if (!is_unchanged(folder, name, file)) return name + " changed while it was sent";
  }
  if (intent_.is_repeat) return std::nullopt;
  for (const std::string& name : result_names(intent_.job.stem)) {
    const StatusAnswer found = look_up_status(folder, name);
    if (found.code == 0 && !found.status.is_folder) return name + " appeared while the pair was sent";
  }
  return std::nullopt;
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
  if (write_) co_return;
  prepare();
  co_await settle();
}

boost::asio::awaitable<std::optional<std::string>> PairGate::pass() {
  co_await ledger_.wait(write_);
  note_answer();
  if (!write_->error.empty()) co_return "the ledger could not record the intent: " + write_->error;
  if (end_.is_known) co_return "the ledger knows this pair as " + std::string(word_of(answer_->known->state));
  const Passing passing(state_);
  const std::string no_space = co_await ledger_.reserve_answers(state_.awaiting + state_.passing - 1);
  if (!no_space.empty()) co_return "there is no space for the answer: " + no_space;
  // Last, so that the time between the look and the boundary is as short as it can be.
  if (auto change = find_change()) {
    end_.has_changed = true;
    co_return std::move(*change);
  }
  // Its own intent is there; whether an answer could be recorded is another matter.
  if (!ledger_.is_well()) co_return "the ledger cannot be written";
  if (!state_.is_open) co_return "reeld is stopping";
  end_.has_passed = true;
  ++state_.awaiting;
  co_return std::nullopt;
}

}  // namespace reeld
