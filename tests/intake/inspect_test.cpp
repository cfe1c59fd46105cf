#include "intake/inspect.hpp"

#include <fcntl.h>
#include <gmock/gmock.h>
#include <sys/fsuid.h>
#include <unistd.h>

#include "intake/intake_world.hpp"

namespace reeld {
namespace {

using testing::HasSubstr;
using testing::IsEmpty;

class InspectStem : public testing::Test {
 protected:
  InspectStem() { ::signal(SIGIO, SIG_IGN); }

  StemReport look(StemQuery query = {}) const {
    query.job = {"", "a"};
    if (query.names.empty()) query.search = NameSearch::all;
    return StemInspector(folder_.fd(), rules_).inspect(query);
  }
  /// As of a scan that has found "a".
  static StemQuery found_by_scan() {
    StemQuery query;
    query.names = {"a.txt", "a.png"};
    query.may_be_settled = true;
    return query;
  }
  const FileReport& image_of(const StemReport& report) const {
    return report.files[0].is_prompt ? report.files[1] : report.files[0];
  }

  TempFolder folder_;
  InspectRules rules_{mebibytes(1), true};
};

TEST_F(InspectStem, FindsInputsUnderAnySpelling) {
  folder_.write("a.TxT", "x");
  folder_.write("a.JPEG", make_whole_png());
  const auto report = look();
  ASSERT_EQ(report.files.size(), 2u);
  EXPECT_EQ(image_of(report).name, "a.JPEG");
  EXPECT_EQ(image_of(report).writers, Writers::none);
  EXPECT_EQ(report.image_check, ImageCheck::complete);
  EXPECT_FALSE(report.trouble);
}

TEST_F(InspectStem, OfAPairThatIsSettledNoFileIsOpened) {
  folder_.write("a.txt", "x");
  folder_.write("a.png", "no image");
  std::vector<ReadyPair> asked;
  const auto answer = std::make_shared<const Recognition>();
  rules_.open_settled = [&]() -> FindSettled {
    return [&](const ReadyPair& pair) {
      asked.push_back(pair);
      return asked.size() == 2 ? answer : nullptr;
    };
  };
  EXPECT_FALSE(look().settled) << "an event has told of it";
  EXPECT_TRUE(asked.empty());
  const auto unknown = look(found_by_scan());
  EXPECT_FALSE(unknown.settled);
  EXPECT_EQ(unknown.image_check, ImageCheck::ill_formed);
  const auto known = look(found_by_scan());
  EXPECT_EQ(known.settled, answer);
  EXPECT_EQ(known.image_reason, "") << "it was looked into";
  EXPECT_EQ(asked[1].job.text(), "a");
  EXPECT_EQ(asked[1].image_name, "a.png");
  EXPECT_EQ(asked[1].identity.image, image_of(known).identity);
}

TEST_F(InspectStem, SomeInARowShareAFolderAndAQuestion) {
  folder_.make_folder("f");
  for (const char* const name : {"f/a.txt", "f/a.png", "f/b.txt", "f/b.png"}) folder_.write(name, "x");
  int opened = 0;
  rules_.open_settled = [&]() -> FindSettled {
    ++opened;
    return [](const ReadyPair&) { return std::make_shared<const Recognition>(); };
  };
  StemInspector inspector(folder_.fd(), rules_);
  StemQuery query = found_by_scan();
  query.job = {"f", "a"};
  EXPECT_TRUE(inspector.inspect(query).settled);
  folder_.rename("f", "moved");  // it is open
  query.job = {"f", "b"};
  query.names = {"b.txt", "b.png"};
  EXPECT_TRUE(inspector.inspect(query).settled);
  EXPECT_EQ(opened, 1);
}

TEST_F(InspectStem, WhereNobodyCanBeAskedAPairIsLookedInto) {
  folder_.write("a.txt", "x");
  folder_.write("a.png", make_whole_png());
  rules_.open_settled = []() -> FindSettled { return nullptr; };
  const auto report = look(found_by_scan());
  EXPECT_FALSE(report.settled);
  EXPECT_EQ(report.image_check, ImageCheck::complete);
}

TEST_F(InspectStem, OfAPairThatHasItsResultByNowNothingElseIsTold) {
  for (const char* const name : {"a.txt", "a.png", "a.job.json"}) folder_.write(name, "x");
  rules_.open_settled = [] { return [](const ReadyPair&) { return std::shared_ptr<const Recognition>(); }; };
  const auto report = look(found_by_scan());
  EXPECT_TRUE(report.has_result);
  EXPECT_THAT(report.files, IsEmpty());
}

TEST_F(InspectStem, LooksOnlyForTheNamesItIsGiven) {
  folder_.write("a.txt", "x");
  folder_.write("a.png", make_whole_png());
  StemQuery query;
  query.names = {"a.txt", "a.jpg"};
  EXPECT_EQ(look(query).files.size(), 1u);
}

TEST_F(InspectStem, TheUsualNamesAreThoseInLowerCaseAndThoseThatAreKnown) {
  folder_.write("a.txt", "x");
  folder_.write("a.jpeg", make_whole_png());
  folder_.write("a.PNG", make_whole_png());
  folder_.write("a.Webp", make_whole_png());
  StemQuery query;
  query.search = NameSearch::usual;
  query.names = {"a.PNG", "a.txt"};
  EXPECT_EQ(look(query).files.size(), 3u);
}

TEST_F(InspectStem, AsksNothingMoreOfAFinishedStem) {
  folder_.write("a.txt", "x");
  folder_.write("a.doubt.json", "x");
  const auto report = look();
  EXPECT_TRUE(report.has_result);
  EXPECT_THAT(report.files, IsEmpty());
}

TEST_F(InspectStem, SeesBothOfTwoImages) {
  folder_.write("a.txt", "x");
  folder_.write("a.png", make_whole_png());
  folder_.write("a.PNG", make_whole_png());
  EXPECT_EQ(look().files.size(), 3u);
}

TEST_F(InspectStem, SaysWhoWrites) {
  folder_.write("a.txt", "x");
  folder_.write("a.png", make_whole_png());
  const UniqueFd writer(::open((folder_ / "a.png").c_str(), O_WRONLY | O_CLOEXEC));
  EXPECT_EQ(image_of(look()).writers, Writers::some);
  rules_.asks_leases = false;
  EXPECT_EQ(image_of(look()).writers, Writers::unknown);
}

TEST_F(InspectStem, SaysWhatTheImageLacks) {
  folder_.write("a.txt", "x");
  folder_.write("a.png", make_cut_png());
  const auto cut = look();
  EXPECT_EQ(cut.image_check, ImageCheck::truncated);
  EXPECT_THAT(cut.image_reason, HasSubstr("a.png: "));
  folder_.write("a.png", "not an image, whatever its name");
  EXPECT_EQ(look().image_check, ImageCheck::ill_formed);
  rules_.max_image = Bytes{5};
  EXPECT_EQ(look().image_check, ImageCheck::complete);
}

TEST_F(InspectStem, AsksNoMoreThanWhetherItIsWhatWasExpected) {
  folder_.write("a.txt", "x");
  folder_.write("a.png", make_whole_png());
  const auto first = look();
  StemQuery query;
  const auto prompt_index = first.files[0].is_prompt ? 0u : 1u;
  query.expected = PairIdentity{first.files[prompt_index].identity, image_of(first).identity};
  EXPECT_TRUE(look(query).is_unchanged);
  folder_.write("a.txt", "longer");
  EXPECT_FALSE(look(query).is_unchanged);
}

TEST_F(InspectStem, CountsNamesOfAFile) {
  folder_.write("a.txt", "x");
  folder_.write("a.png", make_whole_png());
  ASSERT_EQ(::link((folder_ / "a.png").c_str(), (folder_ / "other").c_str()), 0);
  EXPECT_TRUE(image_of(look()).is_hard_linked);
}

TEST_F(InspectStem, FindsNothingInAFolderThatIsGone) {
  StemQuery query;
  query.job = {"gone", "a"};
  query.search = NameSearch::all;
  const auto report = StemInspector(folder_.fd(), rules_).inspect(query);
  EXPECT_THAT(report.files, IsEmpty());
  EXPECT_FALSE(report.trouble);
}

TEST_F(InspectStem, SaysWhyItCouldNotLook) {
  StemQuery query;
  query.job = {"f", "a"};
  const auto report = StemInspector(-1, rules_).inspect(query);
  ASSERT_TRUE(report.trouble);
  EXPECT_FALSE(report.trouble->is_lasting);
  EXPECT_EQ(report.trouble->reason, "open the folder f: Bad file descriptor");
}

/// For as long as it lives, this thread meets the folder as somebody who may read it, but look nothing up.
class WithoutSearchPermission {
 public:
  explicit WithoutSearchPermission(std::filesystem::path folder) : folder_(std::move(folder)) {
    std::filesystem::permissions(folder_.parent_path(), perms::all);
    std::filesystem::permissions(folder_, perms::owner_read | perms::group_read | perms::others_read);
    constexpr uid_t nobody = 65'534;
    if (::geteuid() == 0) ::setfsuid(nobody);  // root may look up anything
  }
  WithoutSearchPermission(const WithoutSearchPermission&) = delete;
  WithoutSearchPermission& operator=(const WithoutSearchPermission&) = delete;
  ~WithoutSearchPermission() {
    ::setfsuid(::geteuid());
    std::filesystem::permissions(folder_, perms::owner_all);
  }

 private:
  using perms = std::filesystem::perms;
  std::filesystem::path folder_;
};

TEST_F(InspectStem, DoesNotTakeForAbsentWhatItCannotLookUp) {
  folder_.make_folder("f");
  folder_.write("f/a.txt", "x");
  folder_.write("f/a.job.json", "x");
  const WithoutSearchPermission limits(folder_ / "f");
  StemQuery query;
  query.job = {"f", "a"};
  query.names = {"a.txt", "a.png"};
  const auto report = StemInspector(folder_.fd(), rules_).inspect(query);
  ASSERT_TRUE(report.trouble);
  EXPECT_EQ(report.trouble->reason, "look at f/a.job.json: Permission denied");
  EXPECT_FALSE(report.trouble->is_lasting) << "it may have its result, so it must never count as bad";
}

TEST_F(InspectStem, TakesANameThatIsTooLongForAbsent) {
  StemQuery query;
  query.job = {"", std::string(250, 'x')};
  query.search = NameSearch::all;
  EXPECT_FALSE(StemInspector(folder_.fd(), rules_).inspect(query).trouble);
}

}  // namespace
}  // namespace reeld
