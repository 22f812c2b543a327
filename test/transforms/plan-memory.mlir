// RUN: etc-opt %s -p plan-memory --split-input-file | filecheck %s
// RUN: etc-opt %s -p 'plan-memory{inputs=false outputs=false alignment=64}' --split-input-file | filecheck %s --check-prefix=BARE
// RUN: etc-opt %s -p 'plan-memory{state-memory=1}' --split-input-file | filecheck %s --check-prefix=OWN

// A chain: the input dies at the first kernel, so the third tensor takes its bytes.
exec.program {
  exec.constant_segment {}
  exec.plan @chain {
    %x = exec.tensor f32 [8]
    %a = exec.tensor f32 [8]
    %b = exec.tensor f32 [8]
    %y = exec.tensor f32 [8]
    exec.inputs(%x)
    exec.outputs(%y)
    exec.chain {
      exec.kernel "aten::relu.out"(%x, %a, %a)
      exec.kernel "aten::relu.out"(%a, %b, %b)
      exec.kernel "aten::relu.out"(%b, %y, %y)
    }
  }
}

// CHECK-LABEL: exec.plan @chain buffers [0, 64]
// CHECK-NEXT:    %x = exec.tensor f32 [8] alloc(1, [[A:[0-9]+]])
// CHECK-NEXT:    %a = exec.tensor f32 [8] alloc(1, [[B:[0-9]+]])
// CHECK-NEXT:    %b = exec.tensor f32 [8] alloc(1, [[A]])
// CHECK-NEXT:    %y = exec.tensor f32 [8] alloc(1, [[B]])

// BARE-LABEL:  exec.plan @chain buffers [0, 128]
// BARE-NEXT:     %x = exec.tensor f32 [8]{{$}}
// BARE-NEXT:     %a = exec.tensor f32 [8] alloc(1, {{0|64}})
// BARE-NEXT:     %b = exec.tensor f32 [8] alloc(1, {{0|64}})
// BARE-NEXT:     %y = exec.tensor f32 [8]{{$}}

// -----

// A view lies where its base lies, a view of a constant reads the constant, and %a stays live while %v is used.
exec.program {
  exec.constant_segment {
    exec.data @w : tensor<4xf32> = dense<[1.0, 2.0, 3.0, 4.0]>
  }
  exec.plan @views {
    %w = exec.tensor f32 [4] data @w
    %wv = exec.tensor f32 [2, 2] view_of %w
    %x = exec.tensor f32 [4]
    %a = exec.tensor f32 [4]
    %v = exec.tensor f32 [2, 2] view_of %a
    %vv = exec.tensor f32 [4, 1] view_of %v
    %b = exec.tensor f32 [2, 2]
    %y = exec.tensor f32 [2, 2]
    exec.inputs(%x)
    exec.outputs(%y)
    exec.chain {
      exec.kernel "aten::relu.out"(%x, %a, %a)
      exec.kernel "aten::relu.out"(%wv, %b, %b)
      exec.kernel "aten::mm.out"(%b, %vv, %y, %y)
    }
  }
}

// CHECK-LABEL: exec.plan @views buffers [0, 48]
// CHECK-NEXT:    %w = exec.tensor f32 [4] data @w
// CHECK-NEXT:    %wv = exec.tensor f32 [2, 2] data @w
// CHECK-NEXT:    %x = exec.tensor f32 [4] alloc(1, {{[0-9]+}})
// CHECK-NEXT:    %a = exec.tensor f32 [4] alloc(1, [[A:[0-9]+]])
// CHECK-NEXT:    %v = exec.tensor f32 [2, 2] alloc(1, [[A]])
// CHECK-NEXT:    %vv = exec.tensor f32 [4, 1] alloc(1, [[A]])

// -----

// State outlives the run, whether it has an initial value, a name, or is read before it is written. With a memory of
// its own, it lies in the same place in both methods.
exec.program {
  exec.constant_segment {}
  exec.mutable_segment {
    exec.data @calls : tensor<4xf32> = dense<[0.0, 0.0, 0.0, 0.0]>
  }
  exec.plan @step {
    %cache = exec.tensor f32 [4] fqn "cache"
    %calls = exec.tensor f32 [4] data @calls
    %x = exec.tensor f32 [4]
    %a = exec.tensor f32 [4]
    %one = exec.int 1
    exec.inputs(%x)
    exec.outputs(%a)
    exec.chain {
      exec.kernel "aten::add.out"(%x, %calls, %one, %a, %a)
      exec.kernel "aten::copy_"(%calls, %a, %one, %calls)
      exec.kernel "aten::copy_"(%cache, %a, %one, %cache)
    }
  }
  exec.plan @last {
    %calls = exec.tensor f32 [4] data @calls
    %cache = exec.tensor f32 [4] fqn "cache"
    %old = exec.tensor f32 [4]
    %y = exec.tensor f32 [4]
    %one = exec.int 1
    exec.inputs()
    exec.outputs(%y)
    exec.chain {
      exec.kernel "aten::add.out"(%calls, %cache, %one, %y, %y)
      exec.kernel "aten::add.out"(%y, %old, %one, %y, %y)
      exec.kernel "aten::copy_"(%old, %y, %one, %old)
    }
  }
}

