#include "rpc/methods.h"

#include <iterator>

#include "rpc/openrpc.h"
#include "rpc/schemas.h"

namespace probatum::rpc {

namespace {

void append(std::vector<Method>& table, std::vector<Method> more) {
    table.insert(table.end(), std::make_move_iterator(more.begin()), std::make_move_iterator(more.end()));
}

}  // namespace

std::vector<Method> all_methods(const Context& context) {
    std::vector<Method> table;
    append(table, prepare_methods(context));
    append(table, transaction_methods(context));
    append(table, contract_methods(context));
    append(table, evidence_methods(context));
    append(table, chain_methods(context));
    append(table, governance_methods(context));
    append(table, finance_methods(context));
    append(table, identity_methods(context));
    append(table, published_methods(context));
    table.push_back({.name = "rpc.discover",
                     .summary_en = "This document: every method with its parameters and results",
                     .summary_zh = "本文档：全部方法及其参数与结果",
                     .parameters = {},
                     .result_name = "document",
                     .result_schema = schema::any("An OpenRPC 1.3 document"),
                     .errors = {},
                     .handler = {}});
    // The document lists rpc.discover too, so it is made when the table is whole.
    table.back().handler = answering([](Params&) { return 0; },
                                     [document = openrpc_document(table)](int) { return Result<Json>{document}; });
    return table;
}

}  // namespace probatum::rpc
