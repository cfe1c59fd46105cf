#include "net/name_lookup.hpp"

#include <netdb.h>
#include <netinet/in.h>
#include <signal.h>
#include <sys/socket.h>

#include <algorithm>
#include <boost/asio/post.hpp>
#include <cerrno>
#include <cstring>
#include <system_error>
#include <thread>

#include "net/reasons.hpp"

namespace reeld {

namespace asio = boost::asio;

namespace {

struct AddressListFree {
  void operator()(addrinfo* list) const { freeaddrinfo(list); }
};

asio::ip::address read_address(const sockaddr* where) {
  if (where->sa_family == AF_INET) {
    sockaddr_in address{};
    std::memcpy(&address, where, sizeof address);
    return asio::ip::address_v4(ntohl(address.sin_addr.s_addr));
  }
  sockaddr_in6 address{};
  std::memcpy(&address, where, sizeof address);
  asio::ip::address_v6::bytes_type bytes;
  std::memcpy(bytes.data(), &address.sin6_addr, bytes.size());
  return asio::ip::address_v6(bytes, address.sin6_scope_id);
}

LookupAnswer ask_system(const std::string& host) {
  LookupAnswer answer;
  addrinfo hints{};
  hints.ai_socktype = SOCK_STREAM;
  addrinfo* found = nullptr;
  const int code = ::getaddrinfo(host.c_str(), nullptr, &hints, &found);
  const std::unique_ptr<addrinfo, AddressListFree> list(code == 0 ? found : nullptr);
  if (code != 0) answer.error = code == EAI_SYSTEM ? errno_text(errno) : gai_strerror(code);
  for (const addrinfo* entry = list.get(); entry != nullptr; entry = entry->ai_next) {
    if (entry->ai_family != AF_INET && entry->ai_family != AF_INET6) continue;
    const asio::ip::address address = read_address(entry->ai_addr);
    if (std::find(answer.addresses.begin(), answer.addresses.end(), address) == answer.addresses.end())
      answer.addresses.push_back(address);
  }
  return answer;
}

/// The process's signals are for its other threads: one that begins meanwhile takes none.
class NoSignals {
 public:
  NoSignals() {
    sigset_t all;
    sigfillset(&all);
    pthread_sigmask(SIG_SETMASK, &all, &before_);
  }
  ~NoSignals() { pthread_sigmask(SIG_SETMASK, &before_, nullptr); }
  NoSignals(const NoSignals&) = delete;
  NoSignals& operator=(const NoSignals&) = delete;

 private:
  sigset_t before_{};
};

}  // namespace

void add_localhost(const std::string& host, LookupAnswer& answer) {
  if (host != "localhost" || !answer.addresses.empty()) return;
  answer.addresses = {asio::ip::address_v4::loopback(), asio::ip::address_v6::loopback()};
  answer.error.clear();
}

void LookupQueue::close() {
  const std::lock_guard lock(mutex_);
  is_open_ = false;
}

void LookupQueue::hand_in(std::function<void()> answer) {
  const std::lock_guard lock(mutex_);
  if (is_open_) asio::post(executor_, std::move(answer));
}

void look_up_name(std::shared_ptr<LookupQueue> queue, std::string host,
                  std::function<void(LookupAnswer)> done) {
  auto work = [queue, host = std::move(host), done] {
    LookupAnswer answer = ask_system(host);
    add_localhost(host, answer);
    queue->hand_in([done, answer = std::move(answer)] { done(answer); });
  };
  try {
    const NoSignals begin_without;
    std::thread(std::move(work)).detach();
  } catch (const std::system_error& error) {
    LookupAnswer answer;
    answer.error = std::string("start a thread for it: ") + error.what();
    queue->hand_in([done, answer = std::move(answer)] { done(answer); });
  }
}

}  // namespace reeld
