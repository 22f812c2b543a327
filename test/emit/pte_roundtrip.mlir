// RUN: etc-opt %s -t pte -o %t.pte
// RUN: etc-opt %t.pte | filecheck %s

// What a file keeps of a program: all but the names of values and data.

// CHECK:      exec.program alignment 256 {
exec.program alignment 256 {
  // CHECK-NEXT: exec.constant_segment {
  // CHECK-NEXT:   exec.data @c1 : tensor<2x3xf32> = dense<[1.0, 2.0, 3.0, 4.0, 5.0, 6.0]>
  // CHECK-NEXT:   exec.data @c2 : tensor<2xi64> = dense<7>
  // CHECK-NEXT:   exec.data @c3 : tensor<2x3xf32> = dense<[1.0, 2.0, 3.0, 4.0, 5.0, 6.0]>
  // CHECK-NEXT: }
  exec.constant_segment {
    exec.data @w : tensor<2x3xf32> = dense<[1.0, 2.0, 3.0, 4.0, 5.0, 6.0]>
    exec.data @v : tensor<2xi64> = dense<7>
    exec.data @tied : tensor<2x3xf32> = dense<[1.0, 2.0, 3.0, 4.0, 5.0, 6.0]>
  }
  // CHECK-NEXT: exec.mutable_segment {
  // CHECK-NEXT:   exec.data @model.state : tensor<2xf32> = dense<0.5>
  exec.mutable_segment {
    exec.data @state : tensor<2xf32> = dense<0.5>
  }
  // CHECK:      exec.segment @segment2 : tensor<3xui8> = dense<[1, 2, 3]>
  // CHECK-NEXT: exec.segment @segment3 : tensor<1xui8> = dense<[4]>
  // CHECK-NEXT: exec.backend_data @inline0 : tensor<1xui8> = dense<[9]>
  // CHECK-NEXT: exec.named_data "key \"quoted\"" @segment3
  exec.segment @blob : tensor<3xui8> = dense<[1, 2, 3]>
  exec.segment @named : tensor<1xui8> = dense<[4]>
  exec.backend_data @inlined : tensor<1xui8> = dense<[9]>
  exec.named_data "key \"quoted\"" @named

  // CHECK-NEXT: exec.plan @forward buffers [0, 6442450944] devices [1, 1, 0] container("[\"x\"]", none) {
  exec.plan @forward buffers [0, 6442450944] devices [1, 1, 0] container("[\"x\"]", none) {
    // CHECK-NEXT: %0 = exec.tensor f32 [1, 3, 8, 8] dim_order [0, 2, 3, 1] dynamism bound alloc(1, 5368709120)
    %x = exec.tensor f32 [1, 3, 8, 8] dim_order [0, 2, 3, 1] dynamism bound alloc(1, 5368709120)
    // CHECK-NEXT: %1 = exec.tensor f32 [2, 3] data @c1 requires_grad
    %w = exec.tensor f32 [2, 3] data @w requires_grad
    // CHECK-NEXT: %2 = exec.tensor i64 [2] data @c2
    %v = exec.tensor i64 [2] data @v
    // CHECK-NEXT: %3 = exec.tensor f32 [2, 3] data @c3
    %t = exec.tensor f32 [2, 3] data @tied
    // CHECK-NEXT: %4 = exec.tensor f32 [2] alloc(1, 16) data @model.state fqn "model.state"
    %s = exec.tensor f32 [2] alloc(1, 16) data @state fqn "model.state"
    // CHECK-NEXT: %5 = exec.tensor bf16 [] fqn "scale" external buffer 4
    %e = exec.tensor bf16 [] fqn "scale" external buffer 4
    // CHECK-NEXT: %6 = exec.tensor scalar_type(12) [4] device(1, 0) storage_offset 2 layout 1 mutable_segment 1
    %q = exec.tensor scalar_type(12) [4] device(1, 0) storage_offset 2 layout 1 mutable_segment 1
    // CHECK-NEXT: %7 = exec.tensor ui8 [0] dynamism unbound extra_info
    %u = exec.tensor ui8 [0] dynamism unbound extra_info
    // CHECK-NEXT: %8 = exec.int -9223372036854775808
    %i = exec.int -9223372036854775808
    // CHECK-NEXT: %9 = exec.bool true
    %yes = exec.bool true
    // CHECK-NEXT: %10 = exec.double -0.0
    %d = exec.double -0.0
    // CHECK-NEXT: %11 = exec.double 0.0
    %zero = exec.double 0.0
    // CHECK-NEXT: %12 = exec.double bits 0x7ff8000000000001
    %nan = exec.double bits 0x7ff8000000000001
    // CHECK-NEXT: %13 = exec.string "a \"b\" \\ é\n\00"
    %str = exec.string "a \"b\" \\ é\n\00"
    // CHECK-NEXT: %14 = exec.null
    %none = exec.null
    // CHECK-NEXT: %15 = exec.int_list(%8, %16)
    %is = exec.int_list(%i, %later)
    // CHECK-NEXT: %16 = exec.int 3
    %later = exec.int 3
    // CHECK-NEXT: %17 = exec.bool_list [true, false]
    %bs = exec.bool_list [true, false]
    // CHECK-NEXT: %18 = exec.double_list [0.5, nan, -inf]
    %ds = exec.double_list [0.5, nan, -inf]
    // CHECK-NEXT: %19 = exec.tensor_list(%0, %1)
    %ts = exec.tensor_list(%x, %w)
    // CHECK-NEXT: %20 = exec.optional_tensor_list(none, %0, none)
    %os = exec.optional_tensor_list(none, %x, none)
    // CHECK-NEXT: exec.inputs(%0)
    exec.inputs(%x)
    // CHECK-NEXT: exec.outputs(%0, %10)
    exec.outputs(%x, %d)
    // CHECK-NEXT: exec.operator "aten::mul.out"
    // CHECK-NEXT: exec.operator "aten::add.out"
    // CHECK-NEXT: exec.operator "aten::copy_"
    // CHECK-NEXT: exec.operator "my.ops::f" overload "out"
    // CHECK-NEXT: exec.operator "aten::add.out" overload none
    exec.operator "aten::mul.out"
    // CHECK-NEXT: exec.delegate @delegate0 "XnnpackBackend" segment @segment2 specs [#exec.spec<"level" = "\00\FFa">, #exec.spec<"mode" = "fast">]
    exec.delegate @d0 "XnnpackBackend" segment @blob specs [#exec.spec<"level" = "\00\FFa">, #exec.spec<"mode" = "fast">]
    // CHECK-NEXT: exec.delegate @delegate1 "Other" inline @inline0
    exec.delegate @d1 "Other" inline @inlined
    // CHECK-NEXT: exec.chain stacktrace {
    exec.chain stacktrace {
      // CHECK-NEXT: exec.inputs()
      exec.inputs()
      // CHECK-NEXT: exec.kernel "aten::add.out"(%0, %0, %8, %0, %0) stack [#exec.frame<"m.py":3, "forward", "x + x">]
      exec.kernel "aten::add.out"(%x, %x, %i, %x, %x) stack [#exec.frame<"m.py":3, "forward", "x + x">]
      // CHECK-NEXT: exec.kernel "aten::copy_"(%0, %0, %9, %0)
      exec.kernel "aten::copy_"(%x, %x, %yes, %x)
      // CHECK-NEXT: exec.kernel "my.ops::f" overload "out"(%0)
      exec.kernel "my.ops::f" overload "out"(%x)
      // CHECK-NEXT: exec.kernel "aten::add.out" overload none(%0)
      exec.kernel "aten::add.out" overload none(%x)
      // CHECK-NEXT: exec.delegate_call @delegate0(%0, %1)
      exec.delegate_call @d0(%x, %w)
      // CHECK-NEXT: exec.jump_false %9 to 7
      exec.jump_false %yes to 7
      // CHECK-NEXT: exec.move %1 -> %0
      exec.move %w -> %x
      // CHECK-NEXT: exec.free %7
      exec.free %u
      // CHECK-NEXT: }
    }
  }
  // CHECK:      exec.plan @nothing buffers [0] {
  // CHECK-NEXT:   exec.inputs()
  // CHECK-NEXT:   exec.outputs()
  // CHECK-NEXT:   exec.chain {
  // CHECK-NEXT:   }
  exec.plan @nothing buffers [0] {
    exec.inputs()
    exec.outputs()
    exec.chain {}
  }
}
