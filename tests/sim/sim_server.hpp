#pragma once
// An API that accepts, refuses, throttles, is broken, hangs, cuts its answers and answers late, and that
// keeps its own record of what it has created: the truth that everything is measured against.

#include <functional>
#include <map>
#include <optional>
#include <set>
#include <string>

#include "core/api_reply.hpp"
#include "sim/sim_clock.hpp"
#include "sim/sim_spool.hpp"

namespace reeld::sim {

struct ServerAnswer {
  milliseconds delay{0};
  std::optional<ApiReply> reply;  // nullopt: none comes
  int cut_status = 0;
  std::string body;
  bool is_early_success = false;  // a 2xx with an id, before the request was whole
};

struct ServerJob {
  Contents contents;        // of the files that have arrived
  std::int64_t job = 0;     // of the ledger; 0: it has none
  bool is_early = false;    // created before the request was whole, which a crash may keep from the ledger
  bool has_failed = false;  // as its answer said
};

class Server {
 public:
  Server(Timeline& timeline, Dice& dice) : timeline_(timeline), dice_(dice) {}

  void heal() { is_healthy_ = true; }
  bool is_healthy() const { return is_healthy_; }
  /// The closing boundary has arrived: the request is whole.
  ServerAnswer receive(const ServerJob& request);
  /// A reply before the whole request was there, or a failure on the way: what an upload may meet.
  std::optional<ServerAnswer> interrupt();
  /// Of what has arrived so far a job is created all the same: an early success. Returns its answer.
  ServerAnswer accept_early(const Contents& contents);
  /// The ledger has it.
  void note_job(const std::string& id, std::int64_t job) { jobs_.at(id).job = job; }
  /// Early answers that were heard, and are recorded nowhere yet, are lost.
  void forget_unrecorded();

  /// How many jobs were created of these contents.
  std::size_t created(const Contents& contents) const;
  const std::map<std::string, ServerJob>& jobs() const { return jobs_; }

 private:
  ServerAnswer accept(const ServerJob& request);
  std::optional<ApiReply> find_wall(const ServerJob& request);
  static ApiReply make_error(int status, const std::string& code);

  Timeline& timeline_;
  Dice& dice_;
  bool is_healthy_ = false;
  SteadyTime walled_until_ = SteadyTime::min();  // every request is answered alike
  bool is_wall_refusal_ = false;                 // ... with an error of the API, not with a page
  std::size_t last_id_ = 0;
  std::map<std::string, ServerJob> jobs_;  // by id
};

}  // namespace reeld::sim
