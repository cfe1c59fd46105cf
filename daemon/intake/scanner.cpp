#include "intake/scanner.hpp"

#include <algorithm>
#include <boost/asio/executor_work_guard.hpp>
#include <boost/asio/post.hpp>
#include <utility>

#include "core/spool_name.hpp"
#include "sys/heap.hpp"
#include "sys/random.hpp"

namespace reeld {

IntakeScanner::IntakeScanner(boost::asio::any_io_executor loop, std::shared_ptr<const UniqueFd> root,
                             std::shared_ptr<const Inotify> inotify, bool is_recursive,
                             ScanListener& listener, IgnoredFolders ignored)
    : loop_(std::move(loop)),
      root_(std::move(root)),
      inotify_(std::move(inotify)),
      is_recursive_(is_recursive),
      listener_(&listener),
      ignored_(std::move(ignored)) {}

void IntakeScanner::scan_all() {
  wants_all_ = true;
  folders_.clear();
  run_next();
}

void IntakeScanner::scan_folder(std::string path) {
  const auto covers = [&](const std::string& folder) { return is_within(path, folder); };
  if (wants_all_ || std::any_of(folders_.begin(), folders_.end(), covers)) return;
  folders_.push_back(std::move(path));
  run_next();
}

void IntakeScanner::stop() {
  listener_ = nullptr;
  wants_all_ = false;
  folders_.clear();
  cancel_.request_stop();
  thread_.join();
}

void IntakeScanner::run_next() {
  if (listener_ == nullptr || is_running_) return;
  if (std::exchange(wants_all_, false)) {
    run("", true);
  } else if (!folders_.empty()) {
    std::string folder = std::move(folders_.front());
    folders_.pop_front();
    run(std::move(folder), false);
  }
}

void IntakeScanner::run(std::string folder, bool is_full) {
  is_running_ = true;
  auto job = [weak = weak_from_this(), loop = loop_, guard = boost::asio::make_work_guard(loop_),
              root = root_, inotify = inotify_, cancelled = cancel_.get_token(), folder = std::move(folder),
              is_full, brake = brake_, is_recursive = is_recursive_, ignored = ignored_,
              seed = random_word()]() mutable {
    // Now and then, and not where anybody waits for it.
    if (is_full) give_back_free_memory();
    const ScanTask task{root->get(),  inotify.get(), std::move(folder),
                        is_recursive, seed,          std::move(ignored)};
    scan_tree(task, cancelled, [&](std::vector<ScanMessage> messages) {
      boost::asio::post(loop, [weak, messages = std::move(messages)]() mutable {
        const auto self = weak.lock();
        if (self && self->listener_ != nullptr) self->listener_->on_scan_messages(std::move(messages));
      });
      brake->wait(cancelled);
    });
    boost::asio::post(loop, [weak, is_full] {
      if (const auto self = weak.lock()) self->end(is_full);
    });
  };
  boost::asio::post(thread_, std::move(job));
}

void IntakeScanner::end(bool was_full) {
  is_running_ = false;
  if (listener_ == nullptr) return;
  run_next();
  listener_->on_scan_end(was_full);
}

}  // namespace reeld
