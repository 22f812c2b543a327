// RUN: etc-opt %s --split-input-file --verify-diagnostics --parsing-diagnostics | filecheck %s

// CHECK: exec.int_list: item must be a value of kind int, found tensor
exec.program {
  exec.plan @f {
    %x = exec.tensor f32 [2]
    %l = exec.int_list(%x)
    exec.inputs()
    exec.outputs()
    exec.chain {}
  }
}

// -----

// CHECK: exec.tensor_list: item 1 must be a value of kind tensor, found int
exec.program {
  exec.plan @f {
    %x = exec.int 1
    %l = exec.tensor_list(%y, %x)
    %y = exec.tensor f32 [2]
    exec.inputs()
    exec.outputs()
    exec.chain {}
  }
}

// -----

// CHECK: exec.optional_tensor_list: item must be a value of kind tensor, found null
exec.program {
  exec.plan @f {
    %x = exec.null
    %l = exec.optional_tensor_list(none, %x)
    exec.inputs()
    exec.outputs()
    exec.chain {}
  }
}

// -----

// CHECK: exec.tensor: a .pte file cannot hold elements of type i3
exec.program {
  exec.plan @f {
    %x = exec.tensor i3 [2]
    exec.inputs()
    exec.outputs()
    exec.chain {}
  }
}

// -----

// CHECK: exec.tensor: every size must be in 0 … 2147483647, found [2, -1]
exec.program {
  exec.plan @f {
    %x = exec.tensor f32 [2, -1]
    exec.inputs()
    exec.outputs()
    exec.chain {}
  }
}

// -----

// CHECK: exec.tensor: the runtime takes at most rank 16, found rank 17
exec.program {
  exec.plan @f {
    %x = exec.tensor f32 [1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1]
    exec.inputs()
    exec.outputs()
    exec.chain {}
  }
}

// -----

// CHECK: exec.tensor: dim_order must name each of the 2 dimensions once, found [0, 0]
exec.program {
  exec.plan @f {
    %x = exec.tensor f32 [2, 3] dim_order [0, 0]
    exec.inputs()
    exec.outputs()
    exec.chain {}
  }
}

// -----

// CHECK: exec.tensor: dynamism must be bound or unbound, found often
exec.program {
  exec.plan @f {
    %x = exec.tensor f32 [2, 3] dynamism often
    exec.inputs()
    exec.outputs()
    exec.chain {}
  }
}

// -----

// CHECK: exec.tensor: alloc must be a memory id from 1 up and an offset from 0 up, found (0, 16)
exec.program {
  exec.plan @f {
    %x = exec.tensor f32 [2] alloc(0, 16)
    exec.inputs()
    exec.outputs()
    exec.chain {}
  }
}

// -----

// CHECK: exec.tensor: alloc must be a memory id from 1 up and an offset from 0 up, found (1, -16)
exec.program {
  exec.plan @f {
    %x = exec.tensor f32 [2] alloc(1, -16)
    exec.inputs()
    exec.outputs()
    exec.chain {}
  }
}

// -----

// CHECK: exec.tensor: an external tensor is found by its name, so it needs an fqn
exec.program {
  exec.plan @f {
    %x = exec.tensor f32 [2] external
    exec.inputs()
    exec.outputs()
    exec.chain {}
  }
}

// -----

// CHECK: exec.tensor: view_of must be a value of kind tensor, found int
exec.program {
  exec.plan @f {
    %x = exec.int 1
    %y = exec.tensor f32 [2] view_of %x
    exec.inputs()
    exec.outputs()
    exec.chain {}
  }
}

// -----

// CHECK: exec.tensor: only a view has an offset in its base, and that is not negative
exec.program {
  exec.plan @f {
    %x = exec.tensor f32 [2]
    %y = exec.tensor f32 [2] view_of %x at -4
    exec.inputs()
    exec.outputs()
    exec.chain {}
  }
}

// -----

// CHECK: exec.tensor: a view has its base's place, so it cannot have an alloc too
exec.program {
  exec.plan @f {
    %x = exec.tensor f32 [2]
    %y = exec.tensor f32 [2] view_of %x alloc(1, 0)
    exec.inputs()
    exec.outputs()
    exec.chain {}
  }
}

