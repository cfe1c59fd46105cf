#include "intake/intake.hpp"

#include <utility>

#include "intake/engine.hpp"

namespace reeld {

Intake::Intake(boost::asio::any_io_executor loop, boost::asio::thread_pool& workers, int spool_fd,
               SpoolSettings settings, Log& log, IntakeListener& listener, IntakeOptions options)
    : engine_(std::make_shared<IntakeEngine>(std::move(loop), workers, spool_fd, std::move(settings), log,
                                             listener, options)) {}

Intake::~Intake() {
  stop();
}

void Intake::start() {
  engine_->start();
}
void Intake::stop() {
  engine_->stop();
}
void Intake::rescan(std::string_view why) {
  engine_->rescan(why);
}
void Intake::forget(const JobName& job) {
  engine_->forget(job);
}
void Intake::look_again(const JobName& job) {
  engine_->look_again(job);
}
IntakeCounts Intake::counts() const {
  return engine_->counts();
}
std::optional<IncompletePair> Intake::find_incomplete() const {
  return engine_->find_incomplete();
}
void Intake::tally_waiting(WaitTable& into) const {
  engine_->tally_waiting(into);
}
void Intake::list_waiting(const TellPair& tell) const {
  engine_->list_waiting(tell);
}
bool Intake::is_scanning() const {
  return engine_->is_scanning();
}

}  // namespace reeld
