#pragma once
// Accepts connections, each on a thread of its own, until told to stop.
//
// Lifetime: `run` returns once every connection's thread has ended.

#include <list>
#include <memory>
#include <mutex>
#include <thread>

#include "stub_api/session.hpp"
#include "stub_api/tls_listener.hpp"

namespace reeld::stub {

class Server {
 public:
  Server(TlsListener& listener, Service& service) : listener_(listener), service_(service) {}

  /// Serves until `signal_fd` is readable.
  void run(int signal_fd);

 private:
  struct Connection {
    std::unique_ptr<Stream> stream;  // null once it has ended; guarded by mutex_
    std::thread thread;
  };

  void accept_one();
  void serve(Connection& connection, std::uint64_t number);
  void join_ended();
  void end_all();

  TlsListener& listener_;
  Service& service_;
  std::mutex mutex_;
  std::list<Connection> connections_;
  std::uint64_t count_ = 0;
};

}  // namespace reeld::stub
