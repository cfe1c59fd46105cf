#include "stub_api/jobs.hpp"

#include <openssl/rand.h>

#include <algorithm>
#include <array>

namespace reeld::stub {
namespace {

std::string random_hex(std::size_t bytes) {
  constexpr std::string_view digits = "0123456789abcdef";
  std::array<unsigned char, 16> random{};
  RAND_bytes(random.data(), static_cast<int>(random.size()));
  std::string text;
  for (std::size_t i = 0; i < bytes; ++i) {
    text += digits[random[i] >> 4U];
    text += digits[random[i] & 0xfU];
  }
  return text;
}

std::string new_id(bool colon) {
  if (colon) return "sora-2:task_01k" + random_hex(12);
  return "video_" + random_hex(4) + "-" + random_hex(2) + "-" + random_hex(2) + "-" + random_hex(2) + "-" +
         random_hex(6);
}

std::string value_of(const Form& form, std::string_view name) {
  const std::string* value = form.find(name);
  return value == nullptr ? "" : *value;
}

}  // namespace

bool Jobs::is_full() const {
  if (limit_ == 0) return false;
  const std::lock_guard lock(mutex_);
  const auto unfinished = std::ranges::count_if(jobs_, [this](const auto& entry) {
    return std::chrono::steady_clock::now() - entry.second.begun < duration_;
  });
  return unfinished >= static_cast<std::ptrdiff_t>(limit_);
}

Job Jobs::create(const Form& form, bool colon) {
  Job job;
  job.id = new_id(colon);
  job.model = value_of(form, "model");
  job.seconds = value_of(form, "seconds");
  job.size = value_of(form, "size");
  job.prompt = value_of(form, "prompt");
  job.begun = std::chrono::steady_clock::now();
  job.created_at =
      std::chrono::duration_cast<std::chrono::seconds>(std::chrono::system_clock::now().time_since_epoch())
          .count();
  const std::lock_guard lock(mutex_);
  job.number = ++count_;
  jobs_[job.id] = job;
  return job;
}

std::optional<Job> Jobs::find(const std::string& id) const {
  const std::lock_guard lock(mutex_);
  const auto found = jobs_.find(id);
  return found == jobs_.end() ? std::nullopt : std::optional(found->second);
}

int Jobs::progress_of(const Job& job) const {
  const auto passed = std::chrono::steady_clock::now() - job.begun;
  if (passed >= duration_) return 100;
  return static_cast<int>(passed * 100 / duration_);
}

std::string_view status_word_of(int progress) {
  if (progress >= 100) return "completed";
  return progress < 30 ? "queued" : "in_progress";
}

}  // namespace reeld::stub
