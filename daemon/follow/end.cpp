#include "follow/end.hpp"

namespace reeld {

std::string_view reason_of(FollowEnd end) {
  switch (end) {
    case FollowEnd::none:
      return "";
    case FollowEnd::said_failed:
      return "the API created the job, and says that it failed; another try, by `reeld retry` alone, may be "
             "paid for again";
    case FollowEnd::unknown:
      return "the API accepted the job, and does not know it any more (three answers in a row); `reeld "
             "follow` "
             "asks again; another try, by `reeld retry` alone, may be paid for again";
    case FollowEnd::said_expired:
      return "the API says that the job has expired; another try, by `reeld retry` alone, may be paid for "
             "again";
    case FollowEnd::deadline:
      return "the job has not completed within [follow] deadline; `reeld follow` waits for it again; another "
             "try, by `reeld retry` alone, may be paid for again";
    case FollowEnd::vanished:
      return "the job had completed, and the API does not have its video any more; another try, by `reeld "
             "retry` alone, may be paid for again";
    case FollowEnd::unobtainable:
      return "the job has completed, but no source that the API names has its video; `reeld follow` tries "
             "again; another try, by `reeld retry` alone, may be paid for again";
    case FollowEnd::too_large:
      break;
  }
  return "the job has completed, but its video is larger than [follow] max_video; raise that, then `reeld "
         "follow` downloads it";
}

}  // namespace reeld
