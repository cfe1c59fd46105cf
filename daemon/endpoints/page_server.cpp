#include "endpoints/page_server.hpp"

#include <array>
#include <boost/asio/as_tuple.hpp>
#include <boost/asio/buffer.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <boost/asio/write.hpp>
#include <charconv>
#include <utility>

#include "async/task_group.hpp"
#include "endpoints/sessions.hpp"
#include "http/listen_address.hpp"
#include "log/log_events.hpp"

namespace reeld {
namespace {

namespace asio = boost::asio;
using asio::ip::tcp;

constexpr std::size_t max_page_sessions = 64;
constexpr std::size_t max_unread = std::size_t{64} * 1024;  // of what a client sends and nobody asked for
constexpr auto pause_after_accept_failure = std::chrono::seconds(1);

/// The text is one that http/listen_address has made, but that the port may be 0.
tcp::endpoint parse(const std::string& address) {
  const auto colon = address.rfind(':');
  std::string host = address.substr(0, colon);
  if (host == "localhost") host = "127.0.0.1";
  if (host.starts_with('[')) host = host.substr(1, host.size() - 2);
  unsigned short port = 0;
  std::from_chars(address.data() + colon + 1, address.data() + address.size(), port);
  return {asio::ip::make_address(host), port};
}

std::string show(const tcp::endpoint& at) {
  const std::string host = at.address().to_string();
  return (at.address().is_v6() ? "[" + host + "]" : host) + ":" + std::to_string(at.port());
}

Page make_error(int status, const std::string& text) {
  Page page;
  page.status = status;
  page.text = text + "\n";
  return page;
}

}  // namespace

struct PageServer::Impl {
  using Session = Sessions<tcp>::Session;
  using Acceptor = std::shared_ptr<tcp::acceptor>;

  Impl(asio::any_io_executor executor, Log& into, Pages all_pages, milliseconds longest, milliseconds again)
      : loop(std::move(executor)),
        log(into),
        pages(std::move(all_pages)),
        retry_pause(again),
        pause(loop),
        retry(loop),
        sessions(longest),
        tasks(loop, [] {}) {}

  void close();
  void open();
  boost::system::error_code bind(Acceptor& made) const;
  void say_listening();
  void say_failed(const std::string& reason);
  asio::awaitable<void> accept(Acceptor from);
  asio::awaitable<void> serve(std::shared_ptr<Session> session);
  asio::awaitable<void> read_request(Session& session, PageRequestReader& reader);
  asio::awaitable<Page> make_page(const PageRequestReader& reader);

