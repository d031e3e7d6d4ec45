import { describe, expect, it } from "vitest";
import { decodeBundle } from "../src/bundle.js";
import { type Case, reignOf } from "../src/case.js";
import { type Header } from "../src/chain.js";
import { Failure } from "../src/failure.js";
import { kHighestRules, rulesVersionOf } from "../src/rules/resolved.js";
import { bytes, goldenBytes } from "./files.js";

const kLast = new Uint8Array(32).fill(7);
/** The first set was succeeded after block 100, which it may not have known. */
const of = {
  reigns: [
    { fromEpoch: 0n, set: [], after: 0n, afterBlock: null },
    { fromEpoch: 2n, set: [], after: 100n, afterBlock: kLast },
  ],
} as unknown as Case;

const header = (epoch: bigint, height: bigint, id: Uint8Array = new Uint8Array(32)): Header => ({ epoch, height, id }) as unknown as Header;

describe("the heights of a reign", () => {
  it("end with the last block of its set", () => {
    expect(reignOf(of, header(0n, 99n)).fromEpoch).toBe(0n);
    expect(reignOf(of, header(1n, 100n, kLast)).fromEpoch).toBe(0n);
    expect(() => reignOf(of, header(1n, 100n))).toThrow(Failure);
    expect(() => reignOf(of, header(0n, 101n))).toThrow(Failure);
  });
  it("begin above it", () => {
    expect(reignOf(of, header(2n, 101n)).fromEpoch).toBe(2n);
    expect(() => reignOf(of, header(3n, 100n, kLast))).toThrow(Failure);
  });
});

describe("the version of the rules", () => {
  it("is read where later fields are not known", () => {
    for (const event of decodeBundle(goldenBytes("bundles/loan.evidence")).contract!.events) {
      expect(rulesVersionOf(event.leaf.resolved)).toBe(kHighestRules);
    }
    // {1: "a", 6: 2, 99: [true]}
    expect(rulesVersionOf(bytes("a301616106021863" + "81f5"))).toBe(2n);
  });
});
