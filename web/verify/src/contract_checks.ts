/** The checks of a contract's history: docs/spec/evidence.md section 5. */
import { type Bytes, equal, hex, isZero, kZeroDigest } from "./bytes.js";
import { type BundleEvent, type ContractPart } from "./bundle.js";
import { type Case } from "./case.js";
import { decode, type Reader } from "./cbor.js";
import { demand } from "./failure.js";
import { sha256, stateKey } from "./hash.js";
import { type Frontier, encodeFrontier, frontierOf, readFrontier, rootOf } from "./merkle.js";
import { recompute, wrongRefusal } from "./recompute.js";
import { type Check, type Checks } from "./report.js";
import { digest, tuple } from "./shape.js";
import { type EventLeaf } from "./transaction.js";
import { rulesVersionOf } from "./rules/resolved.js";
import { holds, provenDigest } from "./state_tree.js";
import { checkOpenings, checkResolved, checkSignature, checkStatement, hiddenFields } from "./statements.js";

interface SubjectLog { frontier: Frontier; last: Bytes }
interface ContractHead { state: Bytes; events: SubjectLog; refusals: SubjectLog }

function readLog(reader: Reader): SubjectLog {
  tuple(reader, 2);
  const frontier = readFrontier(reader);
  const last = digest(reader);
  demand(isZero(last) === (frontier.size === 0n), "malformed", "last leaf");
  return { frontier, last };
}

function decodeHead(bytes: Bytes): ContractHead {
  return decode(bytes, (reader) => {
    tuple(reader, 3);
    return { state: digest(reader), events: readLog(reader), refusals: readLog(reader) };
  });
}

export function checkContract(of: Case, checks: Checks): void {
  const part = of.bundle.contract!;
  let proven: ContractHead | null = null;
  checks.run("state-proof", (check) => { proven = checkStateProof(of, part, check); });
  checks.run("event-log", (check) => checkLog(part.events, proven!.events, check));
  checks.run("event-chain", (check) => checkChain(of, { events: part.events, log: proven!.events, accepted: true }, check));
  checks.run("event-transactions", (check) => every(part.events, check, checkTransaction));
  checks.run("event-statements", (check) => {
    every(part.events, check, ({ leaf, transaction }) =>
      checkStatement(of, transaction, { ...statementAt(leaf), first: leaf.sequence === 0n }));
    check.input = `${check.input}, contract ${hex(of.bundle.subject.id)}, chain ${hex(of.genesis.digest)}`;
    if (of.unsupported) return "not-supported";
  });
  checks.run("event-openings", (check) => openings(of, part.events, check));
  checks.run("event-signatures", (check) => every(part.events, check, (event) => checkSigner(of, event)));
  checks.run("recomputation", (check) => {
    if (of.unsupported) return "not-supported";
    check.input = `events ${part.events.length}`;
    check.expected = hex(proven!.state);
    if (of.hidden) {
      check.found = hiddenText(of, part.events);
      return "openings-hidden";
    }
    const redone = recompute(of, part);
    check.found = redone.stateDigest === null ? `event ${redone.refusedEvent} refused` : hex(redone.stateDigest);
    demand(check.expected === check.found, "evidence_mismatch");
    of.contract = redone.contract;
  });
  checks.run("refused-log", (check) => {
    checkLog(part.refused, proven!.refusals, check);
    const { input, expected, found } = check;
    checkChain(of, { events: part.refused, log: proven!.refusals, accepted: false }, check);
    Object.assign(check, { input, expected, found });
  });
  checks.run("refused-attempts", (check) => {
    let hidden = 0;
    every(part.refused, check, (event) => {
      checkTransaction(event);
      checkStatement(of, event.transaction, statementAt(event.leaf));
      if (of.bodies.get(event.transaction) !== undefined) hidden += checkOpenings(of, event.transaction).hidden;
      checkSigner(of, event);
    });
    if (hidden > 0) of.hidden = true;
    if (of.unsupported) return "not-supported";
  });
  checks.run("refused-recomputation", (check) => {
    check.input = `count ${part.refused.length}`;
    check.expected = `all ${part.refused.length}`;
    if (of.unsupported) return "not-supported";
    if (of.hidden) {
      check.found = hiddenText(of, [...part.events, ...part.refused]);
      return "openings-hidden";
    }
    const wrong = wrongRefusal(of, part);
    check.found = wrong === null ? check.expected : `attempt ${wrong}`;
    demand(wrong === null, "evidence_mismatch");
  });
}

