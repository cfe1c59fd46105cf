#pragma once
// Every event that the log can hold, by name. docs/log-events.md says what each one means and carries.

#include <array>
#include <string_view>

namespace reeld::event {

inline constexpr std::string_view daemon_ready = "daemon.ready";
inline constexpr std::string_view daemon_stopping = "daemon.stopping";
inline constexpr std::string_view daemon_stopped = "daemon.stopped";
inline constexpr std::string_view daemon_failed = "daemon.failed";
inline constexpr std::string_view config_reloaded = "config.reloaded";
inline constexpr std::string_view config_rejected = "config.rejected";
inline constexpr std::string_view key_unwatched = "key.unwatched";
inline constexpr std::string_view control_failed = "control.failed";
inline constexpr std::string_view log_failed = "log.failed";
inline constexpr std::string_view log_lost = "log.lost";
inline constexpr std::string_view metrics_listening = "metrics.listening";
inline constexpr std::string_view metrics_failed = "metrics.failed";
inline constexpr std::string_view spool_rescan = "spool.rescan";
inline constexpr std::string_view spool_left = "spool.left";
inline constexpr std::string_view marker_unwritten = "marker.unwritten";
inline constexpr std::string_view spool_polling = "spool.polling";
inline constexpr std::string_view folder_unreadable = "folder.unreadable";
inline constexpr std::string_view folder_unwritable = "folder.unwritable";
inline constexpr std::string_view folder_misconfigured = "folder.misconfigured";
inline constexpr std::string_view pair_ready = "pair.ready";
inline constexpr std::string_view pair_ambiguous = "pair.ambiguous";
inline constexpr std::string_view pair_incomplete = "pair.incomplete";
inline constexpr std::string_view pair_orphan = "pair.orphan";
inline constexpr std::string_view pair_known = "pair.known";
inline constexpr std::string_view pair_conflict = "pair.conflict";
inline constexpr std::string_view pair_duplicate = "pair.duplicate";
inline constexpr std::string_view pair_unnameable = "pair.unnameable";
inline constexpr std::string_view pair_unreadable = "pair.unreadable";
inline constexpr std::string_view pair_size_differs = "pair.size_differs";
inline constexpr std::string_view attempt_started = "attempt.started";
inline constexpr std::string_view attempt_ended = "attempt.ended";
inline constexpr std::string_view job_accepted = "job.accepted";
inline constexpr std::string_view job_refused = "job.refused";
inline constexpr std::string_view job_doubt = "job.doubt";
inline constexpr std::string_view id_repeated = "id.repeated";
inline constexpr std::string_view result_unwritten = "result.unwritten";
inline constexpr std::string_view result_withdrawn = "result.withdrawn";
inline constexpr std::string_view result_written = "result.written";
inline constexpr std::string_view answer_unrecorded = "answer.unrecorded";
inline constexpr std::string_view ledger_failed = "ledger.failed";
inline constexpr std::string_view ledger_recovered = "ledger.recovered";
inline constexpr std::string_view lane_held = "lane.held";
inline constexpr std::string_view lane_released = "lane.released";
inline constexpr std::string_view lane_paused = "lane.paused";
inline constexpr std::string_view lane_resumed = "lane.resumed";

}  // namespace reeld::event