// -----

// CHECK: exec.plan @f: value 0 is in memory 2, but the plan has memories 1 … 1
exec.program {
  exec.plan @f buffers [0, 64] {
    %x = exec.tensor f32 [2] alloc(2, 0)
    exec.inputs()
    exec.outputs()
    exec.chain {}
  }
}

// -----

// CHECK: exec.plan @f: value 1 ends at byte 80 of memory 1, which has 64 bytes
exec.program {
  exec.plan @f buffers [0, 64] {
    %x = exec.tensor f32 [2]
    %y = exec.tensor f32 [16] alloc(1, 16)
    exec.inputs()
    exec.outputs()
    exec.chain {}
  }
}

// -----

// CHECK: exec.plan @f: devices must be triples of buffer, device type and device index
exec.program {
  exec.plan @f devices [1, 0] {
    exec.inputs()
    exec.outputs()
    exec.chain {}
  }
}

// -----

// CHECK: exec.plan @f: container must be a spec of the inputs and one of the outputs
exec.program {
  exec.plan @f container("x") {
    exec.inputs()
    exec.outputs()
    exec.chain {}
  }
}

// -----

// CHECK: exec.chain: exec.jump_false: the chain has 1 instructions, so a jump may go to 0 … 1, found 2
exec.program {
  exec.plan @f {
    %c = exec.bool true
    exec.inputs()
    exec.outputs()
    exec.chain {
      exec.jump_false %c to 2
    }
  }
}

// -----

// CHECK: exec.jump_false: condition must be a value of kind bool or tensor, found int
exec.program {
  exec.plan @f {
    %c = exec.int 1
    exec.inputs()
    exec.outputs()
    exec.chain {
      exec.jump_false %c to 0
    }
  }
}

// -----

// CHECK: exec.free: value must be a value of kind tensor, found int
exec.program {
  exec.plan @f {
    %c = exec.int 1
    exec.inputs()
    exec.outputs()
    exec.chain {
      exec.free %c
    }
  }
}

// -----

// CHECK: exec.kernel: aten::sym_size.int takes 3 arguments, found 2
exec.program {
  exec.plan @f {
    %c = exec.int 1
    exec.inputs()
    exec.outputs()
    exec.chain {
      exec.kernel "aten::sym_size.int"(%c, %c)
    }
  }
}

// -----

// CHECK: exec.kernel: aten::relu.out has no arguments; its result at least must be one
exec.program {
  exec.plan @f {
    exec.inputs()
    exec.outputs()
    exec.chain {
      exec.kernel "aten::relu.out"()
    }
  }
}

// -----

// CHECK: exec.plan @f: there is no exec.delegate @gone
exec.program {
  exec.plan @f {
    exec.inputs()
    exec.outputs()
    exec.chain {
      exec.delegate_call @gone()
    }
  }
}

// -----

// CHECK: exec.chain: an instruction has a stack, so the chain must say `stacktrace`
exec.program {
  exec.plan @f {
    exec.inputs()
    exec.outputs()
    %c = exec.int 1
    exec.chain {
      exec.kernel "a::b"(%c) stack []
    }
  }
}

// -----

// CHECK: exec.plan must hold an exec.chain, found none
exec.program {
  exec.plan @f {
    exec.inputs()
    exec.outputs()
  }
}

// -----

// CHECK: exec.plan may hold one exec.inputs, found 2
exec.program {
  exec.plan @f {
    exec.inputs()
    exec.inputs()
    exec.outputs()
    exec.chain {}
  }
}

// -----

// CHECK: exec.plan cannot hold exec.plan
// CHECK: exec.plan must hold an exec.inputs, found none
exec.program {
  exec.plan @f {
    exec.plan @g {}
  }
}

// -----

// CHECK: exec.program: the name @f is given twice
exec.program {
  exec.plan @f {
    exec.inputs()
    exec.outputs()
    exec.chain {}
  }
  exec.plan @f {
    exec.inputs()
    exec.outputs()
    exec.chain {}
  }
}

// -----