function statementAt(leaf: EventLeaf): { time: bigint; subject: Bytes; rules: bigint } {
  return { time: leaf.time, subject: leaf.subject, rules: rulesVersionOf(leaf.resolved) };
}

function hiddenText(of: Case, events: BundleEvent[]): string {
  const fields = hiddenFields(of, events.map((event) => event.transaction));
  return `hidden ${fields.map(([name, count]) => `${name} ${count}`).join(", ")}`;
}

function checkStateProof(of: Case, part: ContractPart, check: Check): ContractHead {
  const root = of.bundle.head.header.stateRoot;
  const key = stateKey("contract", of.bundle.subject.id);
  check.input = `key ${hex(key)}, state root ${hex(root)}`;
  check.expected = part.head.value === null ? "" : hex(sha256(part.head.value));
  const proven = provenDigest(key, root, part.head.proof);
  check.found = proven === null ? "" : hex(proven);
  demand(part.head.value !== null && holds(proven, part.head.value), "evidence_mismatch", "contract head");
  const head = decodeHead(part.head.value);
  demand(part.state === null || equal(sha256(part.state), head.state), "evidence_mismatch", "contract state");
  return head;
}

function checkLog(events: BundleEvent[], log: SubjectLog, check: Check): void {
  const shown = frontierOf(events.map((event) => event.leaf.hash));
  check.input = `${events.length} leaves`;
  check.expected = `${log.frontier.size}, root ${hex(rootOf(log.frontier))}`;
  check.found = `${shown.size}, root ${hex(rootOf(shown))}`;
  demand(equal(encodeFrontier(shown), encodeFrontier(log.frontier)), "evidence_mismatch");
}

function checkChain(of: Case, chain: { events: BundleEvent[]; log: SubjectLog; accepted: boolean }, check: Check): void {
  const head = of.bundle.head.header;
  check.input = `${chain.events.length} leaves`;
  check.expected = hex(chain.log.last);
  let previous: Bytes = kZeroDigest;
  let place = { height: 0n, index: -1, time: 0n };
  for (const [i, { leaf }] of chain.events.entries()) {
    const linked = leaf.sequence === BigInt(i) && equal(leaf.previous, previous) && equal(leaf.subject, of.bundle.subject.id);
    const later = leaf.height > place.height || (leaf.height === place.height && leaf.index > place.index);
    const inTime = leaf.time >= place.time && leaf.height <= head.height && leaf.time <= head.time;
    demand(linked && later && inTime && (leaf.outcome.code === 0) === chain.accepted, "evidence_mismatch", `leaf ${i}`);
    previous = leaf.hash;
    place = leaf;
  }
  check.found = hex(previous);
  demand(equal(previous, chain.log.last), "evidence_mismatch");
}

function every(events: BundleEvent[], check: Check, judge: (event: BundleEvent) => void): void {
  check.input = `count ${events.length}`;
  check.expected = `all ${events.length}`;
  for (const [i, event] of events.entries()) {
    check.found = `event ${i}`;
    judge(event);
  }
  check.found = check.expected;
}

function checkTransaction(event: BundleEvent): void {
  demand(equal(event.leaf.transactionId, event.transaction.id), "evidence_mismatch");
}

function checkSigner(of: Case, event: BundleEvent): void {
  const member = checkSignature(of, event.transaction);
  // What later rules resolved cannot be read.
  if (of.bodies.has(event.transaction)) checkResolved(member, event.leaf.resolved);
}

function openings(of: Case, events: BundleEvent[], check: Check): "not-supported" | void {
  if (of.unsupported) return "not-supported";
  let [matching, hidden] = [0, 0];
  for (const [i, event] of events.entries()) {
    check.found = `event ${i}`;
    const found = checkOpenings(of, event.transaction);
    matching += found.matching;
    hidden += found.hidden;
  }
  check.input = `openings ${matching + hidden}`;
  check.expected = `matching ${matching + hidden}`;
  check.found = `matching ${matching}, hidden ${hidden}`;
  of.hidden = hidden > 0;
}
