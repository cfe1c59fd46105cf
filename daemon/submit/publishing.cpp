#include "submit/publishing.hpp"

#include <functional>
#include <utility>
#include <variant>

#include "spool/result_place.hpp"
#include "sys/safe_open.hpp"

namespace reeld {

UniqueFd open_result_folder(int spool_fd, const std::string& path) {
  auto opened = open_folder_beneath(spool_fd, path);
  auto* const fd = std::get_if<UniqueFd>(&opened);
  return fd == nullptr ? UniqueFd() : std::move(*fd);
}

bool is_still_about(const JobScheduler& scheduler, const ReadyPair& pair, int folder_fd) {
  return !scheduler.is_superseded(pair.job) &&
         holds_pair(folder_fd, pair.prompt_name, pair.image_name, pair.identity);
}

boost::asio::awaitable<void> mark_published_as(LedgerClient& ledger, std::int64_t job, LedgerState told) {
  std::function<void(LedgerStore&)> run = [job, told](LedgerStore& store) {
    store.mark_published_as(job, told, false);
  };
  co_await ledger.write(std::move(run));
}

}  // namespace reeld
