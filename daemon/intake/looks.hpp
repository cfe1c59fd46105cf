#pragma once
// Who is looked at next: what events speak of before what scans have found, a few at a time on the workers.
//
// Lifetime: held by a shared_ptr; nothing is said after `stop`. Threads: the loop's; the looks themselves on
// the workers.

#include <boost/asio/any_io_executor.hpp>
#include <boost/asio/thread_pool.hpp>
#include <deque>
#include <memory>

#include "intake/inspect.hpp"
#include "sys/unique_fd.hpp"

namespace reeld {

class LookListener {
 public:
  virtual ~LookListener() = default;
  /// The stem's turn has come: what to ask, or nullopt if there is nothing to ask any more.
  virtual std::optional<StemQuery> take_query(const JobName& job) = 0;
  virtual void on_stem_report(StemReport report) = 0;
};

class IntakeLooks : public std::enable_shared_from_this<IntakeLooks> {
 public:
  /// `workers` and `listener` outlive this.
  IntakeLooks(boost::asio::any_io_executor loop, boost::asio::thread_pool& workers,
              std::shared_ptr<const UniqueFd> root, InspectRules rules, LookListener& listener);

  void push(JobName job, bool is_urgent);
  void stop();

 private:
  void pump();
  bool start_batch(std::deque<JobName>& queue);
  void end_batch(std::vector<StemReport> reports);

  boost::asio::any_io_executor loop_;
  boost::asio::thread_pool& workers_;
  std::shared_ptr<const UniqueFd> root_;
  InspectRules rules_;
  LookListener* listener_;  // null once stopped
  std::deque<JobName> urgent_;
  std::deque<JobName> backlog_;
  std::size_t running_ = 0;
};

}  // namespace reeld
