"""House rules as tests: each rule is a small check of the syntax tree, each exception has its reason."""
