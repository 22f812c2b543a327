// RUN: etc-opt %s -p 'sgd{lr=0.5}' | filecheck %s
// RUN: etc-opt %s -p 'sgd{lr=0.5 momentum=0.25 weight-decay=0.125 nesterov=true}' | filecheck %s --check-prefix=NESTEROV
// RUN: not etc-opt %s -p 'sgd{lr=0.5 nesterov=true}' 2>&1 | filecheck %s --check-prefix=ERROR

program.global parameter @w : tensor<2xf32> = dense<[1.0, 2.0]>
func.func @train(%x: tensor<2xf32>) -> (tensor<2xf32>, tensor<2xf32>, tensor<2xf32>) attributes {
    program.outputs = ["before", "gradient", "input"], program.gradients = {"w" = 1 : i64}} {
  %w = program.load @w : tensor<2xf32>
  %loss = aten.mul.Tensor(%w, %x) : (tensor<2xf32>, tensor<2xf32>) -> tensor<2xf32>
  %gradient = aten.neg(%x) : (tensor<2xf32>) -> tensor<2xf32>
  func.return %loss, %gradient, %x : tensor<2xf32>, tensor<2xf32>, tensor<2xf32>
}
func.func @forward(%x: tensor<2xf32>) -> tensor<2xf32> {
  %w = program.load @w : tensor<2xf32>
  func.return %w : tensor<2xf32>
}

// CHECK:       program.global mutable parameter @w : tensor<2xf32> = dense<[1.0, 2.0]>
// CHECK-NEXT:  func.func @train({{.*}}) -> (tensor<2xf32>, tensor<2xf32>) attributes {program.outputs = ["before", "input"]}
// CHECK:         %loss = aten.mul.Tensor(%w, %x)
// CHECK-NEXT:    %gradient = aten.neg(%x)
// CHECK-NEXT:    [[OLD:%.*]] = program.load @w
// CHECK-NEXT:    [[NEW:%.*]] = aten.add.Tensor([[OLD]], %gradient, alpha=-0.5)
// CHECK-NEXT:    program.store [[NEW]], @w
// CHECK-NEXT:    func.return %loss, %x : tensor<2xf32>, tensor<2xf32>
// CHECK:       func.func @forward

// NESTEROV:      program.global mutable buffer @w.momentum : tensor<2xf32> = dense<0.0>
// NESTEROV:        %gradient = aten.neg(%x)
// NESTEROV-NEXT:   [[OLD:%.*]] = program.load @w
// NESTEROV-NEXT:   [[DECAYED:%.*]] = aten.add.Tensor(%gradient, [[OLD]], alpha=0.125)
// NESTEROV-NEXT:   [[BEFORE:%.*]] = program.load @w.momentum
// NESTEROV-NEXT:   [[SLOWER:%.*]] = aten.mul.Scalar([[BEFORE]], other=0.25)
// NESTEROV-NEXT:   [[AFTER:%.*]] = aten.add.Tensor([[SLOWER]], [[DECAYED]])
// NESTEROV-NEXT:   program.store [[AFTER]], @w.momentum
// NESTEROV-NEXT:   [[AHEAD:%.*]] = aten.add.Tensor([[DECAYED]], [[AFTER]], alpha=0.25)
// NESTEROV-NEXT:   [[NEW:%.*]] = aten.add.Tensor([[OLD]], [[AHEAD]], alpha=-0.5)
// NESTEROV-NEXT:   program.store [[NEW]], @w

// ERROR: nesterov momentum needs a momentum
