// RUN: etc-opt %s | filecheck %s
// RUN: etc-opt %s --print-op-generic | etc-opt | filecheck %s

// CHECK-LABEL: func.func @reads
func.func @reads(%x: tensor<4x5x6xf32>, %i: tensor<3xi64>, %j: tensor<2x1xi64>, %k: tensor<4x2x6xi64>, %b: tensor<4x5x6xi1>, %r: tensor<4xi64>) {
  // CHECK: edge.index(%x, [%i, none, %j]) : (tensor<4x5x6xf32>, tensor<3xi64>, tensor<2x1xi64>) -> tensor<2x3x5xf32>
  %0 = edge.index(%x, [%i, none, %j]) : (tensor<4x5x6xf32>, tensor<3xi64>, tensor<2x1xi64>) -> tensor<2x3x5xf32>
  // CHECK: edge.index(%x, [%b]) : (tensor<4x5x6xf32>, tensor<4x5x6xi1>) -> tensor<?xf32, #edge.layout<sizes = [u]>>
  %1 = edge.index(%x, [%b]) : (tensor<4x5x6xf32>, tensor<4x5x6xi1>) -> tensor<?xf32, #edge.layout<sizes = [u]>>
  // CHECK: edge.index_select(%x, dim=1, %i) : (tensor<4x5x6xf32>, tensor<3xi64>) -> tensor<4x3x6xf32>
  %2 = edge.index_select(%x, dim=1, %i) : (tensor<4x5x6xf32>, tensor<3xi64>) -> tensor<4x3x6xf32>
  // CHECK: edge.gather(%x, dim=1, %k) : (tensor<4x5x6xf32>, tensor<4x2x6xi64>) -> tensor<4x2x6xf32>
  %3 = edge.gather(%x, dim=1, %k) : (tensor<4x5x6xf32>, tensor<4x2x6xi64>) -> tensor<4x2x6xf32>
  // CHECK: edge.masked_select(%x, %b) : (tensor<4x5x6xf32>, tensor<4x5x6xi1>) -> tensor<?xf32, #edge.layout<sizes = [u]>>
  %4 = edge.masked_select(%x, %b) : (tensor<4x5x6xf32>, tensor<4x5x6xi1>) -> tensor<?xf32, #edge.layout<sizes = [u]>>
  // CHECK: edge.nonzero(%x) : (tensor<4x5x6xf32>) -> tensor<?x3xi64, #edge.layout<sizes = [u, 3]>>
  %5 = edge.nonzero(%x) : (tensor<4x5x6xf32>) -> tensor<?x3xi64, #edge.layout<sizes = [u, 3]>>
  // CHECK: edge.repeat_interleave(%r, output_size=9) : (tensor<4xi64>) -> tensor<9xi64>
  %6 = edge.repeat_interleave(%r, output_size=9) : (tensor<4xi64>) -> tensor<9xi64>
  func.return
}

