#pragma once
// The head of an HTTP request for a page, as a monitoring system sends it, and the reply to it. A body is
// never read: each connection serves one request.
//
// Threads: none of its own. Source: RFC 9112 3.2 (the target), 9.6 (close); RFC
// 9110 5.6.7, 6.6.1, 9.3.1, 9.3.2, 15.5.6.

#include <memory>
#include <string>
#include <string_view>

#include "core/clock.hpp"

namespace reeld {

struct PageRequest {
  std::string method;
  std::string path;  // without the query; of "http://host/path" the path
};

class PageRequestReader {
 public:
  enum class State {
    reading,    // the head is not whole yet
    whole,      // `request()` holds it
    malformed,  // not HTTP/1
    too_long,   // more than `max_head`
  };
  static constexpr std::size_t max_head = std::size_t{8} * 1024;

  PageRequestReader();
  ~PageRequestReader();

  /// The next bytes from the connection. Once it is no longer `reading`, more bytes change nothing.
  State feed(std::string_view bytes);
  State state() const { return state_; }
  const PageRequest& request() const { return request_; }

 private:
  struct Impl;

  State state_ = State::reading;
  PageRequest request_;
  std::unique_ptr<Impl> impl_;
};

struct Page {
  int status = 200;
  std::string type = "text/plain; charset=utf-8";
  std::string text;
};

/// The whole reply. To HEAD it ends with its headers, which are those of GET.
std::string write_page(const Page& page, bool is_head, SystemTime now);

}  // namespace reeld
