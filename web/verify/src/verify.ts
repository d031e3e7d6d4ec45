/** Verifies one bundle: no input or output, no clock, no network. */
import { type Bytes, hex } from "./bytes.js";
import { type Bundle, decodeBundle, kMediaType } from "./bundle.js";
import { type Case, type Options } from "./case.js";
import { checkContract } from "./contract_checks.js";
import { factsOf } from "./facts.js";
import { sha256 } from "./hash.js";
import { checkDocuments, checkRecord, checkUses } from "./record_checks.js";
import { Checks, type Conclusion, type Report } from "./report.js";
import { checkSuccession, checkTrust } from "./trust.js";

/** Total: whatever the bytes are, there is a report. */
export function verify(bytes: Bytes, options: Options): Report {
  const checks = new Checks();
  const digest = hex(sha256(bytes));
  let bundle: Bundle | null = null;
  checks.run("decoding", (check) => {
    check.input = `${bytes.length} bytes`;
    check.expected = `${kMediaType} 1`;
    bundle = decodeBundle(bytes);
    check.found = `sha-256 ${digest}`;
  });
  const of = bundle === null ? null : check(bundle, options, checks);
  const report: Report = {
    conclusion: conclusionOf(checks, of), failedCheck: checks.firstFault, bundleSha256: digest, bundleBytes: bytes.length,
    genesisDigest: hex(options.genesisDigest), checks: checks.list, facts: null,
  };
  if (report.conclusion === "valid") report.facts = factsOf(of!);
  return report;
}

function check(bundle: Bundle, options: Options, checks: Checks): Case {
  const of = newCase(bundle, options);
  checkTrust(of, checks);
  if (bundle.contract !== null) checkContract(of, checks);
  if (bundle.record !== null) checkRecord(of, checks);
  checkUses(of, checks);
  checkDocuments(of, checks);
  checkSuccession(of, checks);
  return of;
}

function newCase(bundle: Bundle, options: Options): Case {
  return {
    bundle, options,
    // Filled in by the check of its format; no check before it reads it, and none after it runs without it.
    genesis: undefined as unknown as Case["genesis"],
    reigns: [], successions: new Map(), bodies: new Map(), unsupported: false, hidden: false, contract: null, documents: [],
  };
}

function conclusionOf(checks: Checks, of: Case | null): Conclusion {
  if (of === null) return "unusable";
  if (checks.failed) return "not-valid";
  // What this verifier does not know it does not call valid.
  return checks.unsupported ? "unusable" : "valid";
}
