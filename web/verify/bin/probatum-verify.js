#!/usr/bin/env node
import { run } from "../dist/cli.js";

const { code, out, error } = run(process.argv.slice(2));
process.stdout.write(out);
process.stderr.write(error);
process.exitCode = code;
