import { readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { describe, expect, it } from "vitest";
import { decodeBundle } from "../src/bundle.js";
import { concat, hex } from "../src/bytes.js";
import { type Options } from "../src/case.js";
import { encodeArray, encodeBytes, encodeMap, encodeText } from "../src/cbor_encode.js";
import { run } from "../src/cli.js";
import { type JsonObject, reportJson } from "../src/report.js";
import { reportText } from "../src/text.js";
import { type Transaction } from "../src/transaction.js";
import { verify } from "../src/verify.js";
import { bytes, genesisDigest, goldenBytes, goldenText } from "./files.js";

const loanDocument = { name: "loan-document.txt", bytes: goldenBytes("bundles/loan-document.txt") };

describe("golden bundles", () => {
  it.each([
    ["loan", [loanDocument]],
    ["record", []],
    ["payment", []],
    ["absent-document", []],
  ])("%s gives the JSON report of the C++ verifier, byte for byte", (name, documents) => {
    const report = verify(goldenBytes(`bundles/${name}.evidence`), { genesisDigest: genesisDigest(), documents });
    expect(reportJson(report)).toBe(goldenText(`bundles/${name}.report.json`));
  });
});

const kLoan = goldenBytes("bundles/loan.evidence");
const kRecord = goldenBytes("bundles/record.evidence");
const kAbsent = goldenBytes("bundles/absent-document.evidence");

function changed(original: Uint8Array, at: number, bit: number): Uint8Array {
  const out = Uint8Array.from(original);
  out[at]! ^= bit;
  return out;
}

/** The verdict of the first check that is not passed, or "valid". An internal fault of the program is a failed test. */
function judge(input: Uint8Array, options: Partial<Options> = {}): string {
  const report = verify(input, { genesisDigest: genesisDigest(), ...options });
  expect(report.checks.filter((check) => check.found.startsWith("internal:"))).toEqual([]);
  reportJson(report);
  reportText(report, "zh");
  return report.conclusion === "valid" ? "valid" : report.failedCheck;
}

describe("changed bundles", () => {
  it("no change of one byte of a small bundle is valid", () => {
    for (let at = 0; at < kAbsent.length; at++) expect([at, judge(changed(kAbsent, at, 1 << (at % 8)))]).not.toEqual([at, "valid"]);
  });

  it("nor one of every so many bytes of the larger ones", () => {
    for (let at = 3; at < kRecord.length; at += 127) expect([at, judge(changed(kRecord, at, 1))]).not.toEqual([at, "valid"]);
    for (let at = 5; at < kLoan.length; at += 1201) expect([at, judge(changed(kLoan, at, 2))]).not.toEqual([at, "valid"]);
  });

  it("cut anywhere, a bundle is unusable", () => {
    for (let length = 0; length < kLoan.length; length += 499) expect(judge(kLoan.subarray(0, length))).toBe("decoding");
    expect(judge(Uint8Array.from([...kAbsent, 0]))).toBe("decoding");
  });

  it("hostile lengths and nesting are unusable", () => {
    const magic = kAbsent.subarray(0, 20);
    for (const tail of ["9bffffffffffffffff", "bb7fffffffffffffff", "5b0000000fffffffff", "81".repeat(10_000), "c1".repeat(10_000), "9f"]) {
      expect(judge(Uint8Array.from([...magic, ...bytes(tail)]))).toBe("decoding");
    }
  });
});

describe("what the reader asks for", () => {
  it("another genesis", () => expect(judge(kAbsent, { genesisDigest: new Uint8Array(32) })).toBe("genesis-digest"));
  it("a later height", () => expect(judge(kAbsent, { minHeight: 6n })).toBe("freshness"));
  it("the very height", () => expect(judge(kAbsent, { minHeight: 5n })).toBe("valid"));
  it("a later time", () => expect(judge(kAbsent, { notBefore: 2n ** 41n })).toBe("freshness"));
  it("a header that is not on the path", () => expect(judge(kAbsent, { trustedHeader: new Uint8Array(32).fill(7) })).toBe("trusted-header"));
  it("another document", () => expect(judge(kRecord, { documents: [{ name: "x", bytes: new Uint8Array(3) }] })).toBe("documents"));
  it("the very document", () => expect(judge(kRecord, { documents: [loanDocument] })).toBe("valid"));
  it("a document that nobody registered", () => {
    const documents = [{ name: "x", bytes: new TextEncoder().encode("never registered") }];
    expect(judge(kAbsent, { documents })).toBe("documents");
    const report = verify(kAbsent, { genesisDigest: genesisDigest() });
    expect(report.checks.find((check) => check.check === "documents")!.expected).toBe("registered 0");
    expect(report.facts!["documents"]).toEqual([]);
  });
});

describe("hidden values", () => {
  it("an opening left out prevents re-computation, and the rest holds", () => {
    const report = verify(withoutOpenings(kLoan), { genesisDigest: genesisDigest() });
    const verdicts = Object.fromEntries(report.checks.map((check) => [check.check, check.verdict === "not-checked" ? check.reason : check.verdict]));
    expect(verdicts["event-openings"]).toBe("pass");
    expect(verdicts["recomputation"]).toBe("openings-hidden");
    expect(verdicts["use-lists"]).toBe("pass");
    for (const name of ["recomputation", "refused-recomputation"]) {
      expect(report.checks.find((check) => check.check === name)!.found).toBe("hidden principal 1, rows 1");
    }
    expect(report.facts!["hidden_fields"]).toEqual([{ field: "principal", count: 1 }, { field: "rows", count: 1 }]);
    expect(report.conclusion).toBe("valid");
    expect((report.facts!["contract"] as JsonObject)["recomputed"]).toBe(false);
  });
});

describe("values that only refused attempts hide", () => {
  it("are listed, and the attempts are not run again", () => {
    const report = verify(without(kLoan, decodeBundle(kLoan).contract!.refused[0]!.transaction), { genesisDigest: genesisDigest() });
    const of = (name: string) => report.checks.find((check) => check.check === name)!;
    expect(of("recomputation").verdict).toBe("pass");
    expect(of("refused-recomputation").found).toBe("hidden amount 1, bank 1, bank_reference 1, value_date 1");
    expect((report.facts!["hidden_fields"] as JsonObject[]).map((each) => each["field"])).toEqual(["amount", "bank", "bank_reference", "value_date"]);
  });
});

/** The loan without the openings of its registration: they follow the registration's statement as a map of two. */
function withoutOpenings(bundle: Uint8Array): Uint8Array {
  return without(bundle, decodeBundle(bundle).contract!.events[0]!.transaction);
}

function without(bundle: Uint8Array, transaction: Transaction): Uint8Array {
  const openings = [...transaction.openings].map(([name, opening]) =>
    [encodeText(name), encodeArray([encodeBytes(opening.salt), opening.value])] as const);
  const map = encodeMap(openings);
  const at = hex(bundle).indexOf(hex(map)) / 2;
  expect(at).toBeGreaterThan(0);
  return concat(bundle.subarray(0, at), encodeMap([]), bundle.subarray(at + map.length));
}

describe("the command", () => {
  const folder = fileURLToPath(new URL("../../../tests/vectors/bundles/", import.meta.url));
  const digest = readFileSync(`${folder}genesis-digest.txt`, "utf8").trim();
  it("exits with 0, 1 and 2", () => {
    expect(run([`${folder}absent-document.evidence`, "--genesis-digest", digest]).code).toBe(0);
    expect(run([`${folder}absent-document.evidence`, "--genesis-digest", "0".repeat(64)]).code).toBe(1);
    expect(run([`${folder}genesis-digest.txt`, "--genesis-digest", digest]).code).toBe(2);
    expect(run([`${folder}absent-document.evidence`]).code).toBe(2);
    expect(run(["no such file", "--genesis-digest", digest]).code).toBe(2);
  });
  it("writes the report as JSON or in a language", () => {
    const json = run([`${folder}absent-document.evidence`, "--genesis-digest", digest, "--json"]).out;
    expect(json).toBe(goldenText("bundles/absent-document.report.json"));
    expect(run([`${folder}absent-document.evidence`, "--genesis-digest", digest, "--lang", "zh"]).out).toContain("有效");
    expect(run(["--help"]).out).toContain("Exit codes");
  });
});
