/** Where the test data stands: the golden vectors of this project, and published ones (PROBATUM_VECTORS). */
import { existsSync, readFileSync } from "node:fs";
import { resolve } from "node:path";
import { fileURLToPath } from "node:url";
import { it } from "vitest";
import { type Bytes, fromHex } from "../src/bytes.js";

const kRoot = resolve(fileURLToPath(new URL(".", import.meta.url)), "../../..");
const kPublished = process.env["PROBATUM_VECTORS"] ?? resolve(kRoot, "../shared/vectors");

export const goldenBytes = (name: string): Bytes => new Uint8Array(readFileSync(resolve(kRoot, "tests/vectors", name)));
export const goldenText = (name: string): string => readFileSync(resolve(kRoot, "tests/vectors", name), "utf8");
// eslint-disable-next-line @typescript-eslint/no-explicit-any
export const golden = (name: string): any => JSON.parse(goldenText(name));
export const publishedText = (name: string): string => readFileSync(resolve(kPublished, name), "utf8");

export function bytes(text: string): Bytes {
  const out = fromHex(text);
  if (out === null) throw new Error(`no hexadecimal: ${text}`);
  return out;
}

export const base64 = (text: string): Bytes => new Uint8Array(Buffer.from(text, "base64"));
export const genesisDigest = (): Bytes => bytes(goldenText("bundles/genesis-digest.txt").trim());

/** A case that reads published data: where the data is not on this machine it is skipped, and says so. */
export function itReads(relative: string): typeof it.skip {
  if (existsSync(resolve(kPublished, relative))) return it;
  console.warn(`SKIPPED: no published vectors ${relative} below ${kPublished} (PROBATUM_VECTORS)`);
  return it.skip;
}
