#include "async/wake_timer.hpp"

namespace reeld {

void WakeTimer::set(SteadyTime due) {
  if (is_set_) return;
  is_set_ = true;
  due_ = due;
  timer_.expires_at(due);
  timer_.async_wait([this, number = ++last_set_](const boost::system::error_code& cancelled) {
    // One that was due just then may be cancelled, and set anew, before it is called.
    if (cancelled || !is_set_ || number != last_set_) return;
    is_set_ = false;
    on_due_();
  });
}

void WakeTimer::set_to(std::optional<SteadyTime> due) {
  if (due && is_set_ && *due == due_) return;
  if (is_set_) cancel();
  if (due) set(*due);
}

void WakeTimer::cancel() {
  is_set_ = false;
  timer_.cancel();
}

}  // namespace reeld
