#include "codec/encoding_guess.hpp"

#include <gmock/gmock.h>
#include <iconv.h>

#include <array>
#include <span>

#include "codec/text_encoding.hpp"

namespace reeld {
namespace {

using namespace std::string_view_literals;
using testing::HasSubstr;

// Prompts as people write them.
constexpr auto chinese = std::to_array<std::string_view>({
    "让牛快乐的跳科目三",
    "一只猫在雨中的街道上慢慢走过",
    "夕阳下的海边，一个女孩在奔跑，镜头缓缓拉远",
    "电影质感，慢镜头，一辆红色跑车驶过沙漠公路",
    "宇航员在月球表面跳舞，背景是蓝色的地球",
    "镜头从高空俯瞰城市夜景，霓虹灯闪烁，车流如织",
    "一位老人坐在公园的长椅上喂鸽子，阳光透过树叶洒下来",
    "水墨风格的山水画慢慢展开，小船在江上漂流",
    "小狗追着蝴蝶跑过草地，4K高清，竖屏",
    "产品展示：一瓶香水在黑色背景前旋转，光线柔和",
    "下雪的森林里，一只狐狸回头看向镜头",
    "美食特写，热气腾腾的拉面，筷子夹起面条",
    "赛博朋克城市，雨夜，行人撑伞走过，固定机位",
    "这个人微笑着挥手，头发随风飘动，背景保持不变",
});
constexpr auto taiwanese = std::to_array<std::string_view>({
    "讓牛快樂地跳舞",
    "一隻貓在雨中的街道上慢慢走過",
    "夕陽下的海邊，一個女孩在奔跑，鏡頭緩緩拉遠",
    "電影質感，慢動作，一輛紅色跑車駛過沙漠公路",
    "太空人在月球表面跳舞，背景是藍色的地球",
    "鏡頭從高空俯瞰城市夜景，霓虹燈閃爍，車流不息",
    "一位老人坐在公園的長椅上餵鴿子，陽光透過樹葉灑下來",
    "水墨風格的山水畫慢慢展開，小船在江上漂流",
    "小狗追著蝴蝶跑過草地，4K高畫質，直式影片",
    "產品展示：一瓶香水在黑色背景前旋轉，光線柔和",
    "下雪的森林裡，一隻狐狸回頭看向鏡頭",
    "美食特寫，熱氣騰騰的牛肉麵，筷子夾起麵條",
    "賽博龐克城市，雨夜，行人撐傘走過，固定鏡位",
    "這個人微笑著揮手，頭髮隨風飄動，背景保持不變",
});
constexpr auto japanese = std::to_array<std::string_view>({
    "牛が楽しそうに踊る",
    "雨の街を一匹の猫がゆっくり歩いている",
    "夕日の海辺を少女が走り、カメラがゆっくり引いていく",
    "映画のような質感、スローモーションで赤いスポーツカーが砂漠を走る",
    "宇宙飛行士が月面で踊り、背景には青い地球が見える",
    "ネオンが輝く夜の都市を上空から見下ろす",
    "公園のベンチで老人が鳩に餌をやっている、木漏れ日",
    "水墨画風の山水がゆっくりと広がり、小舟が川を下る",
    "子犬が蝶を追いかけて草原を走る、4K、縦動画",
    "黒い背景の前で香水の瓶が回転する、柔らかい光",
    "雪の降る森で狐がカメラを振り返る",
    "湯気の立つラーメンのアップ、箸で麺を持ち上げる",
    "サイバーパンクの街、雨の夜、傘をさして歩く人々",
    "この人が笑顔で手を振り、髪が風になびく",
});
constexpr auto korean = std::to_array<std::string_view>({
    "소가 즐겁게 춤을 춘다",
    "비 오는 거리를 고양이가 천천히 걸어간다",
    "노을 지는 바닷가에서 소녀가 달리고 카메라가 천천히 멀어진다",
    "영화 같은 질감, 슬로 모션으로 빨간 스포츠카가 사막 도로를 달린다",
    "우주비행사가 달 표면에서 춤을 추고 배경에는 푸른 지구가 보인다",
    "네온사인이 반짝이는 도시의 야경을 하늘에서 내려다본다",
    "공원 벤치에 앉은 노인이 비둘기에게 먹이를 준다",
    "수묵화 풍의 산수가 천천히 펼쳐지고 작은 배가 강을 떠내려간다",
    "강아지가 나비를 쫓아 풀밭을 달린다, 4K, 세로 영상",
    "검은 배경 앞에서 향수병이 회전하고 부드러운 빛이 비친다",
    "눈 내리는 숲에서 여우가 카메라를 돌아본다",
    "김이 나는 라면 클로즈업, 젓가락으로 면을 들어 올린다",
    "사이버펑크 도시, 비 오는 밤, 우산을 쓰고 걷는 사람들",
    "이 사람이 미소 지으며 손을 흔들고 머리카락이 바람에 날린다",
});
constexpr auto western = std::to_array<std::string_view>({
    "A café at dawn, steam rising slowly",
    "Un garçon court sur la plage, la caméra s’éloigne",
    "Ein Mädchen läuft über die Straße, Zeitlupe",
    "El niño corre detrás del balón, cámara lenta",
    "The camera pans – slowly – over the “old town”",
    "Une voiture rouge traverse le désert, qualité cinéma",
    "Der Fuchs dreht sich im verschneiten Wald um, schön",
    "La señora sonríe y agita la mano",
    "Crème brûlée in close-up, 4K",
    "Uma menina dança na praia ao pôr do sol, câmera lenta",
    "It’s raining; a cat walks by",
    "À l’aube, le soleil se lève sur la forêt enneigée",
    "smörgåsbord, natural light, 35mm",
    "El perro persigue una mariposa en el jardín, mañana soleada",
});

// Of 3 to 8 characters.
constexpr auto few_chinese = std::to_array<std::string_view>(
    {"跳舞的猫", "一只猫在跳舞", "海边日落", "城市夜景", "镜头缓慢推进", "女孩在雨中奔跑", "小狗追蝴蝶",
     "雪山航拍", "水墨画风格", "猫在跳舞", "可爱的小熊猫", "慢动作", "电影质感", "赛博朋克城市"});
constexpr auto few_taiwanese = std::to_array<std::string_view>(
    {"跳舞的貓", "一隻貓", "海邊日落", "城市夜景", "女孩在雨中奔跑", "水墨畫風格", "雪山航拍", "貓在跳舞",
     "可愛的小熊貓", "電影質感", "慢動作", "鏡頭緩慢推進"});
constexpr auto few_japanese = std::to_array<std::string_view>(
    {"猫が踊る", "海辺の夕日", "雨の中を走る少女", "夜の街", "桜が舞う", "子犬が走る", "ゆっくり歩く",
     "サイバーパンクの街", "水墨画風の山", "富士山の朝", "雪の森", "踊る女の子"});

/// "" where this system's iconv does not know the encoding (Debian 13 has most of them in a package of their
/// own).
std::string encode(std::string_view text, const char* encoding) {
  const iconv_t way = ::iconv_open(encoding, "UTF-8");
  if (way == reinterpret_cast<iconv_t>(-1)) return "";
  std::string in(text);
  std::string out(text.size() * 4 + 16, '\0');
  char* from = in.data();
  char* into = out.data();
  std::size_t left = in.size();
  std::size_t room = out.size();
  const std::size_t result = ::iconv(way, &from, &left, &into, &room);
  ::iconv_close(way);
  if (result != 0 || left != 0) return "";
  out.resize(out.size() - room);
  return out;
}

struct EncodingCase {
  const char* name;
  const char* encoding;  // for iconv
  std::span<const std::string_view> prompts;
  std::string_view expected;  // a part of what is said
  std::size_t least;          // how many of the prompts must be told
};

void PrintTo(const EncodingCase& test, std::ostream* out) {
  *out << test.name;
}

class ShortPrompts : public testing::TestWithParam<EncodingCase> {};

/// What was measured with uchardet 0.0.7 (Debian 12): all are told. A later one may miss one or two.
TEST_P(ShortPrompts, AreToldByTheirEncoding) {
  std::size_t told = 0;
  std::string missed;
  for (const std::string_view prompt : GetParam().prompts) {
    const std::string bytes = encode(prompt, GetParam().encoding);
    if (bytes.empty()) GTEST_SKIP() << "iconv knows no " << GetParam().encoding;
    const auto complaint = check_encoding(bytes);
    ASSERT_TRUE(complaint) << prompt;
    EXPECT_THAT(complaint->reason, HasSubstr("save it as UTF-8"));
    const bool is_told = complaint->reason.find(GetParam().expected) != std::string::npos;
    is_told ? void(++told) : void(missed += std::string(prompt) + ": " + complaint->reason + "\n");
  }
  EXPECT_GE(GetParam().prompts.size(), 12U);
  EXPECT_GE(told, GetParam().least) << missed;
}

INSTANTIATE_TEST_SUITE_P(
    Table, ShortPrompts,
    testing::Values(
        EncodingCase{"GBK", "GBK", chinese, "probably GBK", 13},
        EncodingCase{"GBK_few", "GBK", few_chinese, "probably GBK", 13},
        EncodingCase{"Big5_few", "BIG5", few_taiwanese, "probably Big5", 10},
        EncodingCase{"ShiftJIS_few", "CP932", few_japanese, "probably Shift-JIS", 11},
        EncodingCase{"GB18030", "GB18030", chinese, "probably GBK (or GB18030)", 13},
        EncodingCase{"GBK_traditional", "GBK", taiwanese, "probably GBK", 13},
        EncodingCase{"Big5", "BIG5", taiwanese, "probably Big5", 13},
        EncodingCase{"ShiftJIS", "CP932", japanese, "probably Shift-JIS", 13},
        EncodingCase{"EUCJP", "EUC-JP", japanese, "probably EUC-JP", 13},
        EncodingCase{"EUCKR", "CP949", korean, "probably EUC-KR", 13},
        EncodingCase{"Windows1252", "CP1252", western, "probably windows-1252", 13},
        EncodingCase{"UTF16LE_chinese", "UTF-16LE", chinese, "UTF-16 (little-endian", 13},
        EncodingCase{"UTF16BE_chinese", "UTF-16BE", chinese, "UTF-16 (big-endian", 13},
        EncodingCase{"UTF16LE_japanese", "UTF-16LE", japanese, "UTF-16 (little-endian", 13},
        EncodingCase{"UTF16LE_korean", "UTF-16LE", korean, "UTF-16 (little-endian", 14},
        EncodingCase{"UTF16LE_western", "UTF-16LE", western, "UTF-16 (little-endian", 14},
        EncodingCase{"UTF16BE_western", "UTF-16BE", western, "UTF-16 (big-endian", 14},
        EncodingCase{"UTF16_marked", "UTF-16", chinese, "UTF-16 (little-endian byte-order mark)", 14},
        EncodingCase{"UTF32_marked", "UTF-32", chinese, "UTF-32 (little-endian byte-order mark)", 14},
        EncodingCase{"UTF32LE", "UTF-32LE", chinese, "UTF-32 (little-endian", 14},
        EncodingCase{"UTF32BE", "UTF-32BE", western, "UTF-32 (big-endian", 14}),
    [](const auto& test) { return test.param.name; });

/// GB18030 has what GBK has not, in four bytes each.
TEST(EncodingGuess, FourBytesOfGb18030AreToldToBeOfIt) {
  for (const std::string_view prompt : {"一头牛🐄在草地上跳舞", "𠮷野家的老板在门口微笑"}) {
    const std::string bytes = encode(prompt, "GB18030");
    ASSERT_FALSE(bytes.empty());
    const auto complaint = check_encoding(bytes);
    ASSERT_TRUE(complaint) << prompt;
    EXPECT_THAT(complaint->reason, HasSubstr("probably GBK (or GB18030)")) << prompt;
  }
}

/// A file that was cut: wherever that is, it is no other encoding.
TEST(CutText, IsToldFromOtherEncodings) {
  for (const auto prompts :
       {std::span<const std::string_view>(chinese), std::span<const std::string_view>(korean)}) {
    for (const std::string_view prompt : prompts) {
      for (std::size_t size = 4; size < prompt.size(); ++size) {
        const auto complaint = check_encoding(prompt.substr(0, size));
        if (!complaint) continue;  // between two characters
        EXPECT_THAT(complaint->reason, HasSubstr("UTF-8 that is cut in the middle of a character at byte "))
            << prompt.substr(0, size);
      }
    }
  }
}

TEST(CutText, SaysWhere) {
  const auto complaint = check_encoding("one\n牛\xE7\x89"sv);
  ASSERT_TRUE(complaint);
  EXPECT_EQ(complaint->line, 2);
  EXPECT_THAT(complaint->reason, HasSubstr("cut in the middle of a character at byte 8;"));
  EXPECT_THAT(check_encoding("a cow\xE7\x89"sv)->reason, HasSubstr("cut in the middle"));
  EXPECT_THAT(check_encoding("caf\xC3\xA9 \xC3"sv)->reason, HasSubstr("cut in the middle"));
}

TEST(BrokenText, IsUtf8AllTheSame) {
  const auto complaint = check_encoding("让牛快乐的\xFF跳科目三"sv);
  ASSERT_TRUE(complaint);
  EXPECT_THAT(complaint->reason, HasSubstr("the file is UTF-8, but byte 16 is part of no character"));
}

TEST(GuessWide, DoesNotTakeEveryZeroForUtf16) {
  EXPECT_EQ(guess_wide("a cow\0dances"sv), "");
  EXPECT_EQ(guess_wide("\1\2\0\3\5\6\7\x08"sv), "");
  EXPECT_THAT(check_encoding("a cow\0dances!!"sv)->reason, HasSubstr("byte 6 of the file is zero"));
}

TEST(GuessEncoding, SaysNothingWorseThanAGuess) {
  EXPECT_THAT(check_encoding("caf\xE9 au lait")->reason, HasSubstr("probably windows-1252"));
  EXPECT_FALSE(is_double_byte(guess_encoding("caf\xE9")));
}

}  // namespace
}  // namespace reeld
