"""The operators that the test suite tries: a few of each family, those that went wrong before among them."""

SLICE = ("add", "remainder", "sum", "sort", "gather", "nn.functional.conv2d", "nn.functional.avg_pool2d")
