#pragma once
// A question to the daemon that serves a spool, by its control socket (endpoints/control_server).
//
// Threads: blocking, for a few seconds at most.

#include <cstddef>
#include <string>
#include <vector>

namespace reeld {

struct DaemonReply {
  enum class Kind {
    answered,
    refused,  // `text` says why: the daemon's own words, or the system's
    nobody,   // there is no socket, or nobody listens at it
  };
  Kind kind = Kind::nobody;
  std::string text;
};

/// Who may write to the spool may lay a socket there, and write without an end: so a reply has a limit.
inline constexpr std::size_t usual_reply = std::size_t{1} << 20U;

DaemonReply ask_daemon(int spool_fd, const std::vector<std::string>& request,
                       std::size_t max_reply = usual_reply);

}  // namespace reeld
