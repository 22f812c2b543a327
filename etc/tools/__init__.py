"""The command line tools: etc-opt, etc-compile and etc-run."""
