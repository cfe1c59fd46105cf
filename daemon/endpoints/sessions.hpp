#pragma once
// Who is connected to one of reeld's own small servers. Each has so long, all in all: then it is closed,
// whatever it waits for.
//
// Lifetime: outlives its sessions. Threads: the loop's.

#include <boost/asio/any_io_executor.hpp>
#include <boost/asio/steady_timer.hpp>
#include <list>
#include <memory>
#include <utility>

#include "core/clock.hpp"

namespace reeld {

template <class Protocol>
class Sessions {
 public:
  using Socket = typename Protocol::socket;

  class Session {
   public:
    /// Kept by who serves it.
    Session(std::list<Session*>& all, Socket peer)
        : socket(std::move(peer)),
          timer(socket.get_executor()),
          all_(all),
          place_(all.insert(all.end(), this)) {}
    ~Session() { all_.erase(place_); }
    Session(const Session&) = delete;
    Session& operator=(const Session&) = delete;
    void close() {
      boost::system::error_code ignored;
      socket.close(ignored);
    }

    Socket socket;
    boost::asio::steady_timer timer;

   private:
    std::list<Session*>& all_;
    typename std::list<Session*>::iterator place_;
  };

  explicit Sessions(milliseconds deadline) : deadline_(deadline) {}
  Sessions(const Sessions&) = delete;
  Sessions& operator=(const Sessions&) = delete;

  std::shared_ptr<Session> begin(Socket peer) {
    auto session = std::make_shared<Session>(all_, std::move(peer));
    session->timer.expires_after(deadline_);
    session->timer.async_wait([weak = std::weak_ptr(session)](const boost::system::error_code& cancelled) {
      const auto self = weak.lock();
      if (self && !cancelled) self->close();
    });
    return session;
  }
  std::size_t size() const { return all_.size(); }
  /// Who came first has had the most time.
  void close_oldest() {
    if (!all_.empty()) all_.front()->close();
  }
  void close_all() {
    for (Session* const session : all_) session->close();
  }

 private:
  milliseconds deadline_;
  std::list<Session*> all_;  // the longest under way first
};

}  // namespace reeld
