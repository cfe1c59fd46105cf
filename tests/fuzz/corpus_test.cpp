// Every entry over its seeds, the files in corpus/NAME (what libFuzzer has found goes there), and a fixed
// number of changed seeds, always the same.

#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>

#include "fuzz/entries.hpp"
#include "fuzz/mutator.hpp"

namespace reeld {
namespace {

struct Parser {
  std::string name;
  int (*entry)(const std::uint8_t*, std::size_t);
  Seeds (*make_seeds)();
};

class Corpus : public testing::TestWithParam<Parser> {
 protected:
  static void run(const std::string& input) {
    EXPECT_EQ(GetParam().entry(reinterpret_cast<const std::uint8_t*>(input.data()), input.size()), 0);
  }
};

TEST_P(Corpus, KeepsThePromisesForEverySeed) {
  run("");
  for (const std::string& input : GetParam().make_seeds().inputs) run(input);
}

TEST_P(Corpus, KeepsThePromisesForEveryFile) {
  std::size_t files = 0;
  for (const auto& file : std::filesystem::directory_iterator(REELD_FUZZ_CORPUS + GetParam().name)) {
    std::ifstream stream(file.path(), std::ios::binary);
    run(std::string(std::istreambuf_iterator<char>(stream), {}));
    ++files;
  }
  EXPECT_GT(files, 0U);
}

TEST_P(Corpus, KeepsThePromisesForChangedSeeds) {
  constexpr int inputs = 1500;
  const Seeds seeds = GetParam().make_seeds();
  Mutator mutator(seeds, 20261122);
  for (int i = 0; i < inputs; ++i) run(mutator.make_input());
}

INSTANTIATE_TEST_SUITE_P(Parsers, Corpus,
                         testing::Values(Parser{"image", fuzz_image, make_image_seeds},
                                         Parser{"http_reply", fuzz_http_reply, make_http_reply_seeds},
                                         Parser{"coded_answer", fuzz_coded_answer, make_coded_answer_seeds},
                                         Parser{"prompt", fuzz_prompt, make_prompt_seeds},
                                         Parser{"job_fields", fuzz_job_fields, make_job_fields_seeds},
                                         Parser{"job_json", fuzz_job_json, make_job_json_seeds},
                                         Parser{"retry_after", fuzz_retry_after, make_retry_after_seeds},
                                         Parser{"page_request", fuzz_page_request, make_page_request_seeds},
                                         Parser{"settings", fuzz_settings, make_settings_seeds},
                                         Parser{"file_names", fuzz_file_names, make_file_names_seeds},
                                         Parser{"watch_events", fuzz_watch_events, make_watch_events_seeds},
                                         Parser{"video_json", fuzz_video_json, make_video_json_seeds},
                                         Parser{"content_range", fuzz_content_range,
                                                make_content_range_seeds},
                                         Parser{"location", fuzz_location, make_location_seeds}),
                         [](const auto& test) { return test.param.name; });

}  // namespace
}  // namespace reeld
