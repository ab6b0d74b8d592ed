// Says whether a script can be read as a classic one.

import { readFileSync } from "node:fs";
import { Script } from "node:vm";

const { text } = JSON.parse(readFileSync(process.argv[2], "utf-8"));
new Script(text);
console.log(JSON.stringify("ok"));
