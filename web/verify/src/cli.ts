/** The Node command `probatum-verify`. */
import { readFileSync } from "node:fs";
import { basename } from "node:path";
import { parseArgs } from "node:util";
import { fromHex } from "./bytes.js";
import { type Options } from "./case.js";
import { type Conclusion, reportJson } from "./report.js";
import { type Language, reportText } from "./text.js";
import { parseInstant } from "./time.js";
import { verify } from "./verify.js";

const kHelp = `Verifies a Probatum evidence file offline; written from the specification, independent of the C++ verifier.
Exit codes: 0 valid, 1 not valid, 2 unusable input or rules that this verifier does not know.
Usage: probatum-verify BUNDLE --genesis-digest HEX [OPTIONS]
  --genesis-digest HEX   SHA-256 of genesis, known from elsewhere (required)
  --document FILE        A document as you hold it; may be given several times
  --trusted-header HEX   Id of a later header, known by other means
  --min-height N         An older bundle is not valid
  --not-before TIME      An older bundle is not valid, RFC 3339
  --lang zh|en           Language of the report (default: both)
  --json                 The report as JSON, free of language`;

const kExitCodes: Record<Conclusion, number> = { valid: 0, "not-valid": 1, unusable: 2 };

export interface Outcome { code: number; out: string; error: string }

class UsageError extends Error {}

function digestOption(text: string | undefined, name: string): Uint8Array {
  const bytes = text === undefined ? null : fromHex(text.trim());
  if (bytes?.length !== 32) throw new UsageError(`--${name} takes 64 hexadecimal digits`);
  return bytes;
}

function parse(args: string[]) {
  return parseArgs({
    args, allowPositionals: true, strict: true,
    options: {
      "genesis-digest": { type: "string" }, document: { type: "string", multiple: true }, "trusted-header": { type: "string" },
      "min-height": { type: "string" }, "not-before": { type: "string" }, lang: { type: "string" }, json: { type: "boolean" },
      help: { type: "boolean", short: "h" },
    },
  });
}

type Values = ReturnType<typeof parse>["values"];

function optionsOf(values: Values): Options {
  const options: Options = { genesisDigest: digestOption(values["genesis-digest"], "genesis-digest") };
  if (values["trusted-header"] !== undefined) options.trustedHeader = digestOption(values["trusted-header"], "trusted-header");
  if (values["min-height"] !== undefined) {
    if (!/^\d{1,19}$/.test(values["min-height"])) throw new UsageError("--min-height takes a number");
    options.minHeight = BigInt(values["min-height"]);
  }
  if (values["not-before"] !== undefined) {
    const instant = parseInstant(values["not-before"]);
    if (instant === null) throw new UsageError("--not-before takes an instant such as 2026-11-21T08:00:00.000Z");
    options.notBefore = instant;
  }
  options.documents = (values.document ?? []).map((file) => ({ name: basename(file), bytes: new Uint8Array(readFileSync(file)) }));
  return options;
}

function languages(values: Values): Language[] {
  if (values.lang === undefined) return ["zh", "en"];
  if (values.lang !== "zh" && values.lang !== "en") throw new UsageError("--lang takes zh or en");
  return [values.lang];
}

export function run(args: string[]): Outcome {
  try {
    const { values, positionals } = parse(args);
    if (values.help === true) return { code: 0, out: `${kHelp}\n`, error: "" };
    if (positionals.length !== 1) throw new UsageError("one evidence file is needed");
    const shown = languages(values);
    const report = verify(new Uint8Array(readFileSync(positionals[0]!)), optionsOf(values));
    const out = values.json === true ? reportJson(report) : shown.map((language) => reportText(report, language)).join("\n");
    return { code: kExitCodes[report.conclusion], out, error: "" };
  } catch (error) {
    return { code: 2, out: "", error: `probatum-verify: ${(error as Error).message}\n${error instanceof UsageError ? `${kHelp}\n` : ""}` };
  }
}
