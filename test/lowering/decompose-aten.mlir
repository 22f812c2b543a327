// RUN: etc-opt %s -p decompose-aten --split-input-file | filecheck %s

// CHECK-LABEL: @activations
// CHECK-NEXT:    aten.hardtanh(%x, min_val=0, max_val=6)
// CHECK-NEXT:    aten.sigmoid
// CHECK-NEXT:    aten.mul.Tensor
// CHECK-NEXT:    aten.elu({{.*}}, alpha=1.67
// CHECK-NEXT:    func.return
func.func @activations(%x: tensor<4xf32>) -> tensor<4xf32> {
  %a = aten.relu6(%x) : (tensor<4xf32>) -> tensor<4xf32>
  %b = aten.silu(%a) : (tensor<4xf32>) -> tensor<4xf32>
  %c = aten.selu(%b) : (tensor<4xf32>) -> tensor<4xf32>
  %d = aten.dropout(%c, p=0.5, train=false) : (tensor<4xf32>) -> tensor<4xf32>
  func.return %d : tensor<4xf32>
}

// -----

// CHECK-LABEL: @aliases_and_copies
// CHECK-NEXT:    aten.mul.Tensor(%x, %x)
// CHECK-NEXT:    aten.permute({{.*}}, dims=[1, 0])
// CHECK-NEXT:    aten._to_copy({{.*}}, dtype=f16)
// CHECK-NEXT:    func.return
func.func @aliases_and_copies(%x: tensor<4x3xf32>) -> tensor<3x4xf16> {
  %a = aten.multiply.Tensor(%x, %x) : (tensor<4x3xf32>, tensor<4x3xf32>) -> tensor<4x3xf32>
  %b = aten.t_copy(%a) : (tensor<4x3xf32>) -> tensor<3x4xf32>
  %c = aten.detach(%b) : (tensor<3x4xf32>) -> tensor<3x4xf32>
  %d = aten.to.dtype(%c, dtype=f16) : (tensor<3x4xf32>) -> tensor<3x4xf16>
  func.return %d : tensor<3x4xf16>
}

// -----

// CHECK-LABEL: @products
// CHECK-NEXT:    %[[W:.*]] = aten.permute(%w, dims=[1, 0])
// CHECK-NEXT:    %[[X:.*]] = aten.view(%x, size=[10, 3])
// CHECK-NEXT:    %[[P:.*]] = aten.addmm(%b, %[[X]], %[[W]])
// CHECK-NEXT:    %[[Y:.*]] = aten.view(%[[P]], size=[2, 5, 4])
// CHECK-NEXT:    %[[T:.*]] = aten.permute(%[[Y]], dims=[0, 2, 1])
// CHECK-NEXT:    aten.bmm(%[[Y]], %[[T]])
// CHECK-NEXT:    func.return
func.func @products(%x: tensor<2x5x3xf32>, %w: tensor<4x3xf32>, %b: tensor<4xf32>) -> tensor<2x5x5xf32> {
  %y = aten.linear(%x, %w, bias=%b) : (tensor<2x5x3xf32>, tensor<4x3xf32>, tensor<4xf32>) -> tensor<2x5x4xf32>
  %t = aten.transpose.int(%y, dim0=1, dim1=2) : (tensor<2x5x4xf32>) -> tensor<2x4x5xf32>
  %z = aten.matmul(%y, %t) : (tensor<2x5x4xf32>, tensor<2x4x5xf32>) -> tensor<2x5x5xf32>
  func.return %z : tensor<2x5x5xf32>
}

// -----

// CHECK-LABEL: @einsum
// CHECK-NEXT:    %[[X:.*]] = aten.view(%x, size=[1, 10, 3])
// CHECK-NEXT:    %[[W:.*]] = aten.view(%w, size=[1, 3, 4])
// CHECK-NEXT:    %[[P:.*]] = aten.bmm(%[[X]], %[[W]])
// CHECK-NEXT:    aten.view(%[[P]], size=[2, 5, 4])
func.func @einsum(%x: tensor<2x5x3xf32>, %w: tensor<3x4xf32>) -> tensor<2x5x4xf32> {
  %y = aten.einsum([%x, %w], equation="b...c,cd->b...d") : (tensor<2x5x3xf32>, tensor<3x4xf32>) -> tensor<2x5x4xf32>
  func.return %y : tensor<2x5x4xf32>
}

// -----

