"""The table of the stock runtime's kernels: what edge ops name is in it, and it says of dtypes what was probed."""

from __future__ import annotations

from etc.dialects import dtypes, edge
from etc.dialects.stock_kernels import operators, signatures, takes


def test_every_kernel_of_an_edge_op_exists() -> None:
    assert not sorted(op.KERNEL for op in edge.OPERATIONS if op.KERNEL and op.KERNEL not in operators())


def test_families_and_shared_dtypes() -> None:
    f32, i64, i32 = dtypes.float32, dtypes.int64, dtypes.int32
    assert takes("gather.out", (f32, i64, f32))
    assert not takes("gather.out", (f32, i32, f32))
    assert not takes("gather.out", (f32, i64, i64))
    assert takes("linear.out", (f32, f32, None, f32))
    assert takes("cumsum.out", (dtypes.bool_, i64))


def test_what_computes_wrong_is_not_taken() -> None:
    assert not takes("remainder.Tensor_out", (dtypes.int64,) * 3)
    assert takes("remainder.Tensor_out", (dtypes.float32,) * 3)


def test_unknown_and_untried_operators() -> None:
    assert not takes("no_such.out", (dtypes.float32,))
    assert not signatures("nonzero.out")
    assert takes("nonzero.out", (dtypes.float32, dtypes.int64))
