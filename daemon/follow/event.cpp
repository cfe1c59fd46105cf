#include "follow/event.hpp"

namespace reeld {

std::string_view word_of(FollowEvent::Kind kind) {
  switch (kind) {
    case FollowEvent::Kind::poll_turn:
      return "poll_turn";
    case FollowEvent::Kind::running:
      return "running";
    case FollowEvent::Kind::completed:
      return "completed";
    case FollowEvent::Kind::failed:
      return "failed";
    case FollowEvent::Kind::expired:
      return "expired";
    case FollowEvent::Kind::missing:
      return "missing";
    case FollowEvent::Kind::unanswered:
      return "unanswered";
    case FollowEvent::Kind::postponed:
      return "postponed";
    case FollowEvent::Kind::download_turn:
      return "download_turn";
    case FollowEvent::Kind::whole:
      return "whole";
    case FollowEvent::Kind::cut:
      return "cut";
    case FollowEvent::Kind::gone:
      return "gone";
    case FollowEvent::Kind::too_large:
      return "too_large";
    case FollowEvent::Kind::placed:
      return "placed";
    case FollowEvent::Kind::unusable:
      return "unusable";
    case FollowEvent::Kind::unplaced:
      return "unplaced";
    case FollowEvent::Kind::taken_up:
      break;
  }
  return "taken_up";
}

}  // namespace reeld