// CHECK-LABEL: @attention
// CHECK-NEXT:    %[[K:.*]] = aten.permute(%k, dims=[0, 2, 1])
// CHECK-NEXT:    %[[Q:.*]] = aten.mul.Scalar(%q, other=0.5)
// CHECK-NEXT:    %[[S:.*]] = aten.bmm(%[[Q]], %[[K]])
// CHECK-NEXT:    %[[N:.*]] = aten.arange.start_step(start=0, end=6
// CHECK-NEXT:    %[[M:.*]] = aten.arange.start_step(start=0, end=6
// CHECK-NEXT:    %[[R:.*]] = aten.unsqueeze(%[[N]], dim=1)
// CHECK-NEXT:    %[[C:.*]] = aten.le.Tensor(%[[M]], %[[R]])
// CHECK-NEXT:    %[[I:.*]] = program.constant
// CHECK-NEXT:    %[[H:.*]] = aten.where.self(%[[C]], %[[S]], %[[I]])
// CHECK-NEXT:    %[[P:.*]] = aten._softmax(%[[H]], dim=-1, half_to_float=false)
// CHECK-NEXT:    aten.bmm(%[[P]], %k)
func.func @attention(%q: tensor<2x6x4xf32>, %k: tensor<2x6x4xf32>) -> tensor<2x6x4xf32> {
  %y = aten.scaled_dot_product_attention(%q, %k, %k, is_causal=true) : (tensor<2x6x4xf32>, tensor<2x6x4xf32>, tensor<2x6x4xf32>) -> tensor<2x6x4xf32>
  func.return %y : tensor<2x6x4xf32>
}

// -----

// CHECK-LABEL: @convolutions_and_pools
// CHECK-NEXT:    aten.convolution(%x, %w, stride=[2, 2], padding=[1, 1], dilation=[1, 1], transposed=false, output_padding=[0, 0], groups=1)
// CHECK-NEXT:    aten.max_pool2d_with_indices
// CHECK-NEXT:    aten.mean.dim({{.*}}, dim=[-2, -1], keepdim=true)
func.func @convolutions_and_pools(%x: tensor<1x3x8x8xf32>, %w: tensor<4x3x3x3xf32>) -> tensor<1x4x1x1xf32> {
  %c = aten.conv2d(%x, %w, stride=[2, 2], padding=[1, 1]) : (tensor<1x3x8x8xf32>, tensor<4x3x3x3xf32>) -> tensor<1x4x4x4xf32>
  %p = aten.max_pool2d(%c, kernel_size=[2, 2]) : (tensor<1x4x4x4xf32>) -> tensor<1x4x2x2xf32>
  %m = aten.adaptive_avg_pool2d(%p, output_size=[1, 1]) : (tensor<1x4x2x2xf32>) -> tensor<1x4x1x1xf32>
  func.return %m : tensor<1x4x1x1xf32>
}

// -----

// CHECK-LABEL: @normalisations
// CHECK-NEXT:    %[[A:.*]], %{{.*}}, %{{.*}} = aten._native_batch_norm_legit_no_training(%x, %m, %m, momentum=0.1, eps=1.0e-05)
// CHECK-NEXT:    %[[B:.*]], %{{.*}}, %{{.*}} = aten.native_group_norm(%[[A]], N=2, C=6, HxW=4, group=6, eps=1.0e-05)
// CHECK-NEXT:    aten.native_layer_norm(%[[B]], normalized_shape=[4], eps=1.0e-05)
func.func @normalisations(%x: tensor<2x6x4xf32>, %m: tensor<6xf32>) -> tensor<2x6x4xf32> {
  %a = aten.batch_norm(%x, running_mean=%m, running_var=%m, training=false, momentum=0.1, eps=1.0e-05, cudnn_enabled=true) : (tensor<2x6x4xf32>, tensor<6xf32>, tensor<6xf32>) -> tensor<2x6x4xf32>
  %b = aten.instance_norm(%a, use_input_stats=true, momentum=0.1, eps=1.0e-05, cudnn_enabled=true) : (tensor<2x6x4xf32>) -> tensor<2x6x4xf32>
  %c = aten.layer_norm(%b, normalized_shape=[4]) : (tensor<2x6x4xf32>) -> tensor<2x6x4xf32>
  func.return %c : tensor<2x6x4xf32>
}

// -----

// CHECK-LABEL: @arithmetic_of_integers
// CHECK-NEXT:    %[[Q:.*]] = aten.div.Scalar_mode(%x, other=-3, rounding_mode="floor")
// CHECK-NEXT:    %[[P:.*]] = aten.mul.Scalar(%[[Q]], other=-3)
// CHECK-NEXT:    aten.sub.Tensor(%x, %[[P]])
func.func @arithmetic_of_integers(%x: tensor<4xi64>) -> tensor<4xi64> {
  %y = aten.remainder.Scalar(%x, other=-3) : (tensor<4xi64>) -> tensor<4xi64>
  func.return %y : tensor<4xi64>
}

