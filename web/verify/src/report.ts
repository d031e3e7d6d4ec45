/** The report: docs/spec/evidence.md sections 5 and 6. */
import { Failure, type Reason } from "./failure.js";

export type Verdict = "pass" | "fail" | "not-checked";
export type Conclusion = "valid" | "not-valid" | "unusable";

export interface Check {
  number: number;
  check: string;
  verdict: Verdict;
  input: string;
  expected: string;
  found: string;
  reason: string;
}

/** A value of the JSON report. Whole numbers of 64 bits are written exactly. */
export type Json = string | number | bigint | boolean | null | Json[] | { [key: string]: Json };
export type JsonObject = { [key: string]: Json };

export interface Report {
  conclusion: Conclusion;
  failedCheck: string;
  bundleSha256: string;
  bundleBytes: number;
  genesisDigest: string;
  checks: Check[];
  /** What the bundle says: only where it is valid. */
  facts: JsonObject | null;
}

export type Skipped = "not-requested" | "openings-hidden" | "not-supported";

/** Runs checks in order; after a failure the others are not checked. */
export class Checks {
  readonly list: Check[] = [];
  private failedName: string | null = null;
  private unsupportedName: string | null = null;

  /** `body` fills in the check; it throws a Failure if the check fails, and names a reason if nothing is checked. */
  run(name: string, body: (check: Check) => Skipped | void): void {
    const check: Check = { number: this.list.length + 1, check: name, verdict: "not-checked", input: "", expected: "", found: "", reason: "" };
    this.list.push(check);
    if (this.failedName !== null) {
      check.reason = "earlier-check-failed";
      return;
    }
    try {
      const skipped = body(check);
      check.verdict = skipped === undefined ? "pass" : "not-checked";
      check.reason = skipped ?? "";
      if (skipped === "not-supported") this.unsupportedName ??= name;
    } catch (error) {
      this.failedName = name;
      check.verdict = "fail";
      check.reason = reasonOf(error);
      if (check.found === "") check.found = error instanceof Failure ? error.detail : `internal: ${String(error)}`;
    }
  }

  get failed(): boolean { return this.failedName !== null; }
  get unsupported(): boolean { return this.unsupportedName !== null; }
  get firstFault(): string { return this.failedName ?? this.unsupportedName ?? ""; }
}

function reasonOf(error: unknown): Reason {
  // Anything else than a Failure is a fault of this program: the bundle is not accepted because of it, and says so.
  if (error instanceof Failure) return error.reason;
  return "evidence_mismatch";
}

/** The JSON of a report, as `probatum verify --json` writes it. */
export function reportJson(report: Report): string {
  const out: JsonObject = {
    report: "probatum evidence verification",
    version: 1,
    conclusion: report.conclusion,
    failed_check: report.failedCheck,
    bundle_sha256: report.bundleSha256,
    bundle_bytes: report.bundleBytes,
    genesis_digest: report.genesisDigest,
    checks: report.checks.map((check): JsonObject => ({ ...check })),
  };
  if (report.facts !== null) out["facts"] = report.facts;
  return `${write(out, "")}\n`;
}

function write(value: Json, indent: string): string {
  if (typeof value === "bigint") return value.toString();
  if (value === null || typeof value !== "object") return JSON.stringify(value);
  const inner = `${indent}  `;
  const [open, close, items] = Array.isArray(value)
    ? ["[", "]", value.map((item) => write(item, inner))]
    : ["{", "}", Object.entries(value).map(([key, item]) => `${JSON.stringify(key)}: ${write(item, inner)}`)];
  if (items.length === 0) return open + close;
  return `${open}\n${items.map((item) => inner + item).join(",\n")}\n${indent}${close}`;
}
