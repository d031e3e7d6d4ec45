#include <algorithm>
#include <array>

#include "base/check.h"
#include "evidence/check_list.h"
#include "evidence/explain.h"

namespace probatum::evidence {

namespace {

struct Line {
    std::string_view check;
    Explanation text;
};

const auto& lines() {
    static const std::array kLines{
        Line{check::kDecoding,
             {{"Is the file what it claims to be, whole and in the published format?",
               "该文件是否为完整的、符合公布格式的证据包？"},
              {"Every byte was read by the published format, which has one spelling for each content; a changed, "
               "missing or added byte would have been found.",
               "已按公布格式逐字节读取；同一内容只有一种写法，任何字节的改动、缺失或添加均会被发现。"}}},
        Line{check::kGenesisDigest,
             {{"Does it come from the network that the contract names?", "是否来自合同所载明的网络？"},
              {"The founding document of the network is in the file. Its fingerprint was compared with the one that "
               "you typed, which the contract prints and the operators publish.",
               "网络的创世文件载于证据包中，其数字指纹已与您输入的指纹比对；后者印于合同，并由运营方公布。"}}},
        Line{check::kGenesisFormat,
             {{"Can the founding document be read?", "创世文件能否读取？"},
              {"It names the organisations, their keys, and who runs the network; it was read and is consistent.",
               "创世文件载明各机构、其密钥及网络运行方；已读取且内容一致。"}}},
        Line{check::kValidatorPath,
             {{"Is it known without a gap who ran the network at each time?", "各时期由谁运行网络，是否连续可知？"},
              {"Each change of those who run the network was signed by a quorum of those who ran it before.",
               "运行方的每次变更，均由变更前运行方的法定多数签署。"}}},
        Line{check::kHeadHeader,
             {{"Does the page of the ledger that the file speaks about belong to this network?",
               "证据包所依据的账页是否属于本网络？"},
              {"Its header names the network, the period and those who ran it then.",
               "其页首载明网络、任期及当时的运行方。"}}},
        Line{check::kFinality,
             {{"Did the network itself agree on this page for good?", "网络是否已最终确认该账页？"},
              {"More than two thirds of those who ran the network signed it; each signature was checked. Nobody can "
               "produce these signatures without their keys.",
               "超过三分之二的运行方已签署，每一签名均已核验；不持有其密钥者无法作出这些签名。"}}},
        Line{check::kTrustedHeader,
             {{"Does the page that you know from elsewhere stand in the file?", "您另行知悉的账页是否在证据包中？"},
              {"Asked only where you name such a page.", "仅在您指定该账页时进行。"}}},
        Line{check::kFreshness,
             {{"Is the file recent enough for what you ask?", "证据包的时点是否满足您的要求？"},
              {"Asked only where you name a time or a page; otherwise the answer is as of the page named above.",
               "仅在您指定时间或账页时进行；否则结论以上述账页为准。"}}},
        Line{check::kStanding,
             {{"How many events does the ledger count under this contract, or is there no such contract?",
               "账本中该合同项下共计多少事件，抑或并无该合同？"},
              {"The count stands in the agreed state of the ledger, or the place where it would stand is shown empty.",
               "事件数量载于已确认的账本状态中；若无该合同，则证明其所在位置为空。"}}},
        Line{check::kStateProof,
             {{"Is the contract's entry part of what the network agreed on?", "该合同的状态是否属于网络确认的内容？"},
              {"Its fingerprint was followed, step by step, up to the one that the network signed.",
               "其指纹已逐级推算至网络签署的指纹。"}}},
        Line{check::kEventLog,
             {{"Are these all the events, none left out and none put in?", "事件是否齐全，既无遗漏也无添加？"},
              {"The network signed their number and a fingerprint of all of them together; both were computed again.",
               "网络签署了事件的数量及全部事件的总指纹，两者均已重新计算。"}}},
        Line{check::kEventChain,
             {{"Do the events stand in the order in which they happened?", "事件是否按发生顺序排列？"},
              {"They are numbered without a gap, and each carries the fingerprint of the one before.",
               "编号连续，且每一事件含有前一事件的指纹。"}}},
        Line{check::kEventTransactions,
             {{"Is each event the one that was signed?", "每一事件是否即为所签署者？"},
              {"The fingerprint of each signed statement is the one recorded.", "每份签署陈述的指纹与记录一致。"}}},
        Line{check::kEventStatements,
             {{"Was each statement meant for this contract and this network?", "每份陈述是否针对本合同及本网络？"},
              {"Contract and network stand under the signature, so a statement cannot be moved from elsewhere.",
               "合同与网络标识均在签名范围之内，陈述无法由他处移来。"}}},
        Line{check::kEventOpenings,
             {{"Are the amounts and dates shown those that were signed?", "所示金额与日期是否即为所签署者？"},
              {"Each value was matched with the seal under the signature. Hidden values stay counted.",
               "每一数值均与签名内的封印比对；未披露的数值仍计入总数。"}}},
        Line{check::kEventSignatures,
             {{"Who signed, and with a key that was registered to them?", "由谁签署，所用密钥是否登记于其名下？"},
              {"Each signature was checked against the key that the network registers for that person and role.",
               "每一签名均以网络登记的该人员及角色的密钥核验。"}}},
        Line{check::kRecomputation,
             {{"Do status and balances follow from the events?", "状态与余额是否由事件得出？"},
              {"They were computed again from the events by the published rules, to the cent.",
               "已按公布的规则由事件重新计算，精确至分。"}}},
        Line{check::kRefusedLog,
             {{"Are these all the attempts by parties that the rules refused?", "当事人被规则拒绝的操作是否齐全？"},
              {"Their number and total fingerprint were computed again, as for the events.",
               "其数量与总指纹已重新计算，方法同上。"}}},
        Line{check::kRefusedAttempts,
             {{"Who made the refused attempts?", "被拒绝的操作由谁作出？"},
              {"Signatures, contract and network were checked as for the events.", "签名、合同与网络的核验同上。"}}},
        Line{check::kRefusedRecomputation,
             {{"Were they refused for the reason recorded?", "拒绝的原因是否与记录一致？"},
              {"The rules were run again on each.", "已对每次操作重新运行规则。"}}},
        Line{check::kRecordStatement,
             {{"Who made the record, and with a key that was registered to them?",
               "由谁存证，所用密钥是否登记于其名下？"},
              {"The signature was checked against the registered key.", "签名已以登记的密钥核验。"}}},
        Line{check::kRecordEntry,
             {{"Does the ledger's entry speak of this very record?", "账本条目是否对应本记录？"},
              {"Entry and record carry the same fingerprint; the entry says whether it was accepted.",
               "条目与记录的指纹相同；条目载明是否被接受。"}}},
        Line{check::kRecordBlock,
             {{"On which page was it recorded, and so when?", "记录于哪一账页，即何时？"},
              {"The page is final, and the page before it does not yet hold the record.",
               "该账页已最终确认，且前一账页尚无本记录。"}}},
        Line{check::kRecordInclusion,
             {{"Is the entry part of the ledger of the whole network?", "条目是否属于全网账本？"},
              {"Its fingerprint was followed up to the one that the network signed.",
               "其指纹已推算至网络签署的指纹。"}}},
        Line{check::kUseLists,
             {{"Where else on this network are the same documents or bank receipts used?",
               "相同文件或银行流水号在本网络中另有何处使用？"},
              {"The lists are complete: the network signed their number and fingerprint.",
               "清单完整：其数量与指纹经网络签署。"}}},
        Line{check::kDocuments,
             {{"Is the document in your hands the one that was registered?", "您持有的文件是否即为所登记者？"},
              {"Two fingerprints of different make were compared. Asked only where you give the file.",
               "以两种不同算法的指纹比对；仅在您提供文件时进行。"}}},
        Line{check::kAdditions,
             {{"Who added something to the file after it was taken from the ledger?",
               "证据包自账本导出后，何人附加了何内容？"},
              {"What was added is signed and names this file; it changes nothing of what the ledger proves.",
               "所附内容经签署并指明本证据包；账本所证明的内容不因此改变。"}}},
        Line{check::kTimeStamps,
             {{"Does an independent clock say that the file existed at a certain time?",
               "是否有独立时钟证明该文件于某一时刻已存在？"},
              {"The time-stamps were checked against the authorities that you named.",
               "时间戳已对照您指定的时间戳机构核验。"}}},
        Line{check::kPrintedPages,
             {{"Do the printed pages say what the attached file says?", "印制页面是否与所附文件的内容一致？"},
              {"The pages were made again from the file and compared byte for byte.",
               "已由文件重新生成页面并逐字节比对。"}}},
        Line{check::kSuccession,
             {{"Did the network continue under successors that it did not choose itself?",
               "网络是否由其自身未选定的继任者延续？"},
              {"The authorities named at the founding signed for it. Whether to accept that is for the reader.",
               "由创世文件指定的机构签署；是否采信由读者判断。"}}},
    };
    return kLines;
}

}  // namespace

const Explanation& explanation_of(std::string_view check) {
    const auto* const found = std::ranges::find(lines(), check, &Line::check);
    PROBATUM_CHECK(found != lines().end(), "every check is explained");
    return found->text;
}

const Provisions& default_provisions() {
    static const Text kIntegrity{
        "Online Litigation Rules of the People's Courts (2021) art. 16 (data on chain presumed unaltered), art. 17 "
        "(review of technology); Provisions on Internet Courts (2018) art. 11; FRE 902(14)",
        "《人民法院在线诉讼规则》（2021）第十六条、第十七条；《最高人民法院关于互联网法院审理案件若干问题的规定》（2018"
        "）第十"
        "一条；FRE 902(14)"};
    static const Text kPlatform{
        "Online Litigation Rules (2021) art. 17 (neutrality and qualification of the platform); FRE 902(13)",
        "《人民法院在线诉讼规则》（2021）第十七条（平台资质与中立性）；FRE 902(13)"};
    static const Text kBefore{
        "Online Litigation Rules (2021) art. 18 (truth before recording) and art. 19 (burden and expert opinion)",
        "《人民法院在线诉讼规则》（2021）第十八条（上链前真实性）、第十九条"};
    static const Text kSignature{"Electronic Signature Law arts 5, 6, 8 and 13", "《电子签名法》第五、六、八、十三条"};
    static const Text kMoney{"Civil Code art. 561 (order of performance)", "《民法典》第五百六十一条（清偿抵充顺序）"};
    static const Provisions kProvisions{
        {std::string{check::kFinality}, kPlatform},         {std::string{check::kValidatorPath}, kPlatform},
        {std::string{check::kEventLog}, kIntegrity},        {std::string{check::kEventChain}, kIntegrity},
        {std::string{check::kStateProof}, kIntegrity},      {std::string{check::kRecordInclusion}, kIntegrity},
        {std::string{check::kDocuments}, kIntegrity},       {std::string{check::kRecordStatement}, kSignature},
        {std::string{check::kEventSignatures}, kSignature}, {std::string{check::kRecomputation}, kMoney},
        {std::string{check::kUseLists}, kBefore},
    };
    return kProvisions;
}

}  // namespace probatum::evidence
