#include "rpc/openrpc.h"

#include <gtest/gtest.h>

#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <set>
#include <sstream>

#include "fake_service.h"
#include "rpc/methods.h"
#include "rpc/schemas.h"

namespace probatum::rpc {
namespace {

const std::filesystem::path kDocs = std::filesystem::path{PROBATUM_SOURCE_DIR} / "docs";

std::string read(const std::filesystem::path& file) {
    std::ifstream stream{file};
    std::stringstream out;
    out << stream.rdbuf();
    return out.str();
}

std::vector<Method> table() {
    static test::FakeService service;
    return all_methods({service, std::make_shared<Waiting>(), {}});
}

/// Every "$ref" below a value.
void collect(const Json& value, std::set<std::string>& references) {
    if (value.is_object() && value.contains("$ref")) {
        references.insert(value["$ref"].get<std::string>());
    }
    if (value.is_structured()) {
        for (const Json& part : value) {
            collect(part, references);
        }
    }
}

TEST(OpenRpc, TheIssuesMethodsAreAllThere) {
    std::set<std::string> names;
    for (const Method& method : table()) {
        names.insert(method.name);
    }
    EXPECT_EQ(names, (std::set<std::string>{"tx.prepare",
                                            "tx.submit",
                                            "tx.get",
                                            "contract.list",
                                            "contract.get",
                                            "contract.history",
                                            "evidence.get",
                                            "evidence.bundle",
                                            "finance.check",
                                            "finance.keys",
                                            "chain.status",
                                            "chain.block",
                                            "chain.genesis",
                                            "chain.validators",
                                            "chain.trust_path",
                                            "chain.misbehaviour",
                                            "gov.list",
                                            "gov.get",
                                            "identity.organisations",
                                            "identity.organisation",
                                            "identity.members",
                                            "identity.member",
                                            "identity.key",
                                            "identity.freeze",
                                            "identity.certificate",
                                            "identity.trusted_roots",
                                            "published.calendars",
                                            "published.calendar",
                                            "published.indexes",
                                            "published.fixing",
                                            "published.templates",
                                            "published.template",
                                            "rpc.discover"}));
}

TEST(OpenRpc, EveryMethodIsDescribedInBothLanguages) {
    for (const Method& method : table()) {
        EXPECT_FALSE(method.summary_en.empty()) << method.name;
        EXPECT_FALSE(method.summary_zh.empty()) << method.name;
        EXPECT_FALSE(method.result_schema.is_null()) << method.name;
        ASSERT_TRUE(method.handler) << method.name;
        bool optional_seen = false;
        for (const Parameter& parameter : method.parameters) {
            EXPECT_FALSE(parameter.description.empty()) << method.name << " " << parameter.name;
            EXPECT_FALSE(parameter.required && optional_seen)
                << method.name << ": required parameters come first, for calls by position";
            optional_seen = optional_seen || !parameter.required;
        }
    }
}

TEST(OpenRpc, EveryReferenceLeadsSomewhere) {
    const Json document = openrpc_document(table());
    std::set<std::string> references;
    collect(document, references);
    for (const std::string& reference : references) {
        EXPECT_TRUE(document.contains(Json::json_pointer{reference.substr(1)})) << reference;
    }
    const Json components = schema::components();
    for (const auto& [name, unused] : components.items()) {
        EXPECT_TRUE(name == "Error" || name == "Digests" || references.contains("#/components/schemas/" + name))
            << name << " is used nowhere";
    }
}

TEST(OpenRpc, DiscoverAnswersTheSameDocument) {
    std::optional<Json> answer;
    table().back().handler(Params{Json::object()}, [&](const Outcome& outcome) { answer = *outcome; });
    EXPECT_EQ(answer, openrpc_document(table()));
}

/// PROBATUM_UPDATE_DOCS=1 writes the file anew.
TEST(OpenRpc, ThePublishedDocumentIsFresh) {
    const std::string expected = to_pretty_text(openrpc_document(table())) + "\n";
    const auto file = kDocs / "openrpc.json";
    if (std::getenv("PROBATUM_UPDATE_DOCS") != nullptr) {
        std::ofstream{file} << expected;
    }
    EXPECT_EQ(read(file), expected) << "run unit_rpc with PROBATUM_UPDATE_DOCS=1";
}

TEST(OpenRpc, TheManualNamesEveryMethodAndParameter) {
    const std::string manual = read(kDocs / "rpc.md");
    for (const Method& method : table()) {
        EXPECT_NE(manual.find("`" + method.name + "`"), std::string::npos) << method.name;
        for (const Parameter& parameter : method.parameters) {
            EXPECT_NE(manual.find("`" + parameter.name + "`"), std::string::npos)
                << method.name << " " << parameter.name;
        }
    }
}

}  // namespace
}  // namespace probatum::rpc
