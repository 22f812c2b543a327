// What a run shows on standard error, while the program goes to standard output.
// RUN: etc-opt %s -p canonicalize,dce --print-ir-after-change 2>&1 | filecheck %s --check-prefix=CHANGE
// RUN: etc-opt %s -p canonicalize,cse --print-ir-after-all 2>&1 | filecheck %s --check-prefix=ALL
// RUN: etc-opt %s -p cse,canonicalize --time-passes 2>&1 | filecheck %s --check-prefix=TIME
// RUN: etc-opt %s -p square-to-sum,canonicalize --load %S/inputs/my_passes.py --explain 2>&1 | filecheck %s --check-prefix=EXPLAIN
// RUN: etc-opt %s -p canonicalize,cse --print-ir-after-all --time-passes --explain | filecheck %s --check-prefix=CLEAN
// RUN: etc-opt %s --print-debuginfo --print-op-generic | filecheck %s --check-prefix=GENERIC

// CHANGE:      --- before
// CHANGE-NEXT: +++ after canonicalize
// CHANGE:      -    %zero = arith.constant 0 : i32
// CHANGE-NEXT: -    %y = arith.addi %x, %zero : i32
// CHANGE-NEXT: -    %a = arith.muli %y, %x : i32
// CHANGE-NEXT: +    %a = arith.muli %x, %x : i32
// CHANGE:      // dce changed nothing

// ALL:       // ----- after canonicalize -----
// ALL-NEXT:  builtin.module {
// ALL:         %b = arith.muli %x, %x : i32
// ALL:       // ----- after cse -----
// ALL-NOT:     %b
// ALL:       builtin.module {

// TIME:      Pass times, total 0.{{[0-9]+}} s
// TIME-DAG:    0.{{[0-9]+}} s  {{ *[0-9.]+}}%  cse
// TIME-DAG:    0.{{[0-9]+}} s  {{ *[0-9.]+}}%  canonicalize

// EXPLAIN:      square-to-sum: square_to_sum: applied 1, declined 2
// EXPLAIN-NEXT:   arith.muli (model.py:5): the factors differ
// EXPLAIN-NEXT:   arith.muli: the factors differ
// EXPLAIN:      canonicalize: Fold: applied 1, declined 0

// CLEAN-NOT: after
// CLEAN-NOT: applied
// CLEAN-NOT: total
// CLEAN: builtin.module

// GENERIC: "func.func"() <{
// GENERIC: "arith.muli"(%y, %x) <{{.*}}> : (i32, i32) -> i32 loc("model.py":5:0)
func.func @f(%x: i32, %z: i32) -> i32 {
  %zero = arith.constant 0 : i32
  %y = arith.addi %x, %zero : i32
  %a = arith.muli %y, %x : i32 loc("model.py":5:0)
  %b = arith.muli %x, %x : i32
  %c = arith.muli %a, %z : i32
  %d = arith.addi %c, %b : i32
  func.return %d : i32
}
