// RUN: not etc-opt %s -p 'bound-sizes{bounds="length=512","lenght=3","batch=0"}' 2>&1 | filecheck %s
// RUN: not etc-opt %s -p 'bound-sizes{bounds="length"}' 2>&1 | filecheck %s --check-prefix=TEXT

// CHECK-DAG: the size length of method f cannot have this bound
// CHECK-DAG:   expected: a number in [2, 128]
// CHECK-DAG:   found: 512
// CHECK-DAG:   next: export the model with another range for this Dim
// CHECK-DAG: the size batch of method f cannot have this bound
// CHECK-DAG:   expected: a number in [1, inf]
// CHECK-DAG:   found: 0
// CHECK-DAG: there is no size lenght to bound
// CHECK-DAG:   next: did you mean length?

// TEXT: this bounds no size
// TEXT:   expected: NAME=NUMBER, such as length=512
// TEXT:   found: length
func.func @f() attributes {program.symbols = #program.symbols<length = [2, 128], batch = [1, inf]>} {
  func.return
}
