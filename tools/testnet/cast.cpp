#include "tools/testnet/cast.h"

#include <algorithm>

namespace probatum::testnet {

namespace {

using contracts::Role;

constexpr unsigned kNamedOperators = 4;
constexpr const char* kOperators[kNamedOperators]{"bank-a", "clearing-house", "notary-office", "trade-registry"};

}  // namespace

std::string operator_of(unsigned index) {
    return index < kNamedOperators ? kOperators[index] : "operator-" + std::to_string(index + 1);
}

std::vector<contracts::Organisation> organisations(unsigned validators) {
    std::vector<contracts::Organisation> out{
        {"bank-a", "华东示范银行股份有限公司 East China Sample Bank Co., Ltd.", "91310000MA1FL0001A"},
        {"trader-b", "浙江示范贸易有限公司 Zhejiang Sample Trading Co., Ltd.", "91330000MA2GL0003C"},
        {"maker-c", "示范制造集团有限公司 Sample Manufacturing Group Co., Ltd.", "91320000MA1NL0005E"},
        {"guarantor-d", "示范融资担保有限公司 Sample Guarantee Co., Ltd.", ""},
        {"warehouse-e", "示范仓储物流有限公司 Sample Warehousing and Logistics Co., Ltd.", ""},
        {"settlement-bank", "示范结算银行股份有限公司 Sample Settlement Bank Co., Ltd.", ""},
        {"court", "示范仲裁委员会 Sample Arbitration Commission", ""},
        {"regulator", "示范地方金融管理局 Sample Local Financial Authority", ""},
        {"platform", "示范存证平台 Sample Evidence Platform", ""},
        {"clearing-house", "示范清算所 Sample Clearing House", ""},
        {"notary-office", "示范公证处 Sample Notary Office", ""},
        {"trade-registry", "示范登记中心 Sample Trade Registry", ""},
    };
    for (unsigned i = kNamedOperators; i < validators; ++i) {
        out.push_back({operator_of(i), "Operator " + std::to_string(i + 1), ""});
    }
    return out;
}

const std::vector<Identity>& identities() {
    static const std::vector<Identity> kIdentities{
        {"platform-administrator", "platform", "administrator", "平台管理员 Platform administrator", Role::platform_administrator},
        {"validator-operator", "clearing-house", "operator", "节点运维 Validator operator", Role::validator_operator},
        {"consortium-governor", "notary-office", "governor", "联盟治理人 Consortium governor", Role::consortium_governor},
        {"lender-maker", "bank-a", "maker", "经办人 Lender, maker", Role::lender_maker},
        {"lender-checker", "bank-a", "checker", "复核人 Lender, checker", Role::lender_checker},
        {"borrower", "trader-b", "finance", "借款人财务 Borrower", Role::borrower},
        {"core-enterprise", "maker-c", "treasury", "核心企业 Core enterprise", Role::core_enterprise},
        {"guarantor", "guarantor-d", "underwriter", "担保人 Guarantor", Role::guarantor},
        {"custodian", "warehouse-e", "keeper", "监管人 Custodian", Role::custodian},
        {"settlement-bank", "settlement-bank", "operations", "结算行 Settlement bank", Role::settlement_bank},
        {"judicial-officer", "court", "clerk", "司法人员 Judicial officer", Role::judicial_officer},
        {"regulator", "regulator", "examiner", "监管人员 Regulator", Role::regulator},
    };
    return kIdentities;
}

}  // namespace probatum::testnet
