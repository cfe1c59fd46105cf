#include <cstring>

#include "fuzz/entries.hpp"
#include "fuzz/promise.hpp"
#include "sys/inotify.hpp"

namespace reeld {

int fuzz_watch_events(const std::uint8_t* data, std::size_t size) {
  constexpr std::size_t header_size = 16;  // inotify(7): watch, mask, cookie, length of the name
  const auto buffer = std::as_bytes(std::span(data, size));
  const char* const begin = reinterpret_cast<const char*>(data);
  const auto events = decode_events(buffer);
  require(events.size() * header_size <= size, "each event has its header");
  const char* last = begin;
  for (const WatchEvent& event : events) {
    require(event.name.find('\0') == std::string_view::npos, "a name ends at its first zero");
    if (event.name.empty()) continue;
    require(event.name.data() >= last + header_size && event.name.data() + event.name.size() <= begin + size,
            "names lie in the buffer, one behind the other");
    last = event.name.data() + event.name.size();
  }
  // What is read next does not change what was read before.
  for (const std::size_t cut : {size / 2, size - size / 4}) {
    const auto some = decode_events(buffer.first(cut));
    require(some.size() <= events.size(), "a shorter buffer holds no more");
    for (std::size_t i = 0; i < some.size(); ++i)
      require(some[i].watch == events[i].watch && some[i].mask == events[i].mask &&
                  some[i].name == events[i].name,
              "whole events are the same however the buffer ends");
  }
  return 0;
}

}  // namespace reeld
