/** The checks that lead from the genesis digest to the head: docs/spec/evidence.md section 5. */
import { type Bytes, compare, equal, hex } from "./bytes.js";
import { type ValidatorChange } from "./bundle.js";
import { type Case } from "./case.js";
import { decode } from "./cbor.js";
import { type ValidatorSet, allPoints, encodeValidatorSet, quorum, readValidatorSet, setDigest, verifyFinality } from "./chain.js";
import { decodeStatement, keyId, verifyStatement } from "./cose.js";
import { demand, fail } from "./failure.js";
import { decodeGenesis } from "./genesis.js";
import { sha256 } from "./hash.js";
import { type Checks } from "./report.js";
import { boundedText, digest, tuple } from "./shape.js";
import { instantText } from "./time.js";

export function checkTrust(of: Case, checks: Checks): void {
  const { bundle, options } = of;
  const head = bundle.head.header;
  checks.run("genesis-digest", (check) => {
    check.input = `${bundle.genesis.length} bytes`;
    check.expected = hex(options.genesisDigest);
    check.found = hex(sha256(bundle.genesis));
    demand(check.expected === check.found, "wrong_genesis");
  });
  checks.run("genesis-format", (check) => {
    check.expected = "validators 1..100";
    of.genesis = decodeGenesis(bundle.genesis);
    check.input = of.genesis.chainName;
    check.found = `validators ${of.genesis.validators.length}`;
  });
  checks.run("validator-path", (check) => {
    check.input = `changes ${bundle.validatorPath.length}`;
    check.expected = hex(head.validators);
    walk(of);
    check.found = hex(setDigest(of.reigns.at(-1)!.set));
  });
  checks.run("head-header", (check) => {
    check.input = hex(head.id);
    checkHead(of, check);
  });
  checks.run("finality-certificate", (check) => {
    const { set } = of.reigns.at(-1)!;
    check.input = `height ${head.height}`;
    check.expected = `finalize ${quorum(set.length)}/${set.length}`;
    check.found = `finalize ${bundle.head.certificate.signers.length}/${set.length}, headers between ${bundle.head.path.length}`;
    verifyFinality(bundle.head, set);
  });
  checks.run("trusted-header", (check) => {
    check.input = hex(head.id);
    if (options.trustedHeader === undefined) return "not-requested";
    check.expected = hex(options.trustedHeader);
    check.found = knownHeaders(of).find((id) => id === check.expected) ?? "";
    demand(check.found !== "", "evidence_mismatch");
  });
  checks.run("freshness", (check) => {
    const { minHeight, notBefore } = options;
    check.found = `height ${head.height}, ${instantText(head.time)}`;
    if (minHeight === undefined && notBefore === undefined) return "not-requested";
    const demands = [minHeight === undefined ? [] : `height ${minHeight}`, notBefore === undefined ? [] : instantText(notBefore)].flat();
    check.expected = demands.join(", ");
    demand(head.height >= (minHeight ?? 0n) && head.time >= (notBefore ?? 0n), "evidence_mismatch");
  });
}

/** From the set of genesis to the last one; each step rests on the set before. */
function walk(of: Case): void {
  const { genesis } = of;
  of.reigns = [{ fromEpoch: 0n, set: genesis.validators, after: 0n, afterBlock: null }];
  let height = 0n;
  for (const step of of.bundle.validatorPath) {
    const reign = of.reigns.at(-1)!;
    const { header } = step.closing;
    demand(equal(header.chainId, genesis.digest), "foreign_chain");
    demand(header.epoch >= reign.fromEpoch && header.height > height, "certificate_invalid", "order of changes");
    verifyFinality(step.closing, reign.set);
    const next = setDigest(step.next);
    demand(!equal(next, header.validators) && allPoints(step.next), "certificate_invalid", "the set did not change");
    demand(step.succession !== null || equal(next, header.nextValidators), "certificate_invalid", "next validators");
    const ended = step.succession === null ? header.epoch : successionEpoch(step);
    of.reigns.push({ fromEpoch: ended + 1n, set: step.next, after: header.height, afterBlock: header.id });
    height = header.height;
  }
}

