// RUN: etc-opt %s | filecheck %s
// RUN: etc-opt %s | etc-opt | filecheck %s
// RUN: etc-opt %s --print-op-generic | etc-opt | filecheck %s

// CHECK-LABEL: exec.program alignment 64 empty ["constant_buffer"] {
exec.program alignment 64 empty ["constant_buffer"] {
  // CHECK-NEXT: exec.constant_segment {
  // CHECK-NEXT:   exec.data @w : tensor<2x3xf32> = {{.*}}
  // CHECK-NEXT:   exec.data @"odd \22name" : tensor<2xi64> = {{.*}} at 48
  // CHECK-NEXT: }
  exec.constant_segment {
    exec.data @w : tensor<2x3xf32> = dense<[1.0, 2.0, 3.0, 4.0, 5.0, 6.0]>
    exec.data @"odd \22name" : tensor<2xi64> = dense<[7, 7]> at 48
  }
  // CHECK-NEXT: exec.mutable_segment size 32 {
  // CHECK-NEXT:   exec.data @state : tensor<2xf32> = {{.*}}
  exec.mutable_segment size 32 {
    exec.data @state : tensor<2xf32> = dense<0.0>
  }
  // CHECK:      exec.segment @blob : tensor<3xui8> = {{.*}} at 4096
  // CHECK-NEXT: exec.backend_data @inlined : tensor<1xui8> = {{.*}}
  // CHECK-NEXT: exec.named_data "key \"quoted\"" @blob
  exec.segment @blob : tensor<3xui8> = dense<[1, 2, 3]> at 4096
  exec.backend_data @inlined : tensor<1xui8> = dense<[9]>
  exec.named_data "key \"quoted\"" @blob

  // CHECK-NEXT: exec.plan @forward buffers [0, 4096] devices [1, 1, 0] container("[\"x\"]", none) {
  exec.plan @forward buffers [0, 4096] devices [1, 1, 0] container("[\"x\"]", none) {
    // CHECK-NEXT: %x = exec.tensor f32 [1, 3, 8, 8] dim_order [0, 2, 3, 1] dynamism bound alloc(1, 768)
    %x = exec.tensor f32 [1, 3, 8, 8] dim_order [0, 2, 3, 1] dynamism bound alloc(1, 768)
    // CHECK-NEXT: %w = exec.tensor f32 [2, 3] data @w requires_grad
    %w = exec.tensor f32 [2, 3] dim_order [0, 1] data @w requires_grad
    // CHECK-NEXT: %s = exec.tensor f32 [2] alloc(1, 16) data @state fqn "model.state"
    %s = exec.tensor f32 [2] alloc(1, 16) data @state fqn "model.state"
    // CHECK-NEXT: %e = exec.tensor bf16 [] fqn "scale" external
    %e = exec.tensor bf16 [] fqn "scale" external
    // CHECK-NEXT: %q = exec.tensor scalar_type(12) [4] device(1, 0) storage_offset 2 layout 1 buffer 3 mutable_segment 1 extra_info
    %q = exec.tensor scalar_type(12) [4] device(1, 0) storage_offset 2 layout 1 buffer 3 mutable_segment 1 extra_info
    // CHECK-NEXT: %v = exec.tensor f32 [192] view_of %x
    %v = exec.tensor f32 [192] view_of %x
    // CHECK-NEXT: %part = exec.tensor f32 [8] view_of %v at 64 requires_grad
    %part = exec.tensor f32 [8] view_of %v at 64 requires_grad
    // CHECK-NEXT: %first = exec.tensor f32 [8] view_of %v{{$}}
    %first = exec.tensor f32 [8] view_of %v at 0
    // CHECK-NEXT: %i = exec.int -9223372036854775808
    %i = exec.int -9223372036854775808
    // CHECK-NEXT: %no = exec.bool false
    %no = exec.bool false
    // CHECK-NEXT: %d = exec.double 1.0e-05
    %d = exec.double 1.0e-5
    // CHECK-NEXT: %inf = exec.double -inf
    %inf = exec.double -inf
    // CHECK-NEXT: %nan = exec.double bits 0x7ff8000000000001
    %nan = exec.double bits 0x7ff8000000000001
    // CHECK-NEXT: %str = exec.string "a \"b\" \\ \n\00"
    %str = exec.string "a \"b\" \\ \n\00"
    // CHECK-NEXT: %none = exec.null
    %none = exec.null
    // CHECK-NEXT: %is = exec.int_list(%i, %later)
    %is = exec.int_list(%i, %later)
    // CHECK-NEXT: %later = exec.int 3
    %later = exec.int 3
    // CHECK-NEXT: %bs = exec.bool_list [true, false]
    %bs = exec.bool_list [true, false]
    // CHECK-NEXT: %ds = exec.double_list [0.5, nan]
    %ds = exec.double_list [0.5, nan]
    // CHECK-NEXT: %ts = exec.tensor_list(%x, %w)
    %ts = exec.tensor_list(%x, %w)
    // CHECK-NEXT: %os = exec.optional_tensor_list(none, %x, none)
    %os = exec.optional_tensor_list(none, %x, none)
    // CHECK-NEXT: exec.inputs(%x)
    exec.inputs(%x)
    // CHECK-NEXT: exec.outputs(%x, %d)
    exec.outputs(%x, %d)
    // CHECK-NEXT: exec.operator "aten::add.out"
    exec.operator "aten::add.out"
    // CHECK-NEXT: exec.delegate @d0 "XnnpackBackend" segment @blob specs [#exec.spec<"level" = "\00\FFa">, #exec.spec<"mode" = "fast">]
    exec.delegate @d0 "XnnpackBackend" segment @blob specs [#exec.spec<"level" = "\00\FFa">, #exec.spec<"mode" = "fast">]
    // CHECK-NEXT: exec.delegate @d1 "Other" inline @inlined
    exec.delegate @d1 "Other" inline @inlined
    // CHECK-NEXT: exec.chain stacktrace {
    exec.chain stacktrace {
      // CHECK-NEXT: exec.inputs()
      exec.inputs()
      // CHECK-NEXT: exec.kernel "aten::add.out"(%x, %x, %i, %x, %x) stack [#exec.frame<"m.py":3, "forward", "x + x">]
      exec.kernel "aten::add.out"(%x, %x, %i, %x, %x) stack [#exec.frame<"m.py":3, "forward", "x + x">]
      // CHECK-NEXT: exec.kernel "aten::copy_"(%x, %x, %no, %x)
      exec.kernel "aten::copy_"(%x, %x, %no, %x)
      // CHECK-NEXT: exec.kernel "my.ops::f" overload "out"(%x)
      exec.kernel "my.ops::f" overload "out"(%x)
      // CHECK-NEXT: exec.kernel "aten::add.out" overload none(%x)
      exec.kernel "aten::add.out" overload none(%x)
      // CHECK-NEXT: exec.delegate_call @d0(%x, %v)
      exec.delegate_call @d0(%x, %v)
      // CHECK-NEXT: exec.jump_false %no to 7
      exec.jump_false %no to 7
      // CHECK-NEXT: exec.move %v -> %x
      exec.move %v -> %x
      // CHECK-NEXT: exec.free %v
      exec.free %v
    }
  }
}

// CHECK-LABEL: exec.program {
exec.program {
  // CHECK-NEXT: exec.constant_segment {
  // CHECK-NEXT: }
  exec.constant_segment {}
  // CHECK-NEXT: exec.plan @not_planned {
  exec.plan @not_planned {
    exec.inputs()
    exec.outputs()
    // CHECK: exec.chain {
    // CHECK-NEXT: }
    exec.chain {}
  }
}
