#pragma once

#include "tools/commands.h"

/// What is done with an evidence file at hand, without a node; and batches, which make many proofs of one record.
namespace probatum::tools {

/// extract, disclose, certificate, detach. `app` holds --lang.
void add_bundle_file_commands(CLI::App& app, CLI::App& group, Commands& commands);
void add_receipt_commands(CLI::App& group, Commands& commands);    ///< receipt, check-receipt
void add_timestamp_commands(CLI::App& group, Commands& commands);  ///< timestamp, renew
void add_batch_commands(CLI::App& group, Commands& commands);      ///< notarize-batch

}  // namespace probatum::tools
