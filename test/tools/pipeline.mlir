// RUN: etc-opt %s -p verify-stage{stage=exec} --verify-diagnostics --split-input-file | filecheck %s

// CHECK: stage "exec": arith.constant is not allowed here
// CHECK: stage "exec": func.func is not allowed here; run edge-to-exec
%0 = arith.constant 1 : i32
func.func private @f()
