#include "submit/api_contexts.hpp"

namespace reeld {

void ApiContexts::switch_to(std::shared_ptr<ApiContext> next) {
  current_->client->close_idle();
  std::erase_if(retired_, [](const std::weak_ptr<ApiContext>& older) { return older.expired(); });
  retired_.push_back(current_);
  current_ = std::move(next);
}

void ApiContexts::abort_uncommitted() {
  for_each_client([](HttpClient& client) { client.abort_uncommitted(); });
}

void ApiContexts::abort_all() {
  for_each_client([](HttpClient& client) { client.abort_all(); });
}

void ApiContexts::for_each_client(const std::function<void(HttpClient&)>& action) {
  for (const std::weak_ptr<ApiContext>& older : retired_) {
    if (const auto context = older.lock()) action(*context->client);
  }
  action(*current_->client);
}

}  // namespace reeld
