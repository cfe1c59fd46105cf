#pragma once
// Which of the pairs that wait tells most about an answer that another has met (scheduler/wall): one from
// another folder and with other fields. Fields are only known once prompts and reeld.toml files have been
// read.
//
// Threads: any (it blocks on the disk).

#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "codec/field_names.hpp"
#include "codec/job_fields.hpp"
#include "core/ready_pair.hpp"
#include "scheduler/wall.hpp"
#include "settings/settings.hpp"

namespace reeld {

/// The fields of a pair as a text; nullopt: it could not be read.
using FieldsReader = std::function<std::optional<std::string>(const ReadyPair&)>;

/// `candidates` is not empty. Other fields count for more than another folder; of equals the last is taken.
JobName choose_probe(const std::vector<ReadyPair>& candidates, const Unlike& unlike,
                     const FieldsReader& read);

/// What would be sent besides prompt and image, as the ledger writes it.
std::optional<std::string> read_fields_of(int spool_fd, const ReadyPair& pair, const JobFields& base,
                                          const SpoolSettings& spool, const FieldNames& names);

}  // namespace reeld
