#pragma once
// What all attempts of a spool share: the settings of now, and the commit point, which a stop closes.
//
// Lifetime: the references are kept by the caller until the last attempt has ended. Threads: the loop's.

#include <boost/asio/thread_pool.hpp>
#include <memory>
#include <utility>

#include "submit/api_contexts.hpp"
#include "submit/attempt.hpp"
#include "submit/pair_gate.hpp"

namespace reeld {

class Attempts {
 public:
  struct Parts {
    int spool_fd;  // kept by the caller
    boost::asio::thread_pool& workers;
    Log& log;
    LedgerClient& ledger;
  };
  Attempts(Parts parts, std::shared_ptr<ApiContext> context) : parts_(parts), contexts_(std::move(context)) {}

  AttemptPlan make_plan(Action action) {
    return {std::move(action), contexts_.current(), parts_.spool_fd, parts_.workers,
            parts_.log,        commit_state_,       parts_.ledger};
  }
  const Settings& settings() const { return contexts_.settings(); }
  void switch_to(std::shared_ptr<ApiContext> context) { contexts_.switch_to(std::move(context)); }

  CommitState& commit_state() { return commit_state_; }
  const CommitState& commit_state() const { return commit_state_; }
  /// No boundary goes out any more, and attempts that have not passed the commit point end.
  void stop() {
    commit_state_.is_open = false;
    contexts_.abort_uncommitted();
  }
  bool is_stopped() const { return !commit_state_.is_open; }
  /// Those that have passed it, too: in doubt.
  void abort_all() { contexts_.abort_all(); }

 private:
  Parts parts_;
  ApiContexts contexts_;
  CommitState commit_state_;
};

}  // namespace reeld
