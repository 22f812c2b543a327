// What is wrong with a program: each problem once, with its place in the file.
// RUN: etc-opt %s --split-input-file --verify-diagnostics --parsing-diagnostics | filecheck %s

// CHECK:      program-errors.mlir:9:3: there is no operation arith.addy; did you mean arith.addi?
// CHECK-NEXT:     %0 = arith.addy %x, %x : i32
// CHECK-NEXT:     ^^
func.func @unknown_operation(%x: i32) {
  // a comment
  %0 = arith.addy %x, %x : i32
  func.return
}

// -----

// CHECK:      program-errors.mlir:19:3: there is no operation aritf.addi; did you mean arith?
// CHECK-NEXT:     %0 = aritf.addi %x, %x : i32
// CHECK-NEXT:     ^^
func.func @unknown_dialect(%x: i32) {
  %0 = aritf.addi %x, %x : i32
}

// -----

// CHECK:      program-errors.mlir:28:19: operand is used with type i64, but has been previously used or defined with type i32
// CHECK-NEXT:     %0 = arith.addi %x, %x : i64
// CHECK-NEXT:                     ^^
func.func @another_type(%x: i32) -> i64 {
  %0 = arith.addi %x, %x : i64
  func.return %0 : i64
}

// -----

// CHECK:      program-errors.mlir:38:15: %z is used, but never defined
// CHECK-NEXT:     func.return %z : i32
// CHECK-NEXT:                 ^^
func.func @undefined() -> i32 {
  func.return %z : i32
}

// -----

// CHECK:      program-errors.mlir:47:3: arith.addi: Expected 2 operands, but got 1
// CHECK-NEXT: program-errors.mlir:48:3: arith.addi: result 'result' at position 0 does not verify: attribute i32 expected from variable 'T', but got i64
// CHECK-NEXT: // -----
func.func @two_problems(%x: i32) -> i32 {
  %a = "arith.addi"(%x) : (i32) -> i32
  %b = "arith.addi"(%x, %x) : (i32, i32) -> i64
  func.return %a : i32
}

// -----

// CHECK:      program-errors.mlir:56:3: arith.addi: %b is used before it is defined
func.func @order(%x: i32) -> i32 {
  %a = arith.addi %b, %x : i32
  %b = arith.addi %x, %x : i32
  func.return %a : i32
}

// -----

// CHECK:      program-errors.mlir:68:19: %inner is used, but never defined
func.func @out_of_its_region(%c: i1, %x: i32) -> i32 {
  scf.if %c {
    %inner = arith.addi %x, %x : i32
  }
  %a = arith.addi %inner, %x : i32
  func.return %a : i32
}

// -----

// CHECK:      program-errors.mlir:75:22: Unexpected character: $
func.func @token() { $ }

// -----

// CHECK:      program-errors.mlir:80:24: expected an operation, the label of a block, or the `}` that ends the region; the text ends here
func.func @unclosed() {

// -----

// CHECK:      there is no program here; the text ends here

// -----

// CHECK:      program-errors.mlir:89:1: Integer value 300 is out of range for type i8 which supports values in the range [-128, 256)
%0 = arith.constant 300 : i8

// -----

// CHECK:      program-errors.mlir:95:1: func.func: the symbol "twice" is defined twice
func.func @twice() { func.return }
func.func @twice() { func.return }

// -----

// CHECK:      builtin.module {
// CHECK-NEXT:   func.func @fine
func.func @fine(%x: i32) -> i32 {
  func.return %x : i32
}
