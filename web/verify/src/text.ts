/** The report for people, in Chinese or English. The JSON is the full one; this names every check and what is not proven. */
import { type Conclusion, type Report, type Verdict } from "./report.js";

export type Language = "zh" | "en";

interface Words {
  title: string;
  conclusion: Record<Conclusion, string>;
  verdict: Record<Verdict, string>;
  fault: string;
  asOf: string;
  bundle: string;
  genesis: string;
  checks: string;
  expected: string;
  found: string;
  reason: string;
  notProvenTitle: string;
  notProven: string[];
}

const kWords: Record<Language, Words> = {
  zh: {
    title: "Probatum 证据验证报告（独立验证程序 @probatum/verify）",
    conclusion: { valid: "有效", "not-valid": "无效", unusable: "无法判断" },
    verdict: { pass: "通过", fail: "未通过", "not-checked": "未检查" },
    fault: "所在检查项", asOf: "截至区块", bundle: "证据包", genesis: "创世摘要", checks: "检查项",
    expected: "应为", found: "实为", reason: "原因", notProvenTitle: "未证明事项",
    notProven: [
      "证据包所述区块之后记录的任何事项。", "非合同当事人的机构被拒绝的操作，以及合同登记之前被拒绝的操作。", "同一事项以字节不同的文件所作的其他登记。",
      "已支付但从未记录的款项，以及所记录的款项是否实际支付。", "文件在被记录之前的真实性。", "精确时间：区块时间是一个区间。",
    ],
  },
  en: {
    title: "Probatum: report of verification (independent verifier @probatum/verify)",
    conclusion: { valid: "VALID", "not-valid": "NOT VALID", unusable: "CANNOT BE JUDGED" },
    verdict: { pass: "pass", fail: "FAIL", "not-checked": "not checked" },
    fault: "Check", asOf: "As of block", bundle: "Bundle", genesis: "Genesis digest", checks: "Checks",
    expected: "expected", found: "found", reason: "reason", notProvenTitle: "What is not proven",
    notProven: [
      "Anything recorded after the block that the bundle speaks of.",
      "Refused attempts by organisations that are no party to a contract, or from before its registration.",
      "Registrations of the same matter under a document with other bytes.",
      "Payments that were never recorded, and whether recorded payments were made.", "The truth of a document before it was recorded.",
      "An exact time: the block's time is an interval.",
    ],
  },
};

export function wordsOf(language: Language): Words { return kWords[language]; }

export function reportText(report: Report, language: Language): string {
  const words = kWords[language];
  const lines = [words.title, "", `${words.conclusion[report.conclusion]}${report.failedCheck === "" ? "" : `  ${words.fault}: ${report.failedCheck}`}`];
  if (report.facts !== null) lines.push(`${words.asOf} ${String(report.facts["height"])}, ${String(report.facts["time"])}`);
  lines.push(`${words.bundle}: SHA-256 ${report.bundleSha256}, ${report.bundleBytes} bytes`, `${words.genesis}: ${report.genesisDigest}`, "", words.checks);
  for (const check of report.checks) {
    lines.push(`${String(check.number).padStart(4)}  ${words.verdict[check.verdict]}  ${check.check}${check.reason === "" ? "" : `  (${words.reason}: ${check.reason})`}`);
    if (check.verdict === "fail") lines.push(`        ${words.expected}: ${check.expected}`, `        ${words.found}: ${check.found}`);
  }
  lines.push("", words.notProvenTitle, ...words.notProven.map((line) => `  - ${line}`));
  return `${lines.join("\n")}\n`;
}
