#include "http/page_request.hpp"

#include <array>
#include <boost/asio/buffer.hpp>
#include <boost/beast/http/empty_body.hpp>
#include <boost/beast/http/error.hpp>
#include <boost/beast/http/parser.hpp>
#include <boost/beast/http/status.hpp>
#include <ctime>

namespace reeld {
namespace {

namespace http = boost::beast::http;

/// "/metrics?x=1" and "http://host:1/metrics" both ask for "/metrics".
std::string find_path(std::string_view target) {
  target = target.substr(0, target.find_first_of("?#"));
  const auto scheme = target.find("://");
  if (!target.starts_with('/') && scheme != std::string_view::npos) {
    const auto slash = target.find('/', scheme + 3);
    return slash == std::string_view::npos ? "/" : std::string(target.substr(slash));
  }
  return std::string(target);
}

/// "Sun, 06 Nov 1994 08:49:37 GMT"; reeld never sets a locale, so the names are the English ones.
std::string write_date(SystemTime at) {
  const std::time_t whole = std::chrono::system_clock::to_time_t(at);
  std::tm parts{};
  ::gmtime_r(&whole, &parts);
  std::array<char, 64> text{};
  return std::string(text.data(),
                     std::strftime(text.data(), text.size(), "%a, %d %b %Y %H:%M:%S GMT", &parts));
}

}  // namespace

struct PageRequestReader::Impl {
  http::request_parser<http::empty_body> parser;
  std::string unread;  // the parser takes whole lines
};

PageRequestReader::PageRequestReader() : impl_(std::make_unique<Impl>()) {
  impl_->parser.header_limit(max_head);
  impl_->parser.skip(true);  // the body
}

PageRequestReader::~PageRequestReader() = default;

PageRequestReader::State PageRequestReader::feed(std::string_view bytes) {
  if (state_ != State::reading) return state_;
  impl_->unread.append(bytes);
  boost::system::error_code error;
  const std::size_t taken = impl_->parser.put(boost::asio::buffer(impl_->unread), error);
  impl_->unread.erase(0, taken);
  if (error == http::error::header_limit || impl_->unread.size() > max_head) return state_ = State::too_long;
  if (impl_->parser.is_header_done()) {
    const auto& message = impl_->parser.get();
    request_ = {std::string(message.method_string()), find_path(message.target())};
    return state_ = State::whole;
  }
  if (error && error != http::error::need_more) return state_ = State::malformed;
  return state_;
}

std::string write_page(const Page& page, bool is_head, SystemTime now) {
  const auto reason = http::obsolete_reason(static_cast<http::status>(page.status));
  std::string out = "HTTP/1.1 " + std::to_string(page.status) + " ";
  out.append(reason.data(), reason.size());
  out += "\r\nContent-Type: " + page.type + "\r\nContent-Length: " + std::to_string(page.text.size());
  out += "\r\nCache-Control: no-store\r\nX-Content-Type-Options: nosniff\r\nConnection: close\r\n";
  out += "Date: " + write_date(now) + "\r\n";
  if (page.status == 405) out += "Allow: GET, HEAD\r\n";
  out += "\r\n";
  return is_head ? out : out + page.text;
}

}  // namespace reeld
