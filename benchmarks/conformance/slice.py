"""The operators that the test suite tries: a few of each family, those that went wrong before among them."""

SLICE = (
    "add",
    "remainder",
    "sum",
    "sort",
    "gather",
    "cumsum",
    "scatter_reduce.amax",
    "addmm",
    "lgamma",
    "fft.fft",
    "complex",
    "log_softmax",
    "nn.functional.conv3d",
    "nn.functional.max_pool3d",
    "max_pool2d_with_indices_backward",
)
