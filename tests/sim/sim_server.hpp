#pragma once
// An API that accepts, refuses, throttles, is broken, hangs, cuts its answers and answers late, and that
// keeps its own record of what it has created: the truth that everything is measured against.

#include <functional>
#include <map>
#include <optional>
#include <set>
#include <string>

#include "core/api_reply.hpp"
#include "core/file_identity.hpp"
#include "sim/sim_clock.hpp"

namespace reeld::sim {

struct ServerAnswer {
  milliseconds delay{0};
  std::optional<ApiReply> reply;  // nullopt: none comes
  int cut_status = 0;
  std::string body;
};

class Server {
 public:
  Server(Timeline& timeline, Dice& dice) : timeline_(timeline), dice_(dice) {}

  void heal() { is_healthy_ = true; }
  bool is_healthy() const { return is_healthy_; }
  /// The closing boundary has arrived: the request is whole.
  ServerAnswer receive(const PairIdentity& pair);
  /// A reply before the whole request was there, or a failure on the way: what an upload may meet.
  std::optional<ServerAnswer> interrupt();

  /// How many jobs were created for these files.
  int created(const PairIdentity& pair) const;
  const std::map<std::string, PairIdentity>& jobs() const { return jobs_; }

 private:
  ServerAnswer accept(const PairIdentity& pair);
  static ApiReply make_error(int status, const std::string& code);

  Timeline& timeline_;
  Dice& dice_;
  bool is_healthy_ = false;
  std::map<std::string, PairIdentity> jobs_;  // by id
};

}  // namespace reeld::sim
