"""`python -m lti_tool.cli`: how `run` starts the other commands, wherever the package lies."""

from lti_tool.cli import main

main()