function checkHead(of: Case, check: { expected: string; found: string }): void {
  const head = of.bundle.head.header;
  const reign = of.reigns.at(-1)!;
  const epoch = head.epoch > reign.fromEpoch ? head.epoch : reign.fromEpoch;
  const lastClosing = of.bundle.validatorPath.at(-1)?.closing.header.height ?? 0n;
  check.expected = `epoch ${epoch}, validators ${hex(setDigest(reign.set))}`;
  check.found = `epoch ${head.epoch}, validators ${hex(head.validators)}`;
  demand(equal(head.chainId, of.genesis.digest), "foreign_chain");
  demand(check.expected === check.found && head.height > lastClosing && head.proposer < reign.set.length, "evidence_mismatch");
}

/** Not what came after a closing header in its own epoch: a succession leaves it behind. */
function knownHeaders(of: Case): string[] {
  const { head, validatorPath } = of.bundle;
  return [head.header, ...head.path, ...validatorPath.map((step) => step.closing.header)].map((header) => hex(header.id));
}

interface Succession { last: Bytes; height: bigint; epoch: bigint; next: ValidatorSet; reason: string }

function decodeSuccession(payload: Bytes): Succession {
  return decode(payload, (reader) => {
    tuple(reader, 5);
    return { last: digest(reader), height: reader.uint(), epoch: reader.uint(), next: readValidatorSet(reader), reason: boundedText(reader, 1, 1024) };
  });
}

/** The epoch that cannot go on: the closing header's own, or, where that one closed it, the one after. Judged by the check `succession`. */
function successionEpoch(step: ValidatorChange): bigint {
  const { epoch } = decodeSuccession(decodeStatement(step.succession![0]!).payload);
  const { header } = step.closing;
  demand(epoch === header.epoch || epoch === header.epoch + 1n, "succession_invalid", "epoch");
  return epoch;
}

/** docs/spec/governance.md section 9. */
export function checkSuccession(of: Case, checks: Checks): void {
  const steps = of.bundle.validatorPath.filter((step) => step.succession !== null);
  if (steps.length === 0) return;
  checks.run("succession", (check) => {
    const { authorities, recoveryThreshold } = of.genesis;
    check.input = `after height ${steps.map((step) => step.closing.header.height).join(", ")}`;
    check.expected = `recovery authorities ${recoveryThreshold}/${authorities.length}`;
    for (const step of steps) verifySuccession(of, step);
    check.found = `recovery authorities ${recoveryThreshold}`;
  });
}

function verifySuccession(of: Case, step: ValidatorChange): void {
  const { genesis } = of;
  const authorities = new Map(genesis.authorities.map((key) => [hex(keyId(key)), key]));
  const statements = step.succession!.map(decodeStatement);
  demand(authorities.size > 0 && statements.length === genesis.recoveryThreshold, "succession_invalid", "number of statements");
  let previous: Bytes | null = null;
  for (const statement of statements) {
    const { header } = statement;
    const key = authorities.get(hex(header.keyId)) ?? fail("succession_invalid", "authority");
    const fits = header.contentType === "application/vnd.probatum.succession+cbor" && header.issuer === "recovery-authority" &&
      header.subject === null && equal(header.chainId, genesis.digest) && equal(statement.payload, statements[0]!.payload);
    demand(fits, "succession_invalid", "statement");
    demand(previous === null || compare(previous, header.keyId) < 0, "succession_invalid", "order of authorities");
    previous = header.keyId;
    verifyStatement(statement, key);
  }
  checkSuccessionPayload(of, step, statements[0]!.payload);
}

function checkSuccessionPayload(of: Case, step: ValidatorChange, payload: Bytes): void {
  const { header } = step.closing;
  const { last, height, next, reason } = decodeSuccession(payload);
  const same = equal(encodeValidatorSet(next), encodeValidatorSet(step.next));
  demand(equal(last, header.id) && height === header.height && same, "succession_invalid", "block or set");
  of.successions.set(step, reason);
}
