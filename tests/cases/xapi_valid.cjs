// Has Learning Locker's validator judge statements; prints what it finds.

const { readFileSync } = require("node:fs");

const [validator, file] = process.argv.slice(2);
const { statement } = require(`${validator}/@learninglocker/xapi-validation/dist/factory`);
const told = JSON.parse(readFileSync(file, "utf-8"));
console.log(JSON.stringify(told.flatMap((one) => statement(one, ["statement"]).map(String))));
