#include "rpc/openrpc.h"

#include "rpc/schemas.h"

namespace probatum::rpc {

namespace {

Json describe(const Method& method) {
    Json out{{"name", method.name},
             {"summary", method.summary_en},
             {"description", method.summary_zh},
             {"paramStructure", "either"},
             {"params", Json::array()},
             {"result", {{"name", method.result_name}, {"schema", method.result_schema}}},
             {"errors", Json::array()}};
    for (const Parameter& parameter : method.parameters) {
        out["params"].push_back({{"name", parameter.name},
                                 {"description", parameter.description},
                                 {"required", parameter.required},
                                 {"schema", parameter.schema}});
    }
    for (const Errc code : method.errors) {
        out["errors"].push_back({{"code", static_cast<int>(code)}, {"message", info(code).english}});
    }
    return out;
}

}  // namespace

Json openrpc_document(const std::vector<Method>& methods) {
    Json out{{"openrpc", "1.3.2"},
             {"info",
              {{"title", "Probatum node"},
               {"version", "1"},
               {"description",
                "JSON-RPC 2.0 over HTTP POST. Errors outside -32768..-32000 carry a number of the error registry as "
                "their code; "
                "`data` of an error is components/schemas/Error."},
               {"license", {{"name", "See LICENSE"}}}}},
             {"methods", Json::array()},
             {"components", {{"schemas", schema::components()}}}};
    for (const Method& method : methods) {
        out["methods"].push_back(describe(method));
    }
    return out;
}

}  // namespace probatum::rpc
