#pragma once
// A client for one API: its connections (kept while hot), its TLS context and sessions, its proxy.
//
// Lifetime: held by shared_ptr; exchanges under way keep what they use. Destroyed only when none is under
// way. Threads: the loop's thread only. Errors: the constructor throws std::runtime_error when ca_file or
// the certificate cannot be used (naming the file).

#include <boost/asio/any_io_executor.hpp>
#include <boost/asio/awaitable.hpp>
#include <memory>
#include <optional>
#include <string>

#include "net/exchange.hpp"
#include "settings/api_credentials.hpp"

namespace reeld {

struct ProxyAddress {
  std::string host;
  std::uint16_t port = 0;
  std::string authorization;  // the value of Proxy-Authorization, "" if none
  bool operator==(const ProxyAddress&) const = default;
};

struct ClientOptions {
  bool tls = true;
  std::string host;  // a name, or an address without brackets
  std::uint16_t port = 443;
  std::optional<ProxyAddress> proxy;
  std::string ca_file;                           // besides the system's; "" : none
  std::optional<ClientCertificate> certificate;  // for the API alone
  milliseconds connect_timeout{10'000};
  milliseconds upload_timeout{30'000};
  milliseconds response_timeout{600'000};
  milliseconds answer_silence{10'000};  // ends an answer that nothing else ends (http/http_message)
  milliseconds reuse_idle{2'000};
};

class HttpClient {
 public:
  HttpClient(boost::asio::any_io_executor executor, ClientOptions options);
  ~HttpClient();
  HttpClient(const HttpClient&) = delete;
  HttpClient& operator=(const HttpClient&) = delete;

  /// Sends one submission. Never throws for anything that the network or the peer does.
  /// `submission`, `image` and `gate` must outlive the returned awaitable's completion.
  boost::asio::awaitable<ExchangeEnd> submit(const Submission& submission, ImageSource& image,
                                             CommitGate& gate);

  /// The answer is one to trust, so its connection may serve again. Else it is closed with `end.spare`.
  void keep_connection(ExchangeEnd& end);

  /// Ends every exchange that has not passed the commit point (each as unsent, soon), and refuses new ones.
  /// One that is hearing the rest of an early success goes on.
  void abort_uncommitted();
  /// Ends every exchange; those past the commit point come back committed and without a reply.
  void abort_all();
  /// Closes idle connections, so that the loop can end.
  void close_idle();

 private:
  struct Impl;
  std::shared_ptr<Impl> impl_;
};

}  // namespace reeld
