"""How a Japanese name sounds: a small table of readings, for the words and signs that names of organisations use most.

A reading is Hepburn without the length of vowels (Tokyo, not Tōkyō or Toukyou). Most signs in such names have their
Chinese reading; where places and companies have another one, the whole word stands in the table.
"""

import re

from anyascii import anyascii

WORDS = """
株式会社kabushikigaisha 有限会社yugengaisha 会社kaisha 日本nihon 一般ippan 大学daigaku 学院gakuin 学園gakuen
学会gakkai 学校gakko 病院byoin 組合kumiai 市民shimin 市立shiritsu 独立dokuritsu 北海道hokkaido 東京tokyo 京都kyoto
大阪osaka 神戸kobe 名古屋nagoya 広島hiroshima 福岡fukuoka 福島fukushima 福井fukui 長野nagano 長崎nagasaki
静岡shizuoka 埼玉saitama 千葉chiba 茨城ibaraki 栃木tochigi 群馬gunma 神奈川kanagawa 横浜yokohama 川崎kawasaki
新潟niigata 富山toyama 石川ishikawa 山梨yamanashi 岐阜gifu 愛知aichi 三重mie 滋賀shiga 兵庫hyogo 奈良nara
和歌山wakayama 鳥取tottori 島根shimane 岡山okayama 山口yamaguchi 徳島tokushima 香川kagawa 愛媛ehime 高知kochi
佐賀saga 熊本kumamoto 大分oita 宮崎miyazaki 鹿児島kagoshima 沖縄okinawa 青森aomori 岩手iwate 宮城miyagi 秋田akita
山形yamagata 札幌sapporo 仙台sendai 筑波tsukuba 三菱mitsubishi 住友sumitomo 日立hitachi 富士fuji 朝日asahi
早稲田waseda 九州kyushu 四国shikoku 北陸hokuriku 東北tohoku 中国chugoku 関西kansai 近畿kinki 北里kitasato
旭川asahikawa 石油sekiyu 石炭sekitan 石灰sekkai 森林shinrin 林業ringyo 山林sanrin 鉱山kozan 火山kazan 原子genshi
電力denryoku 河川kasen 自然shizen 自治jichi 地震jishin 土木doboku 土地tochi 木材mokuzai 材木zaimoku 植物shokubutsu
動物dobutsu 鉱物kobutsu 生物seibutsu 産業sangyo 作業sagyo 動作dosa 能力noryoku 労災rosai 成人seijin 老人rojin
婦人fujin 女子joshi 女性josei 歯科shika 外科geka 内科naika 母子boshi 海上kaijo 水上suijo 向上kojo 下水gesui 上下joge
中野nakano 中村nakamura 中部chubu 田中tanaka 大谷otani 大原ohara 大塚otsuka 大山oyama 小松komatsu 小野ono
小林kobayashi 古河furukawa 川上kawakami 高松takamatsu 高島takashima 高田takada 青山aoyama 松下matsushita
松山matsuyama 松本matsumoto 水戸mito 立川tachikawa 豊田toyota 豊橋toyohashi 本田honda 井上inoue 長岡nagaoka
長浜nagahama 金沢kanazawa 津山tsuyama 米子yonago 盛岡morioka 弘前hirosaki 八戸hachinohe 佐世保sasebo 北九州kitakyushu
宇都宮utsunomiya 前橋maebashi 高崎takasaki 浜松hamamatsu 姫路himeji 倉敷kurashiki 国家kokka 全国zenkoku 発展hatten
発達hattatsu 設計sekkei 物質busshitsu 学科gakka 薬局yakkyoku 特許tokkyo 鉄鋼tekko 実験jikken 測候sokko 活性kassei
結核kekkaku 血管kekkan 血液ketsueki 雑誌zasshi 尾瀬oze 八幡hachiman 八千代yachiyo 天然tennen 物産bussan 製鉄seitetsu
鉄道tetsudo 交通kotsu 流通ryutsu 通信tsushin 警察keisatsu 検査kensa 試験shiken 神経shinkei 神道shinto 精神seishin
手術shujutsu 選手senshu 工場kojo 市場shijo 牧場bokujo 農場nojo 美術bijutsu 音楽ongaku
"""
SIGNS = """
会kai 社sha 団dan 人jin 法ho 株kabu 式shiki 学gaku 財zai 日nichi 本hon 公ko 一ichi 益eki 般han 大dai 研ken 究kyu
協kyo 病byo 医i 業gyo 所sho 県ken 立ritsu 合go 療ryo 工ko 科ka 術jutsu 国koku 技gi 産san 機ki 生sei 市shi 総so 興ko
東to 振shin 化ka 京kyo 田ta 構ko 際sai 地chi 都to 環kan 電den 山yama 境kyo 中chu 期ki 子ko 川kawa 保ho 短tan 部bu
全zen 水sui 発hatsu 健ken 政sei 開kai 連ren 阪saka 福fuku 北kita 師shi 行gyo 報ho 建ken 理ri 岡oka 製sei 高ko 島shima
品hin 独doku 長naga 新shin 設setsu 情jo 農no 和wa 野no 薬yaku 動do 物butsu 道do 三san 園en 厚ko 林rin 愛ai 組kumi
光ko 神kami 力ryoku 文bun 成sei 康ko 済sai 育iku 安an 交ko 崎saki 作saku 教kyo 央o 験ken 金kin 原hara 食shoku 流ryu
経kei 自ji 活katsu 査sa 木ki 記ki 衛ei 試shi 域iki 防bo 器ki 念nen 方ho 民min 西nishi 城jo 属zoku 古ko 徳toku 定tei
女jo 十ju 祉shi 知chi 宮miya 共kyo 気ki 名mei 計kei 場jo 南minami 松matsu 館kan 進shin 庁cho 井i 有yu 護go 造zo 洋yo
石ishi 特toku 明mei 外gai 門mon 屋ya 住ju 字ji 通tsu 営ei 戸to 加ka 府fu 事ji 広ko 検ken 専sen 管kan 築chiku 鉄tetsu
調cho 九kyu 州shu 賀ga 用yo 関kan 家ka 土do 精sei 利ri 秋aki 浜hama 内nai 畜chiku 車sha 小sho 盟mei 玉tama 児ji
赤seki 性sei 横yoko 空ku 同do 限gen 庫ko 援en 線sen 油yu 警kei 命mei 能no 推sui 支shi 基ki 非hi 千sen 体tai 洲shu
重ju 藤fuji 附fu 宅taku 養yo 治ji 放ho 上jo 村mura 察satsu 河kawa 葉ha 友yu 校ko 労ro 天ten 兵hei 森mori 世se 務mu
佐sa 岩iwa 口guchi 看kan 馬ma 料ryo 香ko 害gai 者sha 資shi 熊kuma 信shin 谷tani 質shitsu 災sai 働do 険ken 士shi 美bi
創so 豊toyo 沢zawa 倉kura 手te 台dai 平hei 源gen 射sha 路ro 臨rin 奨sho 画ga 備bi 菱bishi 心shin 職shoku 価ka 材zai
然zen 久kyu 楽raku 岐ki 航ko 宇u 認nin 八hachi 津tsu 速soku 白haku 臓zo 旭asahi 伊i 聖sei 間kan 池ike 消sho 代dai
前mae 員in 群gun 良ryo 泉sen 波nami 省sho 先sen 整sei 械kai 鳥tori 分bun 評hyo 多ta 漁gyo 橋hashi 応o 芸gei 昭sho
積seki 仙sen 鋼ko 歯shi 床sho 施shi 取to 第dai 緑ryoku 不fu 球kyu 船sen 甲ko 堂do 米bei 江e 観kan 誠sei 血ketsu 形kei
等to 素so 励rei 可ka 音on 青ao 予yo 区ku 測soku 四shi 吉yoshi 盤ban 植shoku 清sei 修shu 企ki 栄ei 塚tsuka 函hako 相so
朝asa 太tai 湯yu 真shin 弘ko 診shin 武bu 王o 端tan 転ten 根ne 尾o 綜so 寿ju 留ryu 隷rei 策saku 圏ken 町machi 丸maru
循jun 急kyu 樹ju 宙chu 蔵zo 郷go 実jitsu 無mu 統to 博haku 恵kei 仁jin 二ni 議gi 雄yu 送so 星sei 歌ka 症sho 沼numa
種shu 印in 陽yo 響kyo 早haya 紀ki 繊sen 維i 善zen 粉fun 陸riku 浦ura 院in 海kai 五go 六roku 七nana 百hyaku 万man 語go
火ka 月getsu 年nen 時ji 新shin 旧kyu 老ro 若jaku 男dan 父fu 母bo 兄kyo 目me 耳mimi 足soku 身shin 体tai 骨kotsu 脳no
肝kan 腎jin 眼gan 皮hi 膚fu 癌gan 核kaku 融yu 素so 酸san 塩en 糖to 油yu 茶cha 酒shu 魚gyo 肉niku 花hana 草so 竹take
桜sakura 梅ume 杉sugi 桃momo 春haru 夏natsu 冬fuyu 風fu 雨u 雪yuki 雲un 岳gaku 峰mine 湖ko 港ko 湾wan 沿en 岸gan
局kyoku 軽kei 仮ka 量ryo 鼻bi 咽in 喉ko 頭to 頸kei 競kyo 服fuku 旺o 泌hitsu 帝tei 見mi 醸jo 衣i 存zon 密mitsu 瀬se
幡hata 雑zatsu
"""
LONG = re.compile("ou|oo|uu|aa|ee|ii")  # vowels, and what they are without their length
SMALL = dict(zip("ゃゅょぁぃぅぇぉ", ["ya", "yu", "yo", "a", "i", "u", "e", "o"], strict=True))
READINGS = dict(re.findall(r"([一-龥]+)([a-z]+)", WORDS))
OF_SIGNS = dict(re.findall(r"([一-龥])([a-z]+)", SIGNS))
LONGEST = max(map(len, READINGS))


