#pragma once
// When `reeld drain` is over, and with which exit code: nothing left to submit; an account pause; or nothing
// moving for as long as one's patience. Throttling is waited out.
//
// Lifetime: within the Daemon; `stop` before the loop can end.

#include <boost/asio/any_io_executor.hpp>
#include <boost/asio/steady_timer.hpp>
#include <functional>
#include <string>

#include "intake/intake.hpp"
#include "service/progress_bar.hpp"
#include "submit/dispatcher.hpp"

namespace reeld {

class DrainWatch {
 public:
  using OnOver = std::function<void(const std::string& reason)>;
  DrainWatch(boost::asio::any_io_executor loop, milliseconds patience, const Dispatcher& dispatcher,
             const Intake& intake, OnOver on_over);

  /// Something may have changed.
  void look();
  void stop();
  /// 0 if all that was there has been accepted, else 1.
  int exit_code() const;

 private:
  void arm();
  void on_timer();
  bool is_all_done() const;
  std::string describe_wait() const;
  std::string describe_incomplete() const;
  std::string describe_rest() const;
  std::string describe_pause() const;
  void end(const std::string& reason, bool is_complete);

  milliseconds patience_;
  const Dispatcher& dispatcher_;
  const Intake& intake_;
  OnOver on_over_;
  boost::asio::steady_timer timer_;
  ProgressBar bar_;
  SteadyTime last_move_;
  std::size_t reading_ = 0;  // pairs whose images were being read when that was last looked at
  bool is_complete_ = false;
  bool is_over_ = false;
};

}  // namespace reeld
