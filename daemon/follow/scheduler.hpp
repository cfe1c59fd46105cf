#pragma once
// Which followed job is polled next, and which downloads: all jobs that are followed, until each has come to
// an end. It gives orders; who holds it carries them out and tells what came of them.
//
// Pure: the time and the dice are arguments. Threads: none of its own. A job takes well below 2 KiB here, and
// there is one time at which to wake up.

#include <array>
#include <cstdint>
#include <map>
#include <optional>
#include <set>
#include <unordered_map>
#include <utility>
#include <vector>

#include "core/clock.hpp"
#include "follow/job.hpp"
#include "follow/pace.hpp"
#include "follow/poll_verdict.hpp"
#include "follow/rules.hpp"

namespace reeld {

/// The ledger's number of a job.
using FollowId = std::int64_t;
/// An origin with one key's fingerprint; whoever holds the scheduler numbers them.
using FollowAccount = std::uint32_t;

struct FollowOrder {
  enum class Kind {
    poll,      // ask the API about the job; then `on_poll_ended`
    download,  // the first of `job.left` from `job.source`; then `on_download_ended`
    perform,   // `actions`, in their order, each durable before the next; then `on_performed`. Where the last
               // is `place`: then `on_placed` instead
    say,       // `change`, of the account's polls or downloads
  };
  Kind kind = Kind::poll;
  FollowId id = 0;
  FollowAccount account = 0;
  FollowedJob job{};  // as it is then: what `record` writes
  FollowActions actions{};
  PaceChange change{};
  bool is_of_downloads = false;  // say: `change`
};

/// How a download ended.
struct DownloadEnd {
  FollowEvent event{};  // whole, cut, gone, too_large, postponed
  PaceNews pace = PaceNews::fine;
  std::optional<milliseconds> wait{};  // what the server asks all to wait
};

class FollowScheduler {
 public:
  explicit FollowScheduler(const FollowRules& rules) : rules_(rules) {}

  /// One that was begun (`begin_following`), or that a start has found in the ledger (`resume_following`).
  /// `actions`: what is still to be done for it. One that has ended is performed, and then forgotten.
  void add(FollowId id, FollowAccount account, const FollowedJob& job, FollowActions actions);
  /// It is followed no more: its record is gone.
  void remove(FollowId id);
  /// `reeld follow PATH`. `recorded`: the job as the ledger has it, where it is not followed just now.
  /// Returns false where actions of the job are being performed: to be said again.
  bool take_up(FollowId id, FollowAccount account, const FollowedJob& recorded, SteadyTime now);

  void on_poll_ended(FollowId id, const PollVerdict& verdict, SteadyTime now, double jitter);
  void on_download_ended(FollowId id, const DownloadEnd& end, SteadyTime now, double jitter);
  /// `outcome`: placed, unusable, unplaced.
  void on_placed(FollowId id, FollowEvent::Kind outcome, SteadyTime now, double jitter);
  void on_performed(FollowId id);

  /// Without a key of its fingerprint an account's requests wait; so they do until this has been called.
  void set_key(FollowAccount account, bool has_key);
  /// The operator changed something about it: its pauses end, and one request decides.
  void probe_now(FollowAccount account);
  /// While the disk is full no download starts.
  void hold_downloads(bool is_held) { is_held_ = is_held; }
  /// Nothing starts from now on.
  void close() { is_open_ = false; }
  void change_rules(const FollowRules& rules);

  /// Starts what may start. Call it after any event, and at `wake_at()`.
  void pump(SteadyTime now);
  std::optional<SteadyTime> wake_at() const { return wake_at_; }
  std::vector<FollowOrder> take_orders() { return std::exchange(orders_, {}); }

  const FollowedJob* find(FollowId id) const;
  std::size_t size() const { return jobs_.size(); }
  std::size_t count(FollowStage stage) const { return counts_[static_cast<std::size_t>(stage)]; }
  std::uint32_t polls_in_flight() const { return polls_in_flight_; }
  std::uint32_t downloads_in_flight() const { return downloads_in_flight_; }
  /// Why an account's polls wait; `fine`: they do not.
  PaceNews poll_pause(FollowAccount account) const;

 private:
  using Due = std::set<std::pair<SteadyTime, FollowId>>;
  struct Entry {
    FollowedJob job;
    FollowAccount account = 0;
    std::uint64_t ticket = 0;   // of the request that is under way; 0: it goes by no pace
    bool is_busy = false;       // actions are being performed
    bool is_removed = false;    // ... or a request is under way, and then it goes
    bool is_scheduled = false;  // it stands in the queue of its stage
  };
  struct Account {
    explicit Account(const FollowRules& rules) : polls(rules), downloads(rules) {}
    FollowPace polls;
    FollowPace downloads;  // from the API itself
    Due polls_due;
    Due downloads_due;
    bool has_key = false;
    std::uint64_t turn = 0;  // when it was last served: accounts take turns
  };
  using Accounts = std::map<FollowAccount, Account>;

  Account& account_of(FollowAccount account);
  Due& queue_of(Entry& entry);
  void schedule(FollowId id, Entry& entry);
  void unschedule(FollowId id, Entry& entry);
  void apply(FollowId id, Entry& entry, const FollowEvent& event, SteadyTime now, double jitter);
  void perform(FollowId id, Entry& entry, FollowActions actions);
  void erase(FollowId id);
  Entry* find_entry(FollowId id, FollowStage stage);
  void say(const Entry& entry, PaceChange change, bool is_of_downloads);

  bool start_poll(SteadyTime now);
  bool start_download(SteadyTime now);
  Account* choose(Due Account::*queue, FollowPace Account::*pace, SteadyTime now);
  void start(Due& queue, FollowPace* pace, FollowEvent::Kind turn, SteadyTime now);
  std::uint32_t share(Due Account::*queue) const;
  void wake_by(std::optional<SteadyTime> time);

  FollowRules rules_;
  std::unordered_map<FollowId, Entry> jobs_;
  Accounts accounts_;
  Due links_due_;  // downloads from elsewhere: no key is needed, and no account's pause holds them
  std::array<std::size_t, follow_stages.size()> counts_{};
  std::vector<FollowOrder> orders_;
  std::optional<SteadyTime> wake_at_;
  std::uint64_t turns_ = 0;
  std::uint32_t polls_in_flight_ = 0;
  std::uint32_t downloads_in_flight_ = 0;
  bool is_held_ = false;
  bool is_open_ = true;
};

}  // namespace reeld
