#include "node/logging.h"

#include <spdlog/pattern_formatter.h>
#include <spdlog/sinks/basic_file_sink.h>
#include <spdlog/sinks/stdout_sinks.h>
#include <spdlog/spdlog.h>

namespace probatum::node {

namespace {

/// The message as the inside of a JSON string (RFC 8259 section 7).
class EscapedMessage final : public spdlog::custom_flag_formatter {
public:
    void format(const spdlog::details::log_msg& message, const std::tm&, spdlog::memory_buf_t& out) override {
        constexpr std::string_view kHex = "0123456789abcdef";
        for (const char c : message.payload) {
            const auto byte = static_cast<unsigned char>(c);
            if (c == '"' || c == '\\') {
                out.push_back('\\');
                out.push_back(c);
            } else if (byte < 0x20) {
                for (const char part : std::string_view{"\\u00"}) {
                    out.push_back(part);
                }
                out.push_back(kHex[byte >> 4U]);
                out.push_back(kHex[byte & 15U]);
            } else {
                out.push_back(c);
            }
        }
    }
    std::unique_ptr<custom_flag_formatter> clone() const override { return std::make_unique<EscapedMessage>(); }
};

}  // namespace

Result<void> start_logging(const LogConfig& config) {
    spdlog::sink_ptr sink;
    try {
        if (config.file.empty()) {
            sink = std::make_shared<spdlog::sinks::stderr_sink_mt>();
        } else {
            sink = std::make_shared<spdlog::sinks::basic_file_sink_mt>(config.file.string());
        }
    } catch (const spdlog::spdlog_ex& error) {
        return fail(Errc::config_invalid, "log.file", error.what());
    }
    auto formatter = std::make_unique<spdlog::pattern_formatter>(spdlog::pattern_time_type::utc);
    if (config.format == "json") {
        formatter->add_flag<EscapedMessage>('*');
        formatter->set_pattern(R"({"time":"%Y-%m-%dT%H:%M:%S.%eZ","level":"%l","thread":%t,"message":"%*"})");
    } else {
        formatter->set_pattern("%Y-%m-%d %H:%M:%S.%e %-5l %v");
    }
    auto logger = std::make_shared<spdlog::logger>("probatum", std::move(sink));
    logger->set_formatter(std::move(formatter));
    logger->set_level(spdlog::level::from_str(config.level));
    logger->flush_on(spdlog::level::info);
    spdlog::set_default_logger(std::move(logger));
    return {};
}

}  // namespace probatum::node