// OWN-LABEL: exec.plan @step buffers [0, 64]
// OWN-LABEL: exec.plan @last buffers [0, 64]

// CHECK-LABEL: exec.plan @step buffers [0, 32, 48]
// CHECK-NEXT:    %cache = exec.tensor f32 [4] alloc(2, [[CACHE:[0-9]+]]) fqn "cache"
// CHECK-NEXT:    %calls = exec.tensor f32 [4] alloc(2, [[CALLS:[0-9]+]]) data @calls
// CHECK-NEXT:    %x = exec.tensor f32 [4] alloc(1, {{0|16}})
// CHECK-LABEL: exec.plan @last buffers [0, 16, 48]
// CHECK-NEXT:    %{{.*}} = exec.tensor f32 [4] alloc(2, [[CALLS]]) data @calls
// CHECK-NEXT:    %{{.*}} = exec.tensor f32 [4] alloc(2, [[CACHE]]) fqn "cache"
// CHECK-NEXT:    %old = exec.tensor f32 [4] alloc(2, {{[0-9]+}})

// -----

// Another memory by request. Dynamic tensors are planned at their upper bound. What is planned already stays as it is.
exec.program {
  exec.constant_segment {}
  exec.plan @memories {
    %x = exec.tensor f32 [100] dynamism bound
    %y = exec.tensor f32 [100] dynamism bound {memory_id = 3 : i64}
    exec.inputs(%x)
    exec.outputs(%y)
    exec.chain {
      exec.kernel "aten::relu.out"(%x, %y, %y)
    }
  }
  exec.plan @planned buffers [0, 4096] {
    %x = exec.tensor f32 [4] alloc(1, 1024)
    exec.inputs(%x)
    exec.outputs(%x)
    exec.chain {}
  }
}

// CHECK-LABEL: exec.plan @memories buffers [0, 400, 0, 400]
// CHECK-NEXT:    %x = exec.tensor f32 [100] dynamism bound alloc(1, 0)
// CHECK-NEXT:    %y = exec.tensor f32 [100] dynamism bound alloc(3, 0){{$}}
// CHECK-LABEL: exec.plan @planned buffers [0, 4096]
// CHECK-NEXT:    %{{.*}} = exec.tensor f32 [4] alloc(1, 1024)

// -----

// Both branches give a handle of their result to %y, so both results live until %y is used.
exec.program {
  exec.constant_segment {}
  exec.plan @cond {
    %x = exec.tensor f32 [4]
    %p = exec.tensor i1 [1]
    %no = exec.bool false
    %t = exec.tensor f32 [4]
    %e = exec.tensor f32 [4]
    %y = exec.tensor f32 [4]
    %z = exec.tensor f32 [4]
    exec.inputs(%x, %p)
    exec.outputs(%z)
    exec.chain {
      exec.jump_false %p to 4
      exec.kernel "aten::relu.out"(%x, %t, %t)
      exec.move %t -> %y
      exec.jump_false %no to 6
      exec.kernel "aten::neg.out"(%x, %e, %e)
      exec.move %e -> %y
      exec.kernel "aten::neg.out"(%y, %z, %z)
    }
  }
}

// CHECK-LABEL: exec.plan @cond buffers [0, 48]
// CHECK:         %y = exec.tensor f32 [4]{{$}}
// CHECK-NEXT:    %z = exec.tensor f32 [4] alloc(1, {{[0-9]+}})

// -----

// %x and %n are used in the loop and defined before it: they survive the jump back although their last use comes before.
exec.program {
  exec.constant_segment {}
  exec.plan @loop {
    %x = exec.tensor f32 [4]
    %n = exec.tensor f32 [4]
    %a = exec.tensor f32 [4]
    %b = exec.tensor f32 [4]
    %done = exec.bool false
    %no = exec.bool false
    exec.inputs(%x)
    exec.outputs(%n)
    exec.chain {
      exec.kernel "aten::relu.out"(%x, %n, %n)
      exec.kernel "aten::neg.out"(%x, %a, %a)
      exec.kernel "aten::neg.out"(%a, %b, %b)
      exec.kernel "aten::add.out"(%b, %n, %no, %n, %n)
      exec.jump_false %done to 1
    }
  }
}

// CHECK-LABEL: exec.plan @loop buffers [0, 64]