def romanised(word: str) -> str:
    """Return a Japanese word, or several without spaces, in Latin letters; a sign that is not known as Chinese is."""
    parts, at = [], 0
    while at < len(word):
        size = next((size for size in range(LONGEST, 1, -1) if word[at : at + size] in READINGS), 1)
        part = word[at : at + size]
        if reading := READINGS.get(part) or OF_SIGNS.get(part):
            parts.append(reading)
        else:
            _append_kana(parts, part)
        at += size
    return without_length("".join(parts))


def without_length(text: str) -> str:
    """Return a text in Latin letters with all its vowels short."""
    return LONG.sub(lambda vowels: vowels[0][0], text)


def _append_kana(parts, sign):
    """Write a syllable: a small one changes the one before, a small tsu doubles the next consonant."""
    hiragana = chr(ord(sign) - 0x60) if "ァ" <= sign <= "ヶ" else sign
    if hiragana in SMALL and parts:
        last, vowel = parts[-1], SMALL[hiragana]
        keeps_y = vowel[0] == "y" and not last.endswith(("shi", "chi", "ji"))
        parts[-1] = last[:-1] + (vowel if keeps_y or len(vowel) == 1 else vowel[1:])
    elif hiragana == "っ":
        parts.append("っ")
    else:
        syllable = "".join(filter(str.isalnum, anyascii(sign).lower()))
        if parts and parts[-1] == "っ":
            parts[-1] = syllable[:1]
        parts.append(syllable)
