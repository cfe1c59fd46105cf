#pragma once
// One entry a parser, for libFuzzer and for the corpus runner alike. Each aborts where the parser breaks a
// promise of its header; the sanitizers watch for the rest. All return 0.

#include <cstddef>
#include <cstdint>

namespace reeld {

int fuzz_image(const std::uint8_t* data, std::size_t size);
int fuzz_http_reply(const std::uint8_t* data, std::size_t size);
int fuzz_coded_answer(const std::uint8_t* data, std::size_t size);
int fuzz_prompt(const std::uint8_t* data, std::size_t size);
int fuzz_job_fields(const std::uint8_t* data, std::size_t size);
int fuzz_job_json(const std::uint8_t* data, std::size_t size);
int fuzz_retry_after(const std::uint8_t* data, std::size_t size);
int fuzz_settings(const std::uint8_t* data, std::size_t size);
int fuzz_file_names(const std::uint8_t* data, std::size_t size);
int fuzz_watch_events(const std::uint8_t* data, std::size_t size);
int fuzz_page_request(const std::uint8_t* data, std::size_t size);
int fuzz_video_json(const std::uint8_t* data, std::size_t size);
int fuzz_content_range(const std::uint8_t* data, std::size_t size);
int fuzz_location(const std::uint8_t* data, std::size_t size);

}  // namespace reeld
