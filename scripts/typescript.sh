#!/usr/bin/env bash
# Checks the types that stand in the comments of the JavaScript; nothing is compiled: typescript.sh FOLDER
set -euo pipefail
version=5.9.3
here=$(dirname "$0")
"$here/node.sh"
"$here/npm_package.sh" typescript $version \
    'jl1vZzPDinLr9eUt3J/t7V6FgNEw9QjvBPdysz9KfQDD41fQrC2Y4vKQdiaUpFT4bXlb1RHhLpp8wtm6M5TgSw==' "$1"
for part in player tool; do
    node "$1/$version/lib/tsc.js" --project "$here/tsconfig.$part.json"
done
