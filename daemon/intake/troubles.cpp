#include "intake/troubles.hpp"

#include <array>
#include <utility>

#include "core/spool_name.hpp"

namespace reeld {

FolderTroubles::Answer FolderTroubles::note(const std::string& folder, SteadyTime now,
                                            ContentDigest content) {
  auto& trouble = troubles_.try_emplace(folder, Trouble{now, false, content}).first->second;
  if (trouble.content != content) trouble = {now, false, content};
  Answer answer;
  const std::array looks{quiet_ / 2, quiet_, quiet_ * 2};
  for (const milliseconds wait : looks) {
    if (answer.look_again || now >= trouble.since + wait) continue;
    answer.look_again = trouble.since + wait;
  }
  if (now >= trouble.since + quiet_) answer.must_say = !std::exchange(trouble.is_said, true);
  return answer;
}

void FolderTroubles::drop_within(const std::string& path) {
  std::erase_if(troubles_, [&](const auto& entry) { return is_within(entry.first, path); });
}

}  // namespace reeld
