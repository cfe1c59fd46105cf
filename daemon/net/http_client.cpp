#include "net/http_client.hpp"

#include <algorithm>
#include <vector>

#include "net/exchange_run.hpp"
#include "net/reasons.hpp"
#include "net/route.hpp"

namespace reeld {

namespace asio = boost::asio;

struct HttpClient::Impl {
  Impl(const asio::any_io_executor& executor, ClientOptions options) : route(executor, std::move(options)) {}

  static asio::awaitable<ExchangeEnd> submit(std::shared_ptr<Impl> self, const Submission& submission,
                                             ImageSource& image, CommitGate& gate);

  Route route;
  std::vector<ExchangeRun*> under_way;
  bool is_stopping = false;
};

namespace {

/// An exchange is listed, so that it can be aborted, for as long as it lives.
class Listing {
 public:
  Listing(std::vector<ExchangeRun*>& list, ExchangeRun& run) : list_(list), run_(&run) {
    list_.push_back(run_);
  }
  ~Listing() { std::erase(list_, run_); }
  Listing(const Listing&) = delete;
  Listing& operator=(const Listing&) = delete;

 private:
  std::vector<ExchangeRun*>& list_;
  ExchangeRun* run_;
};

}  // namespace

asio::awaitable<ExchangeEnd> HttpClient::Impl::submit(std::shared_ptr<Impl> self,
                                                      const Submission& submission, ImageSource& image,
                                                      CommitGate& gate) {
  ExchangeEnd end;
  if (self->is_stopping) {
    end.failure = make_stopping_failure(Stage::connect);
    co_return end;
  }
  ExchangeRun run(self->route, submission, image, gate);
  const Listing listing(self->under_way, run);
  end = co_await run.run();
  co_return end;
}

HttpClient::HttpClient(asio::any_io_executor executor, ClientOptions options)
    : impl_(std::make_shared<Impl>(executor, std::move(options))) {}

HttpClient::~HttpClient() {
  close_idle();
}

asio::awaitable<ExchangeEnd> HttpClient::submit(const Submission& submission, ImageSource& image,
                                                CommitGate& gate) {
  return Impl::submit(impl_, submission, image, gate);
}

void HttpClient::keep_connection(ExchangeEnd& end) {
  if (end.spare && !impl_->is_stopping) impl_->route.pool().put(std::move(end.spare));
  end.spare.reset();
}

void HttpClient::abort_uncommitted() {
  impl_->is_stopping = true;
  for (ExchangeRun* run : impl_->under_way)
    if (!run->is_answer_due()) run->abort();
}

void HttpClient::abort_all() {
  impl_->is_stopping = true;
  for (ExchangeRun* run : impl_->under_way) run->abort();
}

void HttpClient::close_idle() {
  impl_->route.pool().close_all();
}

}  // namespace reeld
