#!/usr/bin/env bash
# The browser tests play packages in a SCORM run-time that is not ours: scorm_again.sh FOLDER
set -euo pipefail
"$(dirname "$0")/npm_package.sh" scorm-again 3.4.3 \
    'Zbe+7ArMUbT1lVnqYxsbGRfI9JD9JVqEPzZLQdk0nfNmcDYJ404rMO9nbkQ0Hzwux5uACF9zKsvc29Q/ZzMOdg==' "$1"
