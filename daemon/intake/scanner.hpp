#pragma once
// Scans on a thread of their own, one after another, so that a long one delays nothing but the next; their
// messages come back to the loop in order.
//
// Lifetime: held by a shared_ptr; `stop` cancels the scan that runs and joins its thread, and nothing is said
// afterwards. Threads: the loop's.

#include <boost/asio/any_io_executor.hpp>
#include <boost/asio/thread_pool.hpp>
#include <deque>
#include <memory>

#include "intake/scan.hpp"
#include "intake/scan_brake.hpp"
#include "sys/unique_fd.hpp"

namespace reeld {

class ScanListener {
 public:
  virtual ~ScanListener() = default;
  virtual void on_scan_messages(std::vector<ScanMessage> messages) = 0;
  virtual void on_scan_end(bool was_full) = 0;
};

class IntakeScanner : public std::enable_shared_from_this<IntakeScanner> {
 public:
  /// `inotify` may be null. `listener` outlives this.
  IntakeScanner(boost::asio::any_io_executor loop, std::shared_ptr<const UniqueFd> root,
                std::shared_ptr<const Inotify> inotify, bool is_recursive, ScanListener& listener,
                IgnoredFolders ignored = {});
  ~IntakeScanner() { stop(); }

  /// The whole spool, after what runs now; folders that were asked for before are seen by it too.
  void scan_all();
  /// A folder and what lies below it.
  void scan_folder(std::string path);
  bool is_idle() const { return !is_running_ && !wants_all_ && folders_.empty(); }
  /// From now on a scan tells no more, or goes on telling.
  void hold_back(bool is_held) { brake_->set(is_held); }
  void stop();

 private:
  void run_next();
  void run(std::string folder, bool is_full);
  void end(bool was_full);

  boost::asio::any_io_executor loop_;
  std::shared_ptr<const UniqueFd> root_;
  std::shared_ptr<const Inotify> inotify_;
  bool is_recursive_;
  ScanListener* listener_;  // null once stopped
  IgnoredFolders ignored_;
  bool is_running_ = false;
  bool wants_all_ = false;
  std::deque<std::string> folders_;
  std::stop_source cancel_;
  std::shared_ptr<ScanBrake> brake_ = std::make_shared<ScanBrake>();
  boost::asio::thread_pool thread_{1};
};

}  // namespace reeld
