#pragma once
// The commit gate of one attempt. While the last of the image goes up it has the ledger record the intent;
// after the last byte of it, it looks at both files once more, waits for the intent to be durable, and only
// then lets the closing boundary go.

#include "net/exchange.hpp"
#include "runtime/ledger_link.hpp"
#include "runtime/snapshot.hpp"

namespace reeld {

/// What all attempts share about the commit point.
struct CommitState {
  bool is_open = true;       // false while reeld stops: no boundary goes out any more
  std::size_t awaiting = 0;  // attempts that have passed it and have no answer yet
  std::size_t passing = 0;   // attempts that are about to
  SteadyTime last_moved{};   // when bytes of an image were last read for an upload
};

/// What the gate has come to. Owned by the attempt's report, so that it is known whatever happens then.
struct GateEnd {
  bool has_intent = false;   // it stands in the ledger, and its end must be recorded
  bool has_passed = false;   // the closing boundary may have left
  bool has_changed = false;  // a file is no longer what was opened, or a result has come from elsewhere
  bool is_known = false;     // the ledger knows the pair: it must not be sent
  std::int64_t job = 0;      // the ledger's number of the job, with `has_intent`
};

class PairGate : public CommitGate {
 public:
  /// All are kept by the caller until the exchange has ended.
  PairGate(const IntentRecord& intent, const Snapshot& snapshot, CommitState& state, LedgerLink& ledger,
           GateEnd& end)
      : intent_(intent), snapshot_(snapshot), state_(state), ledger_(ledger), end_(end) {}
  ~PairGate() override { state_.awaiting -= end_.has_passed ? 1 : 0; }
  PairGate(const PairGate&) = delete;
  PairGate& operator=(const PairGate&) = delete;

  void prepare() override;
  boost::asio::awaitable<std::optional<std::string>> pass() override;
  /// After the exchange: an intent may have been recorded although the gate was never reached, and then its
  /// end must be too.
  boost::asio::awaitable<void> settle();
  /// The API has answered before the gate was reached, with what may be paid for: the ledger gets to know the
  /// job all the same.
  boost::asio::awaitable<void> record_late();

 private:
  void note_answer();
  std::optional<std::string> find_change();

  const IntentRecord& intent_;
  const Snapshot& snapshot_;
  CommitState& state_;
  LedgerLink& ledger_;
  GateEnd& end_;
  std::shared_ptr<LedgerWrite> write_;
  std::shared_ptr<IntentAnswer> answer_;  // the writer's until `write_` is done
};

}  // namespace reeld
