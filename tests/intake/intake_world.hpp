#pragma once
// A spool of a test's own with a real loop and a real inotify, and everything that intake says of it.

#include <gtest/gtest.h>
#include <signal.h>

#include <algorithm>
#include <boost/asio/io_context.hpp>
#include <boost/asio/thread_pool.hpp>
#include <chrono>
#include <functional>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "intake/intake.hpp"
#include "support/images.hpp"
#include "support/run_until.hpp"
#include "support/temp_folder.hpp"

namespace reeld {

inline std::string make_whole_png() {
  return test::make_png(8, 8);
}
/// Right as far as it goes.
inline std::string make_cut_png() {
  return make_whole_png().substr(0, 50);
}

class RecordingLog : public Log {
 public:
  void write(LogLevel, std::string_view event, std::string_view, LogFields fields) override {
    ++counts_[std::string(event)];
    for (auto& field : fields) {
      if (const auto* const text = std::get_if<std::string>(&field.value))
        last_[std::string(event)] += *text + "|";
    }
  }
  int count(std::string_view event) const {
    const auto found = counts_.find(event);
    return found == counts_.end() ? 0 : found->second;
  }
  /// The texts of every line of that event.
  std::string texts(const std::string& event) { return last_[event]; }

 private:
  std::map<std::string, int, std::less<>> counts_;
  std::map<std::string, std::string> last_;
};

struct RecordingListener : IntakeListener {
  void on_pair_ready(ReadyPair pair) override {
    ready.push_back(pair);
    if (when_ready) when_ready(pair.job);
  }
  void on_pair_settled(const JobName& job, const Recognition&) override { settled.push_back(job.text()); }
  void on_pair_gone(const JobName& job) override { gone.push_back(job.text()); }
  void on_pair_bad(const JobName& job, std::string reason) override {
    bad.emplace_back(job.text(), std::move(reason));
  }
  void on_scan_done() override { ++scans; }

  std::vector<std::string> ready_names() const {
    std::vector<std::string> names;
    for (const auto& pair : ready) names.push_back(pair.job.text());
    return names;
  }

  std::vector<ReadyPair> ready;
  std::vector<std::string> settled;
  std::vector<std::string> gone;
  std::vector<std::pair<std::string, std::string>> bad;
  int scans = 0;
  std::function<void(const JobName&)> when_ready;
};

class IntakeWorld : public testing::Test {
 protected:
  IntakeWorld() {
    ::signal(SIGIO, SIG_IGN);
    settings_.path = folder_.path();
  }
  ~IntakeWorld() override {
    if (intake_) intake_->stop();
    loop_.run();
    workers_.join();
  }

  /// Until the first scan has ended.
  void start() {
    intake_.emplace(loop_.get_executor(), workers_, folder_.fd(), settings_, log_, listener_, options_);
    intake_->start();
    ASSERT_TRUE(run_until([&] { return listener_.scans == 1; }));
  }

  bool run_until(const std::function<bool()>& condition) { return test::run_until(loop_, condition); }
  bool run_until_ready(std::size_t count) {
    return run_until([&, count] { return listener_.ready.size() >= count; });
  }
  /// Runs a whole scan more, after which everything that has happened before is known and decided.
  bool run_scan() {
    const int before = listener_.scans;
    intake_->rescan("test");
    return run_until([&, before] { return listener_.scans > before; });
  }

  void write_pair(const std::string& stem) {
    folder_.write(stem + ".txt", "a prompt");
    folder_.write(stem + ".png", make_whole_png());
  }

  TempFolder folder_;
  boost::asio::io_context loop_{1};
  boost::asio::thread_pool workers_{1};
  SpoolSettings settings_;
  IntakeOptions options_;
  RecordingLog log_;
  RecordingListener listener_;
  std::optional<Intake> intake_;
};

}  // namespace reeld
