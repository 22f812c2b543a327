// RUN: etc-opt %s -p compute-in-place --split-input-file | filecheck %s

// A chain after a convolution needs no storage but the convolution's result. The output stays by itself.
exec.program {
  exec.constant_segment {}
  exec.plan @chain {
    %x = exec.tensor f32 [8]
    %a = exec.tensor f32 [4]
    %b = exec.tensor f32 [4]
    %c = exec.tensor f32 [4]
    %d = exec.tensor f32 [4]
    %y = exec.tensor f32 [4]
    exec.inputs(%x)
    exec.outputs(%y)
    exec.chain {
      exec.kernel "aten::linear.out"(%x, %a, %a)
      exec.kernel "aten::relu.out"(%a, %b, %b)
      exec.kernel "aten::mul.out"(%b, %b, %c, %c)
      exec.kernel "aten::softmax.out"(%c, %d, %d)
      exec.kernel "aten::relu.out"(%d, %y, %y)
    }
  }
}

// CHECK-LABEL: @chain
// CHECK:         %a = exec.tensor f32 [4]{{$}}
// CHECK-NEXT:    %b = exec.tensor f32 [4] view_of %a
// CHECK-NEXT:    %c = exec.tensor f32 [4] view_of %a
// CHECK-NEXT:    %d = exec.tensor f32 [4]{{$}}
// CHECK-NEXT:    %y = exec.tensor f32 [4]{{$}}

// -----

// %a is used again, so that the sum goes over %b; %c is smaller than the sum; %d is of another type than the comparison;
// %e is added to itself transposed, of which the view %t is read in another order than the result is written.
exec.program {
  exec.constant_segment {}
  exec.plan @keeps {
    %x = exec.tensor f32 [2, 2]
    %a = exec.tensor f32 [2, 2]
    %b = exec.tensor f32 [2, 2]
    %sum = exec.tensor f32 [2, 2]
    %c = exec.tensor f32 [1, 2]
    %wide = exec.tensor f32 [2, 2]
    %d = exec.tensor i32 [2, 2]
    %less = exec.tensor f32 [2, 2]
    %e = exec.tensor f32 [2, 2]
    %t = exec.tensor f32 [2, 2] view_of %e dim_order [1, 0]
    %both = exec.tensor f32 [2, 2]
    %y = exec.tensor f32 [2, 2]
    %one = exec.int 1
    exec.inputs(%x)
    exec.outputs(%y)
    exec.chain {
      exec.kernel "aten::linear.out"(%x, %a, %a)
      exec.kernel "aten::linear.out"(%x, %b, %b)
      exec.kernel "aten::add.out"(%a, %b, %one, %sum, %sum)
      exec.kernel "aten::linear.out"(%a, %c, %c)
      exec.kernel "aten::add.out"(%c, %x, %one, %wide, %wide)
      exec.kernel "aten::linear.out"(%wide, %d, %d)
      exec.kernel "aten::lt.Tensor_out"(%d, %sum, %less, %less)
      exec.kernel "aten::linear.out"(%less, %e, %e)
      exec.kernel "aten::add.out"(%e, %t, %one, %both, %both)
      exec.kernel "aten::linear.out"(%both, %y, %y)
    }
  }
}

// CHECK-LABEL: @keeps
// CHECK:         %sum = exec.tensor f32 [2, 2] view_of %b
// CHECK-NEXT:    %c = exec.tensor f32 [1, 2]{{$}}
// CHECK-NEXT:    %wide = exec.tensor f32 [2, 2]{{$}}
// CHECK-NEXT:    %d = exec.tensor i32 [2, 2]{{$}}
// CHECK-NEXT:    %less = exec.tensor f32 [2, 2] view_of %b
// CHECK-NEXT:    %e = exec.tensor f32 [2, 2]{{$}}
// CHECK-NEXT:    %t = exec.tensor f32 [2, 2] view_of %e
// CHECK-NEXT:    %both = exec.tensor f32 [2, 2]{{$}}

// -----

// State, constants and inputs keep their contents; %a is needed in the next round of the loop.
exec.program {
  exec.constant_segment {
    exec.data @w : tensor<4xf32> = dense<1.0>
  }
  exec.plan @others {
    %x = exec.tensor f32 [4]
    %w = exec.tensor f32 [4] data @w
    %s = exec.tensor f32 [4] fqn "state"
    %a = exec.tensor f32 [4]
    %r = exec.tensor f32 [4]
    %q = exec.tensor f32 [4]
    %y = exec.tensor f32 [4]
    %p = exec.tensor i1 [1]
    exec.inputs(%x, %p)
    exec.outputs(%y)
    exec.chain {
      exec.kernel "aten::linear.out"(%x, %a, %a)
      exec.kernel "aten::mul.out"(%w, %s, %r, %r)
      exec.kernel "aten::mul.out"(%x, %a, %q, %q)
      exec.kernel "aten::linear.out"(%q, %r, %y, %y)
      exec.jump_false %p to 1
    }
  }
}

// CHECK-LABEL: @others
// CHECK-NOT:     view_of
