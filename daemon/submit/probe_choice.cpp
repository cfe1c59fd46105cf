#include "submit/probe_choice.hpp"

#include <ranges>

#include "codec/form.hpp"
#include "codec/prompt.hpp"
#include "image/fd_reader.hpp"
#include "spool/parameters.hpp"
#include "sys/read_file.hpp"
#include "sys/safe_open.hpp"

namespace reeld {

JobName choose_probe(const std::vector<ReadyPair>& candidates, const Unlike& unlike,
                     const FieldsReader& read) {
  const ReadyPair* best = &candidates.front();
  int best_rank = 0;
  // The last of equals: what is wrong with a pair is most often wrong with its neighbours, too.
  for (const ReadyPair& pair : std::views::reverse(candidates)) {
    const auto fields = read(pair);
    if (!fields) continue;
    const int rank = 1 + (pair.job.folder != unlike.folder ? 1 : 0) + (*fields != unlike.fields ? 2 : 0);
    if (rank <= best_rank) continue;
    best_rank = rank;
    best = &pair;
    if (rank == 4) break;
  }
  return best->job;
}

std::optional<std::string> read_fields_of(int spool_fd, const ReadyPair& pair, const JobFields& base,
                                          const SpoolSettings& spool, const FieldNames& names) {
  const std::string& folder = pair.job.folder;
  auto opened =
      open_file_beneath(spool_fd, folder.empty() ? pair.prompt_name : folder + "/" + pair.prompt_name);
  const auto* const file = std::get_if<OpenFile>(&opened);
  if (file == nullptr || file->identity.size > spool.max_prompt.count) return std::nullopt;
  const auto bytes = read_bytes(file->fd.get(), file->identity.size);
  if (!bytes) return std::nullopt;
  const PromptResult parsed = read_prompt(*bytes, names);
  const auto* const prompt = std::get_if<PromptFile>(&parsed);
  if (prompt == nullptr) return std::nullopt;
  const Parameters fields = resolve_parameters(spool_fd, base, folder, prompt->fields, names);
  const auto* const all = std::get_if<JobFields>(&fields);
  if (all == nullptr) return std::nullopt;
  return write_form_json(arrange_form(*all, names));
}

}  // namespace reeld
