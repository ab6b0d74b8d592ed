#!/usr/bin/env bash
# The browser tests have statements judged by a validator that is not ours: xapi_validation.sh FOLDER
set -euo pipefail
here=$(dirname "$0")
folder=$1

fetch() { # NAME VERSION SHA512
    "$here/npm_package.sh" "$1" "$2" "$3" "$folder/fetched/$1"
    mkdir -p "$(dirname "$folder/node_modules/$1")"
    ln -sfn "$(cd "$folder" && pwd)/fetched/$1/$2" "$folder/node_modules/$1"
}

mkdir -p "$folder"
fetch @learninglocker/xapi-validation 3.0.0 \
    'ZEMcGaNc7s1l2r4Rb6VmALHw0Pm/5NjO8nbNdmNnZm/PFrudg+8UiCWXOKInMAbuFVNqeSZ6/vNR6MeQa9+jeA=='
fetch rulr 4.0.2 'wjybeHVcEnxdmHMNktzewzAgMKiwI9op2NzSas5XuaVSYoxRGnUPN8VT/i6PHuBGKqsp//rcKIHCazGTwcVOvA=='
fetch lodash 4.18.1 'dMInicTPVE8d1e5otfwmmjlxkZoUpiVLwyeTdUsi/Caj/gfzzblBcCE5sRHV/AsjuCmxWrte2TNGSYuCeCq+0Q=='