  asio::any_io_executor loop;
  Log& log;
  Pages pages;
  milliseconds retry_pause;
  std::string wanted;  // "" : nowhere
  bool has_said_failure = false;
  Acceptor acceptor;  // null while there is none
  asio::steady_timer pause;
  asio::steady_timer retry;
  Sessions<tcp> sessions;
  TaskGroup tasks;  // last: its coroutines refer to everything above
};

PageServer::PageServer(asio::any_io_executor loop, Log& log, Pages pages, milliseconds deadline,
                       milliseconds retry)
    : impl_(std::make_unique<Impl>(std::move(loop), log, std::move(pages), deadline, retry)) {}

PageServer::~PageServer() = default;

void PageServer::listen(const std::string& address) {
  if (address == impl_->wanted && (address.empty() || impl_->acceptor)) return;
  impl_->close();
  impl_->has_said_failure = false;
  impl_->wanted = address;
  if (!address.empty()) impl_->open();
}

void PageServer::stop() {
  impl_->close();
  impl_->wanted.clear();
  impl_->sessions.close_all();
}

std::string PageServer::address() const {
  if (!impl_->acceptor) return "";
  boost::system::error_code ignored;
  return show(impl_->acceptor->local_endpoint(ignored));
}

void PageServer::Impl::close() {
  retry.cancel();
  pause.cancel();
  boost::system::error_code ignored;
  if (acceptor) acceptor->close(ignored);
  acceptor.reset();
}

void PageServer::Impl::open() {
  Acceptor made;
  if (const auto error = bind(made)) {
    say_failed(error.message());
    retry.expires_after(retry_pause);
    retry.async_wait([this](const boost::system::error_code& cancelled) {
      if (!cancelled) open();
    });
    return;
  }
  acceptor = std::move(made);
  say_listening();
  tasks.spawn("accept who asks for metrics", accept(acceptor));
}

boost::system::error_code PageServer::Impl::bind(Acceptor& made) const {
  boost::system::error_code error;
  const tcp::endpoint at = parse(wanted);
  made = std::make_shared<tcp::acceptor>(loop);
  made->open(at.protocol(), error);
  if (!error) made->set_option(tcp::acceptor::reuse_address(true), error);
  if (!error) made->bind(at, error);
  if (!error) made->listen(asio::socket_base::max_listen_connections, error);
  return error;
}

void PageServer::Impl::say_listening() {
  boost::system::error_code ignored;
  const std::string at = show(acceptor->local_endpoint(ignored));
  has_said_failure = false;
  if (is_loopback(wanted)) return log.info(event::metrics_listening, "metrics are served", {{"address", at}});
  log.warning(event::metrics_listening,
              "metrics are served, and not to this machine alone: whoever reaches the port may read them",
              {{"address", at}});
}

void PageServer::Impl::say_failed(const std::string& reason) {
  if (std::exchange(has_said_failure, true)) return;
  log.error(event::metrics_failed,
            "metrics cannot be served there: name another address as metrics.listen; it is tried again, and "
            "all else "
            "goes on",
            {{"address", wanted}, {"reason", reason}});
}

asio::awaitable<void> PageServer::Impl::accept(Acceptor from) {
  while (from->is_open()) {
    tcp::socket peer(loop);
    const auto [error] = co_await from->async_accept(peer, asio::as_tuple(asio::use_awaitable));
    if (!from->is_open()) co_return;
    if (error) {
      // Too many open files, most likely: that is not mended by asking again at once.
      pause.expires_after(pause_after_accept_failure);
      const auto [cancelled] = co_await pause.async_wait(asio::as_tuple(asio::use_awaitable));
      static_cast<void>(cancelled);
      continue;
    }
    // Those that are closed and not over wait for a page that does not come.
    if (sessions.size() >= 2 * max_page_sessions) continue;
    if (sessions.size() >= max_page_sessions) sessions.close_oldest();
    tasks.spawn("answer who asks for metrics", serve(sessions.begin(std::move(peer))));
  }
}

asio::awaitable<void> PageServer::Impl::serve(std::shared_ptr<Session> session) {
  PageRequestReader reader;
  co_await read_request(*session, reader);
  if (reader.state() == PageRequestReader::State::reading) co_return;  // who asked has gone, or was too slow
  const Page page = co_await make_page(reader);
  const std::string text =
      write_page(page, reader.request().method == "HEAD", std::chrono::system_clock::now());
  const auto out = asio::buffer(text);
  const auto [failed, sent] =
      co_await asio::async_write(session->socket, out, asio::as_tuple(asio::use_awaitable));
  if (failed) co_return;
  // To close before all is read would reset the connection, and the reply with it.
  boost::system::error_code ignored;
  session->socket.shutdown(tcp::socket::shutdown_send, ignored);
  std::array<char, 1024> rest{};
  for (std::size_t unread = 0; unread < max_unread;) {
    const auto [error, got] =
        co_await session->socket.async_read_some(asio::buffer(rest), asio::as_tuple(asio::use_awaitable));
    if (error) co_return;
    unread += got;
  }
}

asio::awaitable<void> PageServer::Impl::read_request(Session& session, PageRequestReader& reader) {
  std::array<char, 1024> piece{};
  while (reader.state() == PageRequestReader::State::reading) {
    const auto [error, got] =
        co_await session.socket.async_read_some(asio::buffer(piece), asio::as_tuple(asio::use_awaitable));
    if (error) co_return;
    reader.feed({piece.data(), got});
  }
}

asio::awaitable<Page> PageServer::Impl::make_page(const PageRequestReader& reader) {
  if (reader.state() == PageRequestReader::State::malformed)
    co_return make_error(400, "this is no HTTP/1 request");
  if (reader.state() == PageRequestReader::State::too_long)
    co_return make_error(431, "the request's head is too long");
  const auto page = pages.find(reader.request().path);
  if (page == pages.end()) co_return make_error(404, "there are /metrics and /healthz");
  const std::string& method = reader.request().method;
  if (method != "GET" && method != "HEAD") co_return make_error(405, "GET and HEAD only");
  auto making = page->second();
  Page made = co_await std::move(making);
  co_return made;
}

}  // namespace reeld