// CHECK-LABEL: func.func @writes
func.func @writes(%x: tensor<4x5x6xf32>, %i: tensor<3xi64>, %v: tensor<3x6xf32>, %k: tensor<4x2x6xi64>, %s: tensor<4x2x6xf32>, %b: tensor<5x6xi1>, %p: tensor<4x6xf32>, %l: tensor<4x2x6xf32>) {
  // CHECK: edge.index_put(%x, [none, %i], %v, accumulate=true) : (tensor<4x5x6xf32>, tensor<3xi64>, tensor<3x6xf32>) -> tensor<4x5x6xf32>
  %0 = edge.index_put(%x, [none, %i], %v, accumulate=true) : (tensor<4x5x6xf32>, tensor<3xi64>, tensor<3x6xf32>) -> tensor<4x5x6xf32>
  // CHECK: edge.scatter(%x, dim=1, %k, %s) : (tensor<4x5x6xf32>, tensor<4x2x6xi64>, tensor<4x2x6xf32>) -> tensor<4x5x6xf32>
  %1 = edge.scatter(%x, dim=1, %k, %s) : (tensor<4x5x6xf32>, tensor<4x2x6xi64>, tensor<4x2x6xf32>) -> tensor<4x5x6xf32>
  // CHECK: edge.scatter_value(%x, dim=1, %k, value=2.0) : (tensor<4x5x6xf32>, tensor<4x2x6xi64>) -> tensor<4x5x6xf32>
  %2 = edge.scatter_value(%x, dim=1, %k, value=2.0) : (tensor<4x5x6xf32>, tensor<4x2x6xi64>) -> tensor<4x5x6xf32>
  // CHECK: edge.scatter_add(%x, dim=1, %k, %s) : (tensor<4x5x6xf32>, tensor<4x2x6xi64>, tensor<4x2x6xf32>) -> tensor<4x5x6xf32>
  %3 = edge.scatter_add(%x, dim=1, %k, %s) : (tensor<4x5x6xf32>, tensor<4x2x6xi64>, tensor<4x2x6xf32>) -> tensor<4x5x6xf32>
  // CHECK: edge.scatter_reduce(%x, dim=1, %k, %s, reduce="amax", include_self=false) : (tensor<4x5x6xf32>, tensor<4x2x6xi64>, tensor<4x2x6xf32>) -> tensor<4x5x6xf32>
  %4 = edge.scatter_reduce(%x, dim=1, %k, %s, reduce="amax", include_self=false) : (tensor<4x5x6xf32>, tensor<4x2x6xi64>, tensor<4x2x6xf32>) -> tensor<4x5x6xf32>
  // CHECK: edge.select_scatter(%x, %p, dim=1, index=-1) : (tensor<4x5x6xf32>, tensor<4x6xf32>) -> tensor<4x5x6xf32>
  %5 = edge.select_scatter(%x, %p, dim=1, index=-1) : (tensor<4x5x6xf32>, tensor<4x6xf32>) -> tensor<4x5x6xf32>
  // CHECK: edge.slice_scatter(%x, %l, dim=1, start=1, end=3) : (tensor<4x5x6xf32>, tensor<4x2x6xf32>) -> tensor<4x5x6xf32>
  %6 = edge.slice_scatter(%x, %l, dim=1, start=1, end=3) : (tensor<4x5x6xf32>, tensor<4x2x6xf32>) -> tensor<4x5x6xf32>
  // CHECK: edge.masked_scatter(%x, %b, %s) : (tensor<4x5x6xf32>, tensor<5x6xi1>, tensor<4x2x6xf32>) -> tensor<4x5x6xf32>
  %7 = edge.masked_scatter(%x, %b, %s) : (tensor<4x5x6xf32>, tensor<5x6xi1>, tensor<4x2x6xf32>) -> tensor<4x5x6xf32>
  func.return
}

// CHECK-LABEL: func.func @embeddings
func.func @embeddings(%w: tensor<10x4xf32>, %i: tensor<?x3xi64, #edge.layout<sizes = [s0, 3]>>, %l: tensor<7xi64>, %o: tensor<3xi64>, %g: tensor<?x3x4xf32, #edge.layout<sizes = [s0, 3, 4]>>, %p: tensor<7xf32>) {
  // CHECK: edge.embedding(%w, %i, padding_idx=0) : (tensor<10x4xf32>, tensor<?x3xi64, #edge.layout<sizes = [s0, 3]>>) -> tensor<?x3x4xf32, #edge.layout<sizes = [s0, 3, 4]>>
  %0 = edge.embedding(%w, %i, padding_idx=0) : (tensor<10x4xf32>, tensor<?x3xi64, #edge.layout<sizes = [s0, 3]>>) -> tensor<?x3x4xf32, #edge.layout<sizes = [s0, 3, 4]>>
  // CHECK: edge.embedding_dense_backward(%g, %i, num_weights=10, padding_idx=-1, scale_grad_by_freq=false) : (tensor<?x3x4xf32, #edge.layout<sizes = [s0, 3, 4]>>, tensor<?x3xi64, #edge.layout<sizes = [s0, 3]>>) -> tensor<10x4xf32>
  %1 = edge.embedding_dense_backward(%g, %i, num_weights=10, padding_idx=-1, scale_grad_by_freq=false) : (tensor<?x3x4xf32, #edge.layout<sizes = [s0, 3, 4]>>, tensor<?x3xi64, #edge.layout<sizes = [s0, 3]>>) -> tensor<10x4xf32>
  // CHECK: edge.embedding_bag(%w, %l, %o, per_sample_weights=%p, include_last_offset=true) : (tensor<10x4xf32>, tensor<7xi64>, tensor<3xi64>, tensor<7xf32>) -> (tensor<2x4xf32>, tensor<0xi64>, tensor<2xi64>, tensor<2xi64>)
  %2, %3, %4, %5 = edge.embedding_bag(%w, %l, %o, per_sample_weights=%p, include_last_offset=true) : (tensor<10x4xf32>, tensor<7xi64>, tensor<3xi64>, tensor<7xf32>) -> (tensor<2x4xf32>, tensor<0xi64>, tensor<2xi64>, tensor<2xi64>)
  func.return
}
