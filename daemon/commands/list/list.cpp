#include "commands/list/list.hpp"

#include <ostream>
#include <utility>

#include "codec/terminal_text.hpp"
#include "commands/job/known_pairs.hpp"
#include "commands/ledger/daemon_client.hpp"
#include "commands/ledger/ledger_access.hpp"
#include "commands/list/pair_list.hpp"
#include "commands/status/count_pairs.hpp"
#include "settings/exit_code.hpp"

namespace reeld {
namespace {

/// 100,000 pairs, with long names.
constexpr std::size_t largest_reply = std::size_t{64} << 20U;

/// nullopt: no daemon can be asked.
std::optional<PairsInHand> ask_for_pairs(const SpoolSite& spool, const CommandContext& context) {
  const DaemonReply reply = ask_daemon(spool.fd.get(), {"pairs"}, largest_reply);
  if (reply.kind == DaemonReply::Kind::nobody) return std::nullopt;
  if (reply.kind == DaemonReply::Kind::answered) {
    if (auto pairs = read_pairs_in_hand(reply.text)) return pairs;
  }
  const std::string reason =
      reply.kind == DaemonReply::Kind::answered ? "its answer cannot be read" : reply.text;
  context.err << "reeld: warning: the daemon could not be asked what waits: " << escape_steering(reason)
              << '\n';
  return std::nullopt;
}

/// What a look at the folders tells, where there is no daemon to tell more.
PairsInHand look_at_folders(const SpoolSite& spool, const Settings& settings, LedgerReader* reader,
                            SystemTime now) {
  const bool is_held = reader != nullptr && reader->is_held();
  PairsInHand out;
  list_pairs(spool.fd.get(), settings.spool.recursive, KnownPairs(reader, spool.fd.get()),
             is_held ? WaitReason::held : WaitReason::not_running, now, IgnoredFolders(settings.spool.ignore),
             [&out](const JobName& name, std::optional<WaitReason> reason, milliseconds age) {
               out.pairs.push_back({name, reason, age});
             });
  return out;
}

}  // namespace

int run_list(const CommandLine& line, const CommandContext& context) {
  const ListScope scope(line, context);
  const Settings& settings = scope.settings();
  const SpoolSite spool = open_spool(settings.spool.path);
  LedgerView ledger(place_ledger(spool, settings.ledger.path, context));
  const SystemTime now = std::chrono::system_clock::now();
  auto in_hand = ask_for_pairs(spool, context);
  if (!in_hand) in_hand = look_at_folders(spool, settings, ledger.reader(), now);
  bool is_first = true;
  const auto show = [&](const ListedPair& pair) {
    if (std::exchange(is_first, false) && !line.json) context.out << write_table_head();
    context.out << (line.json ? write_json_line(pair, spool.path, now) : write_table_line(pair, now));
  };
  PairList(spool, scope, ledger.reader()).visit(std::move(in_hand->pairs), line.state, now, show);
  if (is_first && !line.json) context.out << "no pairs\n";
  if (in_hand->left_out > 0)
    context.err << "reeld: warning: " << in_hand->left_out
                << " more pairs wait than are listed; `reeld status` counts them all\n";
  return exit_code::fine;
}

}  // namespace reeld
