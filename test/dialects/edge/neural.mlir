// RUN: etc-opt %s | filecheck %s
// RUN: etc-opt %s --print-op-generic | etc-opt | filecheck %s

// CHECK-LABEL: func.func @convolutions
func.func @convolutions(%x: tensor<2x4x9x9xf32>, %a: tensor<2x4x9x9xf32, #edge.layout<dim_order = [0, 2, 3, 1]>>, %n: tensor<?x4x9x9xf32, #edge.layout<sizes = [s0, 4, 9, 9]>>, %w: tensor<6x4x3x3xf32>, %b: tensor<6xf32>, %u: tensor<4x6x3x3xf32>, %g: tensor<2x6x5x5xf32>, %c: tensor<12x30xf32>, %d: tensor<4x1x3x3xf32>) {
  // CHECK: edge.conv(%x, %w, bias=%b, stride=[2, 2], padding=[1, 1], dilation=[1, 1], transposed=false, output_padding=[0, 0], groups=1) : (tensor<2x4x9x9xf32>, tensor<6x4x3x3xf32>, tensor<6xf32>) -> tensor<2x6x5x5xf32>
  %0 = edge.conv(%x, %w, bias=%b, stride=[2, 2], padding=[1, 1], dilation=[1, 1], transposed=false, output_padding=[0, 0], groups=1) : (tensor<2x4x9x9xf32>, tensor<6x4x3x3xf32>, tensor<6xf32>) -> tensor<2x6x5x5xf32>
  // CHECK: edge.conv(%a, %w, stride=[2, 2], padding=[1, 1], dilation=[1, 1], transposed=false, output_padding=[0, 0], groups=1) : (tensor<2x4x9x9xf32, #edge.layout<dim_order = [0, 2, 3, 1]>>, tensor<6x4x3x3xf32>) -> tensor<2x6x5x5xf32, #edge.layout<dim_order = [0, 2, 3, 1]>>
  %1 = edge.conv(%a, %w, stride=[2, 2], padding=[1, 1], dilation=[1, 1], transposed=false, output_padding=[0, 0], groups=1) : (tensor<2x4x9x9xf32, #edge.layout<dim_order = [0, 2, 3, 1]>>, tensor<6x4x3x3xf32>) -> tensor<2x6x5x5xf32, #edge.layout<dim_order = [0, 2, 3, 1]>>
  // CHECK: edge.conv(%n, %d, stride=[2, 2], padding=[1, 1], dilation=[1, 1], transposed=false, output_padding=[0, 0], groups=4) : (tensor<?x4x9x9xf32, #edge.layout<sizes = [s0, 4, 9, 9]>>, tensor<4x1x3x3xf32>) -> tensor<?x4x5x5xf32, #edge.layout<sizes = [s0, 4, 5, 5]>>
  %2 = edge.conv(%n, %d, stride=[2, 2], padding=[1, 1], dilation=[1, 1], transposed=false, output_padding=[0, 0], groups=4) : (tensor<?x4x9x9xf32, #edge.layout<sizes = [s0, 4, 9, 9]>>, tensor<4x1x3x3xf32>) -> tensor<?x4x5x5xf32, #edge.layout<sizes = [s0, 4, 5, 5]>>
  // CHECK: edge.conv(%x, %u, stride=[2, 2], padding=[1, 1], dilation=[1, 1], transposed=true, output_padding=[1, 1], groups=1) : (tensor<2x4x9x9xf32>, tensor<4x6x3x3xf32>) -> tensor<2x6x18x18xf32>
  %3 = edge.conv(%x, %u, stride=[2, 2], padding=[1, 1], dilation=[1, 1], transposed=true, output_padding=[1, 1], groups=1) : (tensor<2x4x9x9xf32>, tensor<4x6x3x3xf32>) -> tensor<2x6x18x18xf32>
  // CHECK: edge.conv_backward(%g, %x, %w, bias_sizes=[6], stride=[2, 2], padding=[1, 1], dilation=[1, 1], transposed=false, output_padding=[0, 0], groups=1, output_mask=[true, true, false]) : (tensor<2x6x5x5xf32>, tensor<2x4x9x9xf32>, tensor<6x4x3x3xf32>) -> (tensor<2x4x9x9xf32>, tensor<6x4x3x3xf32>, tensor<6xf32>)
  %4, %5, %6 = edge.conv_backward(%g, %x, %w, bias_sizes=[6], stride=[2, 2], padding=[1, 1], dilation=[1, 1], transposed=false, output_padding=[0, 0], groups=1, output_mask=[true, true, false]) : (tensor<2x6x5x5xf32>, tensor<2x4x9x9xf32>, tensor<6x4x3x3xf32>) -> (tensor<2x4x9x9xf32>, tensor<6x4x3x3xf32>, tensor<6xf32>)
  // CHECK: edge.col2im(%c, output_size=[6, 7], kernel_size=[2, 2], dilation=[1, 1], padding=[0, 0], stride=[1, 1]) : (tensor<12x30xf32>) -> tensor<3x6x7xf32>
  %7 = edge.col2im(%c, output_size=[6, 7], kernel_size=[2, 2], dilation=[1, 1], padding=[0, 0], stride=[1, 1]) : (tensor<12x30xf32>) -> tensor<3x6x7xf32>
  func.return
}

// CHECK-LABEL: func.func @pools
func.func @pools(%l: tensor<2x4x9xf32>, %x: tensor<2x4x9x9xf32>, %a: tensor<2x4x9x9xf32, #edge.layout<dim_order = [0, 2, 3, 1]>>, %v: tensor<2x4x9x9x9xf32>, %g: tensor<2x4x4x4xf32>, %i: tensor<2x4x4x4xi64>, %h: tensor<2x4x3x3xf32>) {
  // CHECK: edge.avg_pool1d(%l, kernel_size=[2]) : (tensor<2x4x9xf32>) -> tensor<2x4x4xf32>
  %0 = edge.avg_pool1d(%l, kernel_size=[2]) : (tensor<2x4x9xf32>) -> tensor<2x4x4xf32>
  // CHECK: edge.avg_pool2d(%a, kernel_size=[2, 2], stride=[2, 2], ceil_mode=true, divisor_override=3) : (tensor<2x4x9x9xf32, #edge.layout<dim_order = [0, 2, 3, 1]>>) -> tensor<2x4x5x5xf32, #edge.layout<dim_order = [0, 2, 3, 1]>>
  %1 = edge.avg_pool2d(%a, kernel_size=[2, 2], stride=[2, 2], ceil_mode=true, divisor_override=3) : (tensor<2x4x9x9xf32, #edge.layout<dim_order = [0, 2, 3, 1]>>) -> tensor<2x4x5x5xf32, #edge.layout<dim_order = [0, 2, 3, 1]>>
  // CHECK: edge.avg_pool3d(%v, kernel_size=[3], padding=[1, 1, 1], count_include_pad=false) : (tensor<2x4x9x9x9xf32>) -> tensor<2x4x3x3x3xf32>
  %2 = edge.avg_pool3d(%v, kernel_size=[3], padding=[1, 1, 1], count_include_pad=false) : (tensor<2x4x9x9x9xf32>) -> tensor<2x4x3x3x3xf32>
  // CHECK: edge.avg_pool2d_backward(%g, %x, kernel_size=[2], stride=[2], padding=[0], ceil_mode=false, count_include_pad=true) : (tensor<2x4x4x4xf32>, tensor<2x4x9x9xf32>) -> tensor<2x4x9x9xf32>
  %3 = edge.avg_pool2d_backward(%g, %x, kernel_size=[2], stride=[2], padding=[0], ceil_mode=false, count_include_pad=true) : (tensor<2x4x4x4xf32>, tensor<2x4x9x9xf32>) -> tensor<2x4x9x9xf32>
  // CHECK: edge.max_pool2d(%a, kernel_size=[3, 3], stride=[2, 2], padding=[1, 1]) : (tensor<2x4x9x9xf32, #edge.layout<dim_order = [0, 2, 3, 1]>>) -> (tensor<2x4x5x5xf32, #edge.layout<dim_order = [0, 2, 3, 1]>>, tensor<2x4x5x5xi64, #edge.layout<dim_order = [0, 2, 3, 1]>>)
  %4, %5 = edge.max_pool2d(%a, kernel_size=[3, 3], stride=[2, 2], padding=[1, 1]) : (tensor<2x4x9x9xf32, #edge.layout<dim_order = [0, 2, 3, 1]>>) -> (tensor<2x4x5x5xf32, #edge.layout<dim_order = [0, 2, 3, 1]>>, tensor<2x4x5x5xi64, #edge.layout<dim_order = [0, 2, 3, 1]>>)
  // CHECK: edge.max_pool3d(%v, kernel_size=[3], dilation=[2]) : (tensor<2x4x9x9x9xf32>) -> (tensor<2x4x2x2x2xf32>, tensor<2x4x2x2x2xi64>)
  %6, %7 = edge.max_pool3d(%v, kernel_size=[3], dilation=[2]) : (tensor<2x4x9x9x9xf32>) -> (tensor<2x4x2x2x2xf32>, tensor<2x4x2x2x2xi64>)
  // CHECK: edge.max_pool2d_backward(%g, %x, kernel_size=[2], stride=[2], padding=[0], dilation=[1], ceil_mode=false, %i) : (tensor<2x4x4x4xf32>, tensor<2x4x9x9xf32>, tensor<2x4x4x4xi64>) -> tensor<2x4x9x9xf32>
  %8 = edge.max_pool2d_backward(%g, %x, kernel_size=[2], stride=[2], padding=[0], dilation=[1], ceil_mode=false, %i) : (tensor<2x4x4x4xf32>, tensor<2x4x9x9xf32>, tensor<2x4x4x4xi64>) -> tensor<2x4x9x9xf32>
  // CHECK: edge.adaptive_avg_pool1d(%l, output_size=[3]) : (tensor<2x4x9xf32>) -> tensor<2x4x3xf32>
  %9 = edge.adaptive_avg_pool1d(%l, output_size=[3]) : (tensor<2x4x9xf32>) -> tensor<2x4x3xf32>
  // CHECK: edge.adaptive_avg_pool2d(%a, output_size=[1, 1]) : (tensor<2x4x9x9xf32, #edge.layout<dim_order = [0, 2, 3, 1]>>) -> tensor<2x4x1x1xf32, #edge.layout<dim_order = [0, 2, 3, 1]>>
  %10 = edge.adaptive_avg_pool2d(%a, output_size=[1, 1]) : (tensor<2x4x9x9xf32, #edge.layout<dim_order = [0, 2, 3, 1]>>) -> tensor<2x4x1x1xf32, #edge.layout<dim_order = [0, 2, 3, 1]>>
  // CHECK: edge.adaptive_avg_pool3d(%v, output_size=[2, 2, 2]) : (tensor<2x4x9x9x9xf32>) -> tensor<2x4x2x2x2xf32>
  %11 = edge.adaptive_avg_pool3d(%v, output_size=[2, 2, 2]) : (tensor<2x4x9x9x9xf32>) -> tensor<2x4x2x2x2xf32>
  // CHECK: edge.adaptive_avg_pool2d_backward(%h, %x) : (tensor<2x4x3x3xf32>, tensor<2x4x9x9xf32>) -> tensor<2x4x9x9xf32>
  %12 = edge.adaptive_avg_pool2d_backward(%h, %x) : (tensor<2x4x3x3xf32>, tensor<2x4x9x9xf32>) -> tensor<2x4x9x9xf32>
  func.return
}

// CHECK-LABEL: func.func @normalized
func.func @normalized(%x: tensor<2x4x3x3xf32>, %a: tensor<2x4x3x3xf32, #edge.layout<dim_order = [0, 2, 3, 1]>>, %c: tensor<4xf32>, %w: tensor<3xf32>, %m: tensor<2x4x3x1xf32>, %s: tensor<2x2xf32>, %n: tensor<?x6xf32, #edge.layout<sizes = [s0, 6]>>) {
  // CHECK: edge.batch_norm(%a, weight=%c, %c, %c, momentum=0.1, eps=1.0e-05) : (tensor<2x4x3x3xf32, #edge.layout<dim_order = [0, 2, 3, 1]>>, tensor<4xf32>, tensor<4xf32>, tensor<4xf32>) -> (tensor<2x4x3x3xf32, #edge.layout<dim_order = [0, 2, 3, 1]>>, tensor<0xf32>, tensor<0xf32>)
  %0, %1, %2 = edge.batch_norm(%a, weight=%c, %c, %c, momentum=0.1, eps=1.0e-05) : (tensor<2x4x3x3xf32, #edge.layout<dim_order = [0, 2, 3, 1]>>, tensor<4xf32>, tensor<4xf32>, tensor<4xf32>) -> (tensor<2x4x3x3xf32, #edge.layout<dim_order = [0, 2, 3, 1]>>, tensor<0xf32>, tensor<0xf32>)
  // CHECK: edge.batch_norm_no_stats(%x, weight=%c, bias=%c, training=true, momentum=0.1, eps=1.0e-05) : (tensor<2x4x3x3xf32>, tensor<4xf32>, tensor<4xf32>) -> (tensor<2x4x3x3xf32>, tensor<4xf32>, tensor<4xf32>)
  %3, %4, %5 = edge.batch_norm_no_stats(%x, weight=%c, bias=%c, training=true, momentum=0.1, eps=1.0e-05) : (tensor<2x4x3x3xf32>, tensor<4xf32>, tensor<4xf32>) -> (tensor<2x4x3x3xf32>, tensor<4xf32>, tensor<4xf32>)
  // CHECK: edge.layer_norm(%x, normalized_shape=[3], weight=%w, bias=%w, eps=1.0e-05) : (tensor<2x4x3x3xf32>, tensor<3xf32>, tensor<3xf32>) -> (tensor<2x4x3x3xf32>, tensor<2x4x3x1xf32>, tensor<2x4x3x1xf32>)
  %6, %7, %8 = edge.layer_norm(%x, normalized_shape=[3], weight=%w, bias=%w, eps=1.0e-05) : (tensor<2x4x3x3xf32>, tensor<3xf32>, tensor<3xf32>) -> (tensor<2x4x3x3xf32>, tensor<2x4x3x1xf32>, tensor<2x4x3x1xf32>)
  // CHECK: edge.layer_norm_backward(%x, %x, normalized_shape=[3], %m, %m, weight=%w, bias=%w, output_mask=[true, true, true]) : (tensor<2x4x3x3xf32>, tensor<2x4x3x3xf32>, tensor<2x4x3x1xf32>, tensor<2x4x3x1xf32>, tensor<3xf32>, tensor<3xf32>) -> (tensor<2x4x3x3xf32>, tensor<3xf32>, tensor<3xf32>)
  %9, %10, %11 = edge.layer_norm_backward(%x, %x, normalized_shape=[3], %m, %m, weight=%w, bias=%w, output_mask=[true, true, true]) : (tensor<2x4x3x3xf32>, tensor<2x4x3x3xf32>, tensor<2x4x3x1xf32>, tensor<2x4x3x1xf32>, tensor<3xf32>, tensor<3xf32>) -> (tensor<2x4x3x3xf32>, tensor<3xf32>, tensor<3xf32>)
  // CHECK: edge.group_norm(%x, bias=%c, N=2, C=4, HxW=9, group=2, eps=1.0e-05) : (tensor<2x4x3x3xf32>, tensor<4xf32>) -> (tensor<2x4x3x3xf32>, tensor<2x2xf32>, tensor<2x2xf32>)
  %12, %13, %14 = edge.group_norm(%x, bias=%c, N=2, C=4, HxW=9, group=2, eps=1.0e-05) : (tensor<2x4x3x3xf32>, tensor<4xf32>) -> (tensor<2x4x3x3xf32>, tensor<2x2xf32>, tensor<2x2xf32>)
  // CHECK: edge.group_norm_backward(%x, %x, %s, %s, weight=%c, N=2, C=4, HxW=9, group=2, output_mask=[true, false, false]) : (tensor<2x4x3x3xf32>, tensor<2x4x3x3xf32>, tensor<2x2xf32>, tensor<2x2xf32>, tensor<4xf32>) -> (tensor<2x4x3x3xf32>, tensor<4xf32>, tensor<4xf32>)
  %15, %16, %17 = edge.group_norm_backward(%x, %x, %s, %s, weight=%c, N=2, C=4, HxW=9, group=2, output_mask=[true, false, false]) : (tensor<2x4x3x3xf32>, tensor<2x4x3x3xf32>, tensor<2x2xf32>, tensor<2x2xf32>, tensor<4xf32>) -> (tensor<2x4x3x3xf32>, tensor<4xf32>, tensor<4xf32>)
  // CHECK: edge.softmax(%n, dim=-1, half_to_float=false) : (tensor<?x6xf32, #edge.layout<sizes = [s0, 6]>>) -> tensor<?x6xf32, #edge.layout<sizes = [s0, 6]>>
  %18 = edge.softmax(%n, dim=-1, half_to_float=false) : (tensor<?x6xf32, #edge.layout<sizes = [s0, 6]>>) -> tensor<?x6xf32, #edge.layout<sizes = [s0, 6]>>
  // CHECK: edge.log_softmax(%a, dim=1, half_to_float=false) : (tensor<2x4x3x3xf32, #edge.layout<dim_order = [0, 2, 3, 1]>>) -> tensor<2x4x3x3xf32, #edge.layout<dim_order = [0, 2, 3, 1]>>
  %19 = edge.log_softmax(%a, dim=1, half_to_float=false) : (tensor<2x4x3x3xf32, #edge.layout<dim_order = [0, 2, 3, 1]>>) -> tensor<2x4x3x3xf32, #edge.layout<dim_order = [0, 2, 3, 1]>>
  // CHECK: edge.dropout(%x, p=0.5, train=true) : (tensor<2x4x3x3xf32>) -> (tensor<2x4x3x3xf32>, tensor<2x4x3x3xi1>)
  %20, %21 = edge.dropout(%x, p=0.5, train=true) : (tensor<2x4x3x3xf32>) -> (tensor<2x4x3x3xf32>, tensor<2x4x3x3xi1>)
  func.return
}

// CHECK-LABEL: func.func @resampled
func.func @resampled(%x: tensor<2x4x3x3xf32>, %a: tensor<2x4x3x3xf32, #edge.layout<dim_order = [0, 2, 3, 1]>>, %n: tensor<1x4x?x?xf32, #edge.layout<sizes = [1, 4, s0, s0]>>, %g: tensor<2x5x6x2xf32>) {
  // CHECK: edge.upsample_nearest2d(%n, scale_factors=[2.0, 0.5]) : (tensor<1x4x?x?xf32, #edge.layout<sizes = [1, 4, s0, s0]>>) -> tensor<1x4x?x?xf32, #edge.layout<sizes = [1, 4, s0*2, floordiv(s0, 2)]>>
  %0 = edge.upsample_nearest2d(%n, scale_factors=[2.0, 0.5]) : (tensor<1x4x?x?xf32, #edge.layout<sizes = [1, 4, s0, s0]>>) -> tensor<1x4x?x?xf32, #edge.layout<sizes = [1, 4, s0*2, floordiv(s0, 2)]>>
  // CHECK: edge.upsample_bilinear2d(%a, output_size=[6, 6], align_corners=true) : (tensor<2x4x3x3xf32, #edge.layout<dim_order = [0, 2, 3, 1]>>) -> tensor<2x4x6x6xf32, #edge.layout<dim_order = [0, 2, 3, 1]>>
  %1 = edge.upsample_bilinear2d(%a, output_size=[6, 6], align_corners=true) : (tensor<2x4x3x3xf32, #edge.layout<dim_order = [0, 2, 3, 1]>>) -> tensor<2x4x6x6xf32, #edge.layout<dim_order = [0, 2, 3, 1]>>
  // CHECK: edge.upsample_bilinear2d_aa(%x, output_size=[2, 2], align_corners=false) : (tensor<2x4x3x3xf32>) -> tensor<2x4x2x2xf32>
  %2 = edge.upsample_bilinear2d_aa(%x, output_size=[2, 2], align_corners=false) : (tensor<2x4x3x3xf32>) -> tensor<2x4x2x2xf32>
  // CHECK: edge.grid_sampler_2d(%x, %g, interpolation_mode=0, padding_mode=1, align_corners=false) : (tensor<2x4x3x3xf32>, tensor<2x5x6x2xf32>) -> tensor<2x4x5x6xf32>
  %3 = edge.grid_sampler_2d(%x, %g, interpolation_mode=0, padding_mode=1, align_corners=false) : (tensor<2x4x3x3xf32>, tensor<2x5x6x2xf32>) -> tensor<2x4x5x6xf32>
  func.return
}
