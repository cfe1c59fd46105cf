#include "fuzz/entries.hpp"
#include "fuzz/promise.hpp"
#include "settings/load.hpp"

namespace reeld {

int fuzz_settings(const std::uint8_t* data, std::size_t size) {
  const std::string_view text = as_text(data, size);
  const auto loaded = load_settings(text, "f.toml");
  if (const auto* const complaint = std::get_if<SettingsComplaint>(&loaded)) {
    require(!complaint->message.empty(), "a complaint says what is wrong");
    const auto again = load_settings(text, "f.toml");
    require(std::holds_alternative<SettingsComplaint>(again), "the same text is judged the same");
    return 0;
  }
  const Settings& settings = std::get<Settings>(loaded);
  require(settings.submit.lane.concurrency >= 1 && settings.submit.lane.concurrency <= 1000,
          "limits are kept");
  require(settings.spool.max_image.count <= mebibytes(4096).count, "limits are kept");
  for (const JobField& field : settings.job)
    require(!field.name.empty() && field.name != "prompt", "a field has a name of its own");
  return 0;
}

}  // namespace reeld
