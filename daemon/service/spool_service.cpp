#include "service/spool_service.hpp"

#include <fcntl.h>

#include <utility>

#include "sys/file_status.hpp"

namespace reeld {
namespace {

/// A copy: a look on a worker keeps it for as long as it takes, and must not be what keeps an ApiContext.
std::shared_ptr<const FieldRules> make_field_rules(const Settings& settings) {
  return std::make_shared<const FieldRules>(FieldRules{settings.job, settings.api.fields});
}

}  // namespace

SpoolService::SpoolService(Parts parts, TakenSpool spool, std::shared_ptr<ApiContext> context)
    : parts_(std::move(parts)),
      spool_(std::move(spool)),
      context_(std::move(context)),
      ledger_(parts_.loop, parts_.workers, std::move(spool_.ledger), spool_.fd.get(), parts_.log),
      dispatcher_(
          {parts_.loop, parts_.workers, parts_.syncs, spool_.fd.get(), parts_.log, ledger_, parts_.metrics},
          context_),
      field_rules_(make_field_rules(context_->settings)),
      intake_(make_intake(spool_.recovered.masses)),
      keeping_(parts_.loop, [this] { parts_.on_change(); }),
      marker_(parts_.loop, parts_.syncs, spool_.fd.get(), spool_.path, ledger_, parts_.log, keeping_),
      retention_(parts_.loop, spool_.fd.get(), ledger_, keeping_),
      control_(
          parts_.loop, spool_.fd.get(), spool_.path, parts_.log,
          [this](std::vector<std::string> request) { return answer(std::move(request)); },
          [this] { parts_.on_change(); }) {}

std::unique_ptr<Intake> SpoolService::make_intake(MassState masses) {
  IntakeOptions options;
  options.open_settled = ledger_.questions().settled_opener();
  options.is_amid_mass = masses != MassState::none;
  options.fields = [this] { return field_rules_; };
  return std::make_unique<Intake>(parts_.loop, parts_.workers, spool_.fd.get(), context_->settings.spool,
                                  parts_.log, dispatcher_, std::move(options));
}

void SpoolService::start() {
  ledger_.start([this] { dispatcher_.on_ledger_changed(); }, [this] { marker_.look(); });
  dispatcher_.start(*intake_, [this] { parts_.on_change(); });
  for (const SystemTime at : spool_.recovered.billable) dispatcher_.count_toward_daily_cap(at);
  dispatcher_.set_held(spool_.recovered.is_held);
  dispatcher_.restore_masses(spool_.recovered.masses);
  dispatcher_.publish_backlog(spool_.recovered.unpublished);
  retention_.start(context_->settings.ledger.keep);
  intake_->start();
}

void SpoolService::stop() {
  if (std::exchange(is_stopping_, true)) return;
  intake_->stop();
  dispatcher_.stop_sending();
  ledger_.stop();
  marker_.stop();
  retention_.stop();
}

bool SpoolService::is_idle() const {
  return dispatcher_.is_idle() && keeping_.running() == 0 && ledger_.is_idle();
}

bool SpoolService::is_folder(const std::string& path) const {
  const UniqueFd folder(::open(path.c_str(), O_PATH | O_DIRECTORY | O_CLOEXEC));
  return folder && identify_folder(folder.get()) == identify_folder(spool_.fd.get());
}

void SpoolService::change_side(std::shared_ptr<ApiContext> context) {
  SpoolSettings before = context_->settings.spool;
  context_ = std::move(context);
  field_rules_ = make_field_rules(context_->settings);
  before.path = context_->settings.spool.path;
  retention_.change_keep(context_->settings.ledger.keep);
  // First: what is no longer of the spool must not be sent by what comes next.
  if (before != context_->settings.spool) begin_intake_anew();
  dispatcher_.change_side(context_);
}

/// What it said was ready is judged anew: it may not be of the spool any more (`recursive`).
void SpoolService::begin_intake_anew() {
  intake_->stop();
  intake_ = make_intake(dispatcher_.scheduler().mass_state());
  dispatcher_.change_intake(*intake_);
  intake_->start();
}

}  // namespace reeld
