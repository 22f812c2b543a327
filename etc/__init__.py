"""etc: an ahead-of-time compiler from torch.export to ExecuTorch programs and bare-metal C, built on xDSL.

The source folders sit at the root of the repository; the links in this folder give them the import names
`etc.dialects`, `etc.transforms`, … Import them by those names only.
"""
