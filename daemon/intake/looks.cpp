#include "intake/looks.hpp"

#include <boost/asio/executor_work_guard.hpp>
#include <boost/asio/post.hpp>
#include <utility>

namespace reeld {
namespace {

// So few that an urgent one never waits for long, so many that the way to the workers and back does not
// count.
constexpr std::size_t looks_in_batch = 32;
constexpr std::size_t max_batches = 4;
constexpr std::size_t max_backlog_batches = 2;

}  // namespace

IntakeLooks::IntakeLooks(boost::asio::any_io_executor loop, boost::asio::thread_pool& workers,
                         std::shared_ptr<const UniqueFd> root, InspectRules rules, LookListener& listener)
    : loop_(std::move(loop)),
      workers_(workers),
      root_(std::move(root)),
      rules_(std::move(rules)),
      listener_(&listener) {}

void IntakeLooks::push(JobName job, bool is_urgent) {
  (is_urgent ? urgent_ : backlog_).push_back(std::move(job));
  pump();
}

void IntakeLooks::stop() {
  listener_ = nullptr;
  urgent_.clear();
  backlog_.clear();
}

void IntakeLooks::pump() {
  while (running_ < max_batches && start_batch(urgent_)) continue;
  while (running_ < max_backlog_batches && start_batch(backlog_)) continue;
}

bool IntakeLooks::start_batch(std::deque<JobName>& queue) {
  std::vector<StemQuery> queries;
  while (listener_ != nullptr && !queue.empty() && queries.size() < looks_in_batch) {
    if (auto query = listener_->take_query(queue.front())) queries.push_back(std::move(*query));
    queue.pop_front();
  }
  if (queries.empty()) return false;
  ++running_;
  // The guard: the loop must not run dry while a worker still owes it an answer.
  auto job = [weak = weak_from_this(), loop = loop_, guard = boost::asio::make_work_guard(loop_),
              root = root_, rules = rules_, queries = std::move(queries)] {
    std::vector<StemReport> reports;
    reports.reserve(queries.size());
    StemInspector inspector(root->get(), rules);
    for (const auto& query : queries) reports.push_back(inspector.inspect(query));
    boost::asio::post(loop, [weak, reports = std::move(reports)]() mutable {
      if (const auto self = weak.lock()) self->end_batch(std::move(reports));
    });
  };
  boost::asio::post(workers_, std::move(job));
  return true;
}

void IntakeLooks::end_batch(std::vector<StemReport> reports) {
  --running_;
  for (auto& report : reports) {
    if (listener_ == nullptr) return;
    listener_->on_stem_report(std::move(report));
  }
  pump();
}

}  // namespace reeld
