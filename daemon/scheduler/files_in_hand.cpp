#include "scheduler/files_in_hand.hpp"

#include <tuple>
#include <utility>

#include "core/verify.hpp"

namespace reeld {

bool FilesInHand::ByFiles::operator()(const PairIdentity& one, const PairIdentity& other) const {
  const auto key = [](const FileIdentity& file) { return std::tie(file.device, file.inode, file.born_ns); };
  return std::tuple_cat(key(one.prompt), key(one.image)) <
         std::tuple_cat(key(other.prompt), key(other.image));
}

void FilesInHand::wait_for(const PairIdentity& files, const JobName& job) {
  const auto it = taken_.find(files);
  verify(it != taken_.end(), "only files that a job has are waited for");
  it->second.push_back(job);
}

std::vector<JobName> FilesInHand::let_go(const PairIdentity& files) {
  auto node = taken_.extract(files);
  verify(!node.empty(), "files that a job has were given to it");
  return std::move(node.mapped());
}

}  // namespace reeld
