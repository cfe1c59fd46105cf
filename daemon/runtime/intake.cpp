#include "runtime/intake.hpp"

#include <utility>

#include "runtime/intake_engine.hpp"

namespace reeld {

struct Intake::Impl {
  std::shared_ptr<IntakeEngine> engine;
};

Intake::Intake(boost::asio::any_io_executor loop, boost::asio::thread_pool& workers, int spool_fd,
               SpoolSettings settings, Log& log, IntakeListener& listener, IntakeOptions options)
    : impl_(std::make_shared<Impl>()) {
  impl_->engine = std::make_shared<IntakeEngine>(std::move(loop), workers, spool_fd, std::move(settings), log,
                                                 listener, options);
}

Intake::~Intake() {
  stop();
}

void Intake::start() {
  impl_->engine->start();
}
void Intake::stop() {
  impl_->engine->stop();
}
void Intake::rescan(std::string_view why) {
  impl_->engine->rescan(why);
}
void Intake::forget(const JobName& job) {
  impl_->engine->forget(job);
}
void Intake::look_again(const JobName& job) {
  impl_->engine->look_again(job);
}
IntakeCounts Intake::counts() const {
  return impl_->engine->counts();
}
bool Intake::is_scanning() const {
  return impl_->engine->is_scanning();
}

}  // namespace reeld
