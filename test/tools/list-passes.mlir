// RUN: etc-opt --list-passes --load %S/inputs/my_passes.py | filecheck %s --match-full-lines

// CHECK:      Simplification:
// CHECK:        canonicalize                Fold operations and bring them to their usual form.
// CHECK:      Checks:
// CHECK:        verify-stage                Check that the program holds only operations of a stage (autograd-safe, aten, core-aten, edge, exec).
// CHECK-NEXT:       stage: str (required)
// CHECK:      Loaded:
// CHECK:        failing                     Fail.
// CHECK:        square-to-sum               Turn squares into sums, which is wrong except for 0 and 2.
// CHECK-NEXT:       limit: int = 3
// CHECK-NEXT:       sizes: tuple[int, ...] = 1,2
// CHECK-NEXT:       fast: bool = false