// -----

// CHECK-LABEL: @keeps_arithmetic_of_sizes_and_the_remainder_of_floats
// CHECK-NEXT:    %[[N:.*]] = aten.sym_size.int(%x, dim=0)
// CHECK-NEXT:    %[[M:.*]] = aten.sym.mul(a=%[[N]], b=2)
// CHECK-NEXT:    aten.remainder.Scalar(%x, other=2.0)
// CHECK-NEXT:    aten.view({{.*}}, size=[%[[M]], 2])
func.func @keeps_arithmetic_of_sizes_and_the_remainder_of_floats(%x: tensor<?x4xf32, #edge.layout<sizes = [s0, 4]>>) -> tensor<?x2xf32, #edge.layout<sizes = [s0*2, 2]>> {
  %n = aten.sym_size.int(%x, dim=0) : (tensor<?x4xf32, #edge.layout<sizes = [s0, 4]>>) -> i64
  %m = aten.sym.mul(a=%n, b=2) : (i64) -> i64
  %r = aten.remainder.Scalar(%x, other=2.0) : (tensor<?x4xf32, #edge.layout<sizes = [s0, 4]>>) -> tensor<?x4xf32, #edge.layout<sizes = [s0, 4]>>
  %y = aten.view(%r, size=[%m, 2]) : (tensor<?x4xf32, #edge.layout<sizes = [s0, 4]>>, i64) -> tensor<?x2xf32, #edge.layout<sizes = [s0*2, 2]>>
  func.return %y : tensor<?x2xf32, #edge.layout<sizes = [s0*2, 2]>>
}

// -----

// CHECK-LABEL: @sizes_known_only_at_run_time
// CHECK-NEXT:    aten.view(%x, size=[s0*4])
// CHECK-NEXT:    aten.full(size=[s0, 4], fill_value=1, dtype=f32)
func.func @sizes_known_only_at_run_time(%x: tensor<?x4xf32, #edge.layout<sizes = [s0, 4]>>) -> (tensor<?xf32, #edge.layout<sizes = [s0*4]>>, tensor<?x4xf32, #edge.layout<sizes = [s0, 4]>>) {
  %y = aten.flatten.using_ints(%x) : (tensor<?x4xf32, #edge.layout<sizes = [s0, 4]>>) -> tensor<?xf32, #edge.layout<sizes = [s0*4]>>
  %z = aten.ones_like(%x) : (tensor<?x4xf32, #edge.layout<sizes = [s0, 4]>>) -> tensor<?x4xf32, #edge.layout<sizes = [s0, 4]>>
  func.return %y, %z : tensor<?xf32, #edge.layout<sizes = [s0*4]>>, tensor<?x4xf32, #edge.layout<sizes = [s0, 4]>>
}

// -----

// CHECK-LABEL: @shapes
// CHECK-NEXT:    %[[A:.*]] = aten.slice.Tensor(%x, dim=1, start=0, end=2)
// CHECK-NEXT:    %[[B:.*]] = aten.slice.Tensor(%x, dim=1, start=2, end=4)
// CHECK-NEXT:    %[[C:.*]] = aten.unsqueeze(%[[A]], dim=0)
// CHECK-NEXT:    %[[D:.*]] = aten.unsqueeze(%[[B]], dim=0)
// CHECK-NEXT:    %[[E:.*]] = aten.cat([%[[C]], %[[D]]])
// CHECK-NEXT:    %[[F:.*]] = aten.slice.Tensor(%[[E]], dim=1, start=2, end=3)
// CHECK-NEXT:    %[[G:.*]] = aten.slice.Tensor(%[[E]], dim=1, start=0, end=2)
// CHECK-NEXT:    aten.cat([%[[F]], %[[G]]], dim=1)
func.func @shapes(%x: tensor<3x4xf32>) -> tensor<2x3x2xf32> {
  %a, %b = aten.split.Tensor(%x, split_size=2, dim=1) : (tensor<3x4xf32>) -> (tensor<3x2xf32>, tensor<3x2xf32>)
  %c = aten.stack([%a, %b]) : (tensor<3x2xf32>, tensor<3x2xf32>) -> tensor<2x3x2xf32>
  %d = aten.roll(%c, shifts=[1], dims=[1]) : (tensor<2x3x2xf32>) -> tensor<2x3x2xf32>
  func.return %d : tensor<2x3x2xf32>
}

// -----

// CHECK-LABEL: @indexing_and_order
// CHECK-NEXT:    %[[S:.*]], %{{.*}} = aten.topk(%x, k=4, largest=false)
// CHECK-NEXT:    aten.index_put(%[[S]], [%i], %x, accumulate=true)
func.func @indexing_and_order(%x: tensor<3x4xf32>, %i: tensor<3xi64>) -> tensor<3x4xf32> {
  %s, %o = aten.sort(%x) : (tensor<3x4xf32>) -> (tensor<3x4xf32>, tensor<3x4xi64>)
  %y = aten.index_add(%s, %i, %x, dim=0) : (tensor<3x4xf32>, tensor<3xi64>, tensor<3x4xf32>) -> tensor<3x4xf32>
  func.return %y : tensor<3x4xf32>
}

// -----

// CHECK-LABEL: @recurrent
// CHECK-NEXT:    %[[H0:.*]] = aten.select.int(%h, dim=0, index=0)
// CHECK-NEXT:    %[[W:.*]] = aten.permute(%w, dims=[1, 0])
// CHECK-NEXT:    %[[V:.*]] = aten.permute(%v, dims=[1, 0])
// CHECK-NEXT:    %[[R:.*]] = aten.view(%x, size=[2, 3])
// CHECK-NEXT:    %[[P:.*]] = aten.mm(%[[R]], %[[V]])
// CHECK-NEXT:    %[[X:.*]] = aten.view(%[[P]], size=[2, 1, 4])
// CHECK-NEXT:    %[[X0:.*]] = aten.select.int(%[[X]], dim=0, index=0)
// CHECK-NEXT:    %[[G0:.*]] = aten.addmm(%[[X0]], %[[H0]], %[[W]])
// CHECK-NEXT:    %[[H1:.*]] = aten.tanh(%[[G0]])
// CHECK-NEXT:    %[[X1:.*]] = aten.select.int(%[[X]], dim=0, index=1)
// CHECK-NEXT:    %[[G1:.*]] = aten.addmm(%[[X1]], %[[H1]], %[[W]])
// CHECK-NEXT:    %[[H2:.*]] = aten.tanh(%[[G1]])
// CHECK-NEXT:    %[[Y:.*]] = aten.cat([%[[H1]], %[[H2]]])
// CHECK-NEXT:    aten.view(%[[Y]], size=[2, 1, 4])
func.func @recurrent(%x: tensor<2x1x3xf32>, %h: tensor<1x1x4xf32>, %v: tensor<4x3xf32>, %w: tensor<4x4xf32>) -> tensor<2x1x4xf32> {
  %y, %s = aten.rnn_tanh.input(%x, %h, [%v, %w], has_biases=false, num_layers=1, dropout=0.0, train=false, bidirectional=false, batch_first=false) : (tensor<2x1x3xf32>, tensor<1x1x4xf32>, tensor<4x3xf32>, tensor<4x4xf32>) -> (tensor<2x1x4xf32>, tensor<1x1x4xf32>)
  func.return %y : tensor<2x1x4xf32>
}

// -----

// CHECK-LABEL: @resampling
// CHECK-NEXT:    aten.unsqueeze(%x, dim=-2)
// CHECK-NEXT:    aten.upsample_bilinear2d.vec({{.*}}, output_size=[1, 8], align_corners=false)
// CHECK-NEXT:    aten.squeeze.dim({{.*}}, dim=-2)
func.func @resampling(%x: tensor<1x2x4xf32>) -> tensor<1x2x8xf32> {
  %y = aten.upsample_linear1d(%x, output_size=[8], align_corners=false) : (tensor<1x2x4xf32>) -> tensor<1x2x8xf32>
  func.return %y : tensor<1x2x8xf32>
}

// -----

// CHECK-LABEL: @reductions_and_random_numbers
// CHECK-NEXT:    aten.var.correction(%x, dim=[1], correction=0)
// CHECK-NEXT:    aten.sqrt
// CHECK-NEXT:    aten.rand(size=[3], dtype=f32)
// CHECK-NEXT:    aten.lt.Tensor
// CHECK-NEXT:    aten._to_copy({{.*}}, dtype=f32)
func.func @reductions_and_random_numbers(%x: tensor<3x4xf32>) -> tensor<3xf32> {
  %y = aten.std.dim(%x, dim=[1], unbiased=false) : (tensor<3x4xf32>) -> tensor<3xf32>
  %z = aten.bernoulli(%y) : (tensor<3xf32>) -> tensor<3xf32>
  func.return %z : tensor<3xf32>
}
