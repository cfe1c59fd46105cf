#include "service/service_manager.hpp"

#include <systemd/sd-daemon.h>

#include <cstdint>
#include <cstdlib>
#include <ctime>
#include <utility>

#include "async/steady_now.hpp"

namespace reeld {
namespace {

bool has_manager() {
  const char* const address = std::getenv("NOTIFY_SOCKET");
  return address != nullptr && *address != '\0';
}

/// Half of what the watchdog allows; 0 where this process has none.
milliseconds read_watchdog_interval() {
  std::uint64_t allowed = 0;
  if (::sd_watchdog_enabled(0, &allowed) <= 0) return milliseconds(0);
  const auto half = std::chrono::duration_cast<milliseconds>(std::chrono::microseconds(allowed / 2));
  return std::max(half, milliseconds(1));
}

std::string in_microseconds(milliseconds time) {
  return std::to_string(std::chrono::microseconds(time).count());
}

std::string read_monotonic_clock() {
  ::timespec now{};
  ::clock_gettime(CLOCK_MONOTONIC, &now);
  const auto time = std::chrono::seconds(now.tv_sec) + std::chrono::nanoseconds(now.tv_nsec);
  return std::to_string(std::chrono::duration_cast<std::chrono::microseconds>(time).count());
}

}  // namespace

ServiceManager::ServiceManager(boost::asio::any_io_executor loop, Questions ask, Pace pace)
    : ask_(std::move(ask)),
      pace_(pace),
      is_there_(has_manager()),
      watchdog_interval_(is_there_ ? read_watchdog_interval() : milliseconds(0)),
      status_timer_(loop),
      watchdog_timer_(loop),
      extension_timer_(loop) {}

/// One datagram.
void ServiceManager::tell(const std::string& news) {
  if (is_there_) ::sd_notify(0, news.c_str());
}

std::string ServiceManager::look() {
  last_look_ = steady_now();
  last_status_ = "STATUS=" + ask_.status();
  return last_status_;
}

void ServiceManager::on_ready() {
  if (!is_there_) return;
  is_ready_ = true;
  tell("READY=1\n" + look());
  if (watchdog_interval_.count() > 0) await_watchdog();
}

void ServiceManager::on_change() {
  if (!is_ready_ || std::exchange(is_status_due_, true)) return;
  status_timer_.expires_at(last_look_ + pace_.status);
  status_timer_.async_wait([this](const boost::system::error_code& cancelled) {
    is_status_due_ = false;
    if (!cancelled) refresh_status();
  });
}

void ServiceManager::refresh_status() {
  const std::string before = last_status_;
  if (look() != before) tell(last_status_);
}

void ServiceManager::await_watchdog() {
  watchdog_timer_.expires_after(watchdog_interval_);
  watchdog_timer_.async_wait([this](const boost::system::error_code& cancelled) {
    if (cancelled) return;
    if (ask_.is_healthy()) tell("WATCHDOG=1");
    await_watchdog();
  });
}

void ServiceManager::on_reloading() {
  if (is_ready_ && !is_stopping_) tell("RELOADING=1\nMONOTONIC_USEC=" + read_monotonic_clock());
}

void ServiceManager::on_reloaded() {
  if (is_ready_ && !is_stopping_) tell("READY=1\n" + look());
}

void ServiceManager::on_stopping(milliseconds at_most) {
  if (!is_ready_ || std::exchange(is_stopping_, true)) return;
  patience_until_ = steady_now() + at_most;
  tell("STOPPING=1\n" + look());
  extend_stop();
}

void ServiceManager::extend_stop() {
  tell("EXTEND_TIMEOUT_USEC=" + in_microseconds(pace_.extension));
  if (steady_now() >= patience_until_) return;
  extension_timer_.expires_at(std::min(steady_now() + pace_.extension / 3, patience_until_));
  extension_timer_.async_wait([this](const boost::system::error_code& cancelled) {
    if (!cancelled) extend_stop();
  });
}

void ServiceManager::stop() {
  is_ready_ = false;
  status_timer_.cancel();
  watchdog_timer_.cancel();
  extension_timer_.cancel();
}

}  // namespace reeld
