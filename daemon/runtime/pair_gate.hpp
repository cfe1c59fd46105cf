#pragma once
// The commit gate of one attempt: looks at both files once more after the last byte of the image, and lets
// the closing boundary go only if they are still what was opened.

#include "net/exchange.hpp"
#include "runtime/snapshot.hpp"

namespace reeld {

/// What all attempts share about the commit point.
struct CommitState {
  bool is_open = true;       // false while reeld stops: no boundary goes out any more
  std::size_t awaiting = 0;  // attempts that have passed it and have no answer yet
};

class PairGate : public CommitGate {
 public:
  /// Both are kept by the caller until the exchange has ended. `state` is asked last of all.
  PairGate(const ReadyPair& pair, const Snapshot& snapshot, CommitState& state)
      : pair_(pair), snapshot_(snapshot), state_(state) {}
  ~PairGate() override { state_.awaiting -= has_passed_ ? 1 : 0; }
  PairGate(const PairGate&) = delete;
  PairGate& operator=(const PairGate&) = delete;

  void prepare() override {}
  boost::asio::awaitable<std::optional<std::string>> pass() override;

  /// Why the gate was refused: a file has changed (the job starts over), rather than reeld stopping.
  bool has_pair_changed() const { return has_pair_changed_; }

 private:
  const ReadyPair& pair_;
  const Snapshot& snapshot_;
  CommitState& state_;
  bool has_passed_ = false;
  bool has_pair_changed_ = false;
};

}  // namespace reeld
