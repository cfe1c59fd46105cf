#pragma once
// Inputs to start from: a few of each kind that a parser knows, and the words that its inputs are made of.

#include <string>
#include <vector>

namespace reeld {

struct Seeds {
  std::vector<std::string> inputs;
  std::vector<std::string> words;
};

Seeds make_image_seeds();
Seeds make_http_reply_seeds();
Seeds make_coded_answer_seeds();
Seeds make_prompt_seeds();
Seeds make_job_fields_seeds();
Seeds make_job_json_seeds();
Seeds make_retry_after_seeds();
Seeds make_page_request_seeds();
Seeds make_settings_seeds();
Seeds make_file_names_seeds();
Seeds make_watch_events_seeds();
Seeds make_video_json_seeds();
Seeds make_content_range_seeds();
Seeds make_location_seeds();

}  // namespace reeld
