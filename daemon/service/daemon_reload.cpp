// What the daemon does when its settings, or its key, have changed. What can fail is done first; then all of
// it is taken over, or nothing.

#include <utility>

#include "log/log_events.hpp"
#include "service/daemon.hpp"

namespace reeld {

void Daemon::reload() {
  log_.reopen();
  if (is_stopping()) return;
  auto result = options_.reload ? options_.reload()
                                : std::variant<Reloaded, std::string>("there is no configuration file");
  auto* const loaded = std::get_if<Reloaded>(&result);
  std::vector<std::string> warnings;
  if (loaded != nullptr) warnings = std::move(loaded->warnings);
  if (loaded != nullptr && loaded->settings.ledger.path != current_settings().ledger.path &&
      spool().is_folder(loaded->settings.spool.path))
    warnings.emplace_back("[ledger] path takes a restart");
  const auto refusal = loaded == nullptr ? std::optional(std::get<std::string>(result))
                                         : apply(std::move(loaded->settings), std::move(loaded->credentials));
  if (refusal)
    return log_.error(event::config_rejected, "the configuration was not changed", {{"reason", *refusal}});
  key_watch_.watch(current_settings().api.key_file);
  say_reloaded("the configuration was read again", warnings);
}

/// The key file has changed: the key alone is read, for the configuration may be half edited.
void Daemon::take_new_key() {
  if (is_stopping() || !options_.reload_key) return;
  auto result = options_.reload_key(current_settings().api.key_file);
  const auto* const fresh = std::get_if<FreshKey>(&result);
  ApiCredentials credentials = context_->credentials;
  if (fresh != nullptr) credentials.key = fresh->key;
  const auto refusal = fresh == nullptr ? std::optional(std::get<std::string>(result))
                                        : apply(current_settings(), std::move(credentials));
  if (refusal) return log_.error(event::config_rejected, "the key was not changed", {{"reason", *refusal}});
  say_reloaded("the key file was read again", {});
}

void Daemon::say_reloaded(std::string_view what, const std::vector<std::string>& warnings) {
  LogFields fields{{"url", current_settings().api.url.videos_url()},
                   {"spool", current_settings().spool.path}};
  std::string reason;
  for (const std::string& warning : warnings) reason += (reason.empty() ? "" : "; ") + warning;
  if (!reason.empty()) fields.emplace_back("reason", reason);
  log_.write(reason.empty() ? LogLevel::info : LogLevel::warning, event::config_reloaded, what,
             std::move(fields));
}

void Daemon::say_key_is_unwatched(const std::string& reason) {
  log_.warning(event::key_unwatched,
               "the key file is not watched; a reload takes up a new key, and tries again",
               {{"reason", reason}});
}

/// Returns why not.
std::optional<std::string> Daemon::apply(Settings settings, ApiCredentials credentials) {
  log_.hide(list_secrets(settings.api, credentials));
  std::variant<std::shared_ptr<ApiContext>, std::string> made;
  try {
    made = make_api_context(loop_.get_executor(), settings, std::move(credentials));
  } catch (const std::runtime_error& error) {
    return std::string(error.what());  // one that may pass
  }
  if (auto* const complaint = std::get_if<std::string>(&made)) return std::move(*complaint);
  auto found = find_spool(settings);
  if (auto* const refusal = std::get_if<std::string>(&found)) return std::move(*refusal);
  if (auto error = log_.change(settings.log)) return std::move(error->message);
  context_ = std::move(std::get<std::shared_ptr<ApiContext>>(made));
  if (auto& other = std::get<std::optional<TakenSpool>>(found)) {
    switch_to(std::move(*other));
  } else {
    spool().change_side(context_);
  }
  monitor_.listen(current_settings().metrics.listen);
  return std::nullopt;
}

/// The spool that the settings name, taken; none where it is the one that is served. A text says why it
/// cannot be taken.
std::variant<std::optional<TakenSpool>, std::string> Daemon::find_spool(const Settings& settings) const {
  if (settings.spool == current_settings().spool) return std::nullopt;
  if (drain_watch_) return "[spool] is not changed while a drain runs: it is about one spool";
  if (spool().is_folder(settings.spool.path)) return std::nullopt;
  auto taken = take_spool(settings);
  if (auto* const refusal = std::get_if<SpoolRefusal>(&taken)) return std::move(refusal->reason);
  return std::optional(std::move(std::get<TakenSpool>(taken)));
}

void Daemon::switch_to(TakenSpool taken) {
  spools_.switch_to(make_service(std::move(taken)));
  spool().listen();
  spool().start();
  boost::asio::post(loop_, [this] { end_if_done(); });
}

}  // namespace reeld
