/** Genesis: docs/formats.cddl section "Genesis", docs/spec/roles.md, docs/spec/governance.md section 1. */
import { type Bytes, compare, hex, utf8 } from "./bytes.js";
import { type Reader, decode } from "./cbor.js";
import { encodeArray, encodeInt } from "./cbor_encode.js";
import { type ValidatorSet, allPoints, readValidatorSet } from "./chain.js";
import { isPublicKey, keyId } from "./cose.js";
import { demand } from "./failure.js";
import { sha256 } from "./hash.js";
import { boundedText, digest, distinct, list, name64, nullable, numberFrom, publicKey, record, smallUint, tuple } from "./shape.js";

export interface Organisation { id: string; name: string; identifier: string }
export interface Member { organisation: string; id: string; name: string; key: Bytes; roles: number[]; certificate: Bytes | null }
export interface Governance { threshold: number; lifetimeMs: bigint; liveWindow: number; electors: string[] }

export interface Genesis {
  digest: Bytes;
  chainName: string;
  time: bigint;
  rulesVersion: bigint;
  parameters: bigint[];
  organisations: Map<string, Organisation>;
  /** By the key id in hexadecimal. */
  members: Map<string, Member>;
  validators: ValidatorSet;
  authorities: Bytes[];
  recoveryThreshold: number;
  governance: Governance | null;
  approvalsRequired: boolean;
}

const kParameters = 12;
const kClockBound = 6;
const kMaxUint32 = 0xffffffff;

export function clockBoundMs(genesis: Genesis): bigint { return genesis.parameters[kClockBound]!; }

/** The SHA-256 of the parameters' state value, as resolved inputs name it. */
export function parametersDigest(genesis: Genesis): Bytes { return sha256(encodeArray(genesis.parameters.map(encodeInt))); }

function readParameters(reader: Reader): bigint[] {
  tuple(reader, kParameters);
  return Array.from({ length: kParameters }, (_, i) => (i < 10 ? BigInt(smallUint(reader, kMaxUint32)) : reader.uint()));
}

function organisationId(reader: Reader): string {
  const id = name64(reader);
  demand(/^[a-z0-9.-]{1,64}$/.test(id), "malformed", "organisation id");
  return id;
}

function readOrganisation(reader: Reader): Organisation {
  tuple(reader, 3);
  return { id: organisationId(reader), name: boundedText(reader, 1, 256), identifier: boundedText(reader, 0, 64) };
}

function readMember(reader: Reader): Member {
  tuple(reader, 6);
  const member = {
    organisation: organisationId(reader), id: name64(reader), name: boundedText(reader, 1, 256), key: publicKey(reader),
    roles: list(reader, { least: 1, most: 12 }, () => numberFrom(reader, 1, 12)),
    certificate: nullable(reader, digest),
  };
  demand(member.roles.every((role, i) => i === 0 || member.roles[i - 1]! < role), "malformed", "order of roles");
  const has = (role: number) => member.roles.includes(role);
  const public_ = has(1) || has(2) || has(11) || has(12);
  demand(!(public_ && [4, 5, 6, 7, 8, 9, 10].some(has)) && !(has(3) && has(2)), "malformed", "roles that do not go together");
  return member;
}

const kMaxLifetimeMs = 366n * 86_400_000n;

function readGovernance(reader: Reader): Governance {
  tuple(reader, 4);
  const threshold = smallUint(reader, kMaxUint32);
  const lifetimeMs = reader.uint();
  const liveWindow = smallUint(reader, kMaxUint32);
  const electors = list(reader, { least: 1, most: 100 }, organisationId);
  demand(lifetimeMs <= kMaxLifetimeMs, "malformed", "lifetime");
  demand(2 * threshold > electors.length && threshold <= electors.length, "malformed", "threshold");
  demand(electors.every((id, i) => i === 0 || compare(utf8(electors[i - 1]!), utf8(id)) < 0), "malformed", "order of electors");
  return { threshold, lifetimeMs, liveWindow, electors };
}

function readTrue(reader: Reader): boolean {
  const value = reader.bool();
  demand(value, "malformed", "true");
  return value;
}

export function decodeGenesis(bytes: Bytes): Genesis {
  const found: Partial<Record<number, unknown>> = {};
  const keep = (key: number, read: (reader: Reader) => unknown): [number, (reader: Reader) => void] =>
    [key, (reader) => { found[key] = read(reader); }];
  const fields = new Map([
    keep(1, (reader) => demand(reader.uint() === 1n, "malformed", "format version")), keep(2, name64), keep(3, (reader) => reader.uint()),
    keep(4, (reader) => reader.uint()), keep(5, readParameters), keep(6, (reader) => list(reader, { most: 1024 }, readOrganisation)),
    keep(7, (reader) => list(reader, { most: 65536 }, readMember)), keep(8, readValidatorSet),
    keep(9, (reader) => list(reader, { most: 100 }, publicKey)), keep(10, (reader) => smallUint(reader)),
    keep(11, readGovernance), keep(12, readTrue),
  ]);
  decode(bytes, (reader) => record(reader, fields, [1, 2, 3, 4, 5, 6, 7, 8, 9, 10]));
  const members = found[7] as Member[];
  const organisations = found[6] as Organisation[];
  const genesis: Genesis = {
    digest: sha256(bytes), chainName: found[2] as string, time: found[3] as bigint, rulesVersion: found[4] as bigint,
    parameters: found[5] as bigint[],
    organisations: new Map(organisations.map((o) => [o.id, o])),
    members: new Map(members.map((m) => [hex(keyId(m.key)), m])),
    validators: found[8] as ValidatorSet, authorities: found[9] as Bytes[], recoveryThreshold: found[10] as number,
    governance: (found[11] as Governance | undefined) ?? null, approvalsRequired: found[12] !== undefined,
  };
  checkConsistency(genesis, { organisations, members });
  return genesis;
}

function checkConsistency(genesis: Genesis, lists: { organisations: Organisation[]; members: Member[] }): void {
  demand(genesis.rulesVersion >= 1n, "malformed", "rules version");
  demand(genesis.organisations.size === lists.organisations.length, "malformed", "an organisation twice");
  demand(genesis.members.size === lists.members.length, "malformed", "a key twice");
  demand(new Set(lists.members.map((m) => `${m.organisation}/${m.id}`)).size === lists.members.length, "malformed", "a member twice");
  demand(lists.members.every((m) => genesis.organisations.has(m.organisation)), "malformed", "organisation of a member");
  demand(lists.members.every((m) => isPublicKey(m.key)) && allPoints(genesis.validators) && genesis.authorities.every(isPublicKey),
    "malformed", "public key");
  demand(distinct(genesis.authorities), "malformed", "an authority twice");
  const authorities = genesis.authorities.length;
  const least = authorities === 0 ? 0 : 1;
  demand(genesis.recoveryThreshold >= least && genesis.recoveryThreshold <= authorities, "malformed", "recovery threshold");
  for (const elector of genesis.governance?.electors ?? []) {
    const governs = lists.members.some((m) => m.organisation === elector && m.roles.includes(3));
    demand(governs, "malformed", "elector without a governor");
  }
}
