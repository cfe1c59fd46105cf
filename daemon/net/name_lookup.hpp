#pragma once
// One name, asked of the system on a thread of its own.
//
// getaddrinfo cannot be cancelled and may take as long as the system's settings say. So nobody waits for the
// thread: not a loop that wants to end, not the end of the process. Lifetime: the thread keeps what it needs.
// Threads: called on the loop's; `done` runs there too, or never once the queue is closed.

#include <boost/asio/any_io_executor.hpp>
#include <boost/asio/ip/address.hpp>
#include <functional>
#include <memory>
#include <mutex>
#include <string>
#include <vector>

namespace reeld {

using Addresses = std::vector<boost::asio::ip::address>;

/// Where the threads hand in their answers. Closed before the loop goes.
class LookupQueue {
 public:
  explicit LookupQueue(boost::asio::any_io_executor executor) : executor_(std::move(executor)) {}
  LookupQueue(const LookupQueue&) = delete;
  LookupQueue& operator=(const LookupQueue&) = delete;

  void close();
  void hand_in(std::function<void()> answer);

 private:
  std::mutex mutex_;
  bool is_open_ = true;
  boost::asio::any_io_executor executor_;
};

struct LookupAnswer {
  std::string error;  // "" with addresses, each once, in the system's order (RFC 6724)
  Addresses addresses;
};

/// Where the system has no address for `localhost` (a root without /etc/hosts), it is the loopback's. Source:
/// RFC 6761, 6.3.
void add_localhost(const std::string& host, LookupAnswer& answer);

void look_up_name(std::shared_ptr<LookupQueue> queue, std::string host,
                  std::function<void(LookupAnswer)> done);

}  // namespace reeld
