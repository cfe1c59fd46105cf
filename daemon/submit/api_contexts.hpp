#pragma once
// The settings, credentials and client that attempts are made under: those of now, and those of before a
// reload, under which some may still be under way.
//
// Threads: the loop's.

#include <functional>
#include <memory>
#include <utility>
#include <vector>

#include "submit/api_context.hpp"

namespace reeld {

class ApiContexts {
 public:
  explicit ApiContexts(std::shared_ptr<ApiContext> first) : current_(std::move(first)) {}

  const std::shared_ptr<ApiContext>& current() const { return current_; }
  const Settings& settings() const { return current_->settings; }
  /// What is in flight goes on under the old ones.
  void switch_to(std::shared_ptr<ApiContext> next);
  /// Attempts that have not passed the commit point end; and, with the second, all.
  void abort_uncommitted();
  void abort_all();

 private:
  void for_each_client(const std::function<void(HttpClient&)>& action);

  std::shared_ptr<ApiContext> current_;
  std::vector<std::weak_ptr<ApiContext>> retired_;
};

}  // namespace reeld
