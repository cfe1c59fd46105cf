#include "spool/pair_at.hpp"

#include <string>

#include "core/spool_name.hpp"
#include "sys/file_status.hpp"

namespace reeld {

std::optional<PairAt> find_pair_at(int folder_fd, const JobName& job) {
  PairAt at;
  ReadyPair& out = at.pair;
  out.job = job;
  for (const std::string& name : possible_input_names(job.stem)) {
    const StatusAnswer found = look_up_status(folder_fd, name);
    if (found.code != 0 || !found.status.is_regular) continue;
    const bool is_prompt = classify_name(name).kind == NameKind::prompt;
    std::string& known = is_prompt ? out.prompt_name : out.image_name;
    FileIdentity& identity = is_prompt ? out.identity.prompt : out.identity.image;
    // Where names are compared without case, one file has many.
    if (!known.empty() && identity == found.status.identity) continue;
    if (!known.empty()) return std::nullopt;
    known = name;
    identity = found.status.identity;
  }
  if (out.prompt_name.empty() || out.image_name.empty()) return std::nullopt;
  for (const std::string& name : result_names(job.stem)) {
    const StatusAnswer found = look_up_status(folder_fd, name);
    at.has_result |= found.code == 0 && !found.status.is_folder;
  }
  return at;
}

}  // namespace reeld