// CHECK: exec.program: exec.named_data: "k" refers to @gone, but there is no such exec.segment
exec.program {
  exec.named_data "k" @gone
}

// -----

// CHECK: exec.program: exec.delegate: @d refers to @gone, but there is no such exec.segment
exec.program {
  exec.plan @f {
    exec.inputs()
    exec.outputs()
    exec.delegate @d "X" segment @gone
    exec.chain {}
  }
}

// -----

// CHECK: exec.program: exec.delegate: @d refers to @gone, but there is no such exec.backend_data
exec.program {
  exec.plan @f {
    exec.inputs()
    exec.outputs()
    exec.delegate @d "X" inline @gone
    exec.chain {}
  }
}

// -----

// CHECK: exec.delegate: give either segment or inline, to say where the backend's bytes are
exec.program {
  exec.plan @f {
    exec.inputs()
    exec.outputs()
    exec.delegate @d "X"
    exec.chain {}
  }
}

// -----

// CHECK: exec.program: exec.tensor: value 0 of method @f refers to @gone, but there is no such exec.data
exec.program {
  exec.plan @f {
    %x = exec.tensor f32 [2] data @gone
    exec.inputs()
    exec.outputs()
    exec.chain {}
  }
}

// -----

// CHECK: exec.program: exec.tensor: value 0 of method @f takes 16 bytes, @w has 8
exec.program {
  exec.constant_segment {
    exec.data @w : tensor<2xf32> = dense<0.0>
  }
  exec.plan @f {
    %x = exec.tensor f32 [4] data @w
    exec.inputs()
    exec.outputs()
    exec.chain {}
  }
}

// -----

// CHECK: exec.program: exec.tensor: @w is in the constant segment, so value 0 of method @f is read in place and cannot have an alloc
exec.program {
  exec.constant_segment {
    exec.data @w : tensor<2xf32> = dense<0.0>
  }
  exec.plan @f {
    %x = exec.tensor f32 [2] alloc(1, 0) data @w
    exec.inputs()
    exec.outputs()
    exec.chain {}
  }
}

// -----

// CHECK: exec.program: the name @w is given twice
exec.program {
  exec.constant_segment {
    exec.data @w : tensor<2xf32> = dense<0.0>
    exec.data @w : tensor<2xf32> = dense<1.0>
  }
}

// -----

// CHECK: exec.program may hold one exec.constant_segment, found 2
exec.program {
  exec.constant_segment {}
  exec.constant_segment {}
}

// -----

// CHECK: exec.constant_segment holds exec.data ops only, found exec.segment
exec.program {
  exec.constant_segment {
    exec.segment @w : tensor<2xf32> = dense<0.0>
  }
}

// -----

// CHECK: exec.program: alignment must be a power of two, found 24
exec.program alignment 24 {
  exec.plan @f {
    exec.inputs()
    exec.outputs()
    exec.chain {}
  }
}

// -----

// CHECK: exec.program: empty may name constant_buffer, backend_delegate_data, segments, constant_segment, mutable_data_segments, named_data, found "execution_plan"
exec.program empty ["execution_plan"] {
  exec.plan @f {
    exec.inputs()
    exec.outputs()
    exec.chain {}
  }
}

// -----

// CHECK: `alloc` is given twice
exec.program {
  exec.plan @f {
    %x = exec.tensor f32 [2] alloc(1, 0) alloc(1, 0)
    exec.inputs()
    exec.outputs()
    exec.chain {}
  }
}

// -----

// CHECK: 9223372036854775808 does not fit 64 bits
exec.program {
  exec.plan @f {
    %x = exec.int 9223372036854775808
    exec.inputs()
    exec.outputs()
    exec.chain {}
  }
}

// -----

// CHECK: expected a tensor type of known size, found tensor<?xf32>
exec.program {
  exec.constant_segment {
    exec.data @w : tensor<?xf32> = dense<0.0>
  }
}

// -----

// CHECK: the number of elements does not fit the constant's type; expected 2 elements for tensor<2xf32>; found 3 elements
exec.program {
  exec.constant_segment {
    exec.data @w : tensor<2xf32> = dense<[0.0, 1.0, 2.0]>
  }
}
