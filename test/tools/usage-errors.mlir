// Mistakes in the command line: what is wrong, and what was probably meant.
// RUN: not etc-opt %s -p canonicalise 2>&1 | filecheck %s --check-prefix=PASS --match-full-lines
// PASS:      etc-opt: error: there is no pass "canonicalise"
// PASS-NEXT:   next: did you mean canonicalize?

// RUN: not etc-opt %s -p zzz 2>&1 | filecheck %s --check-prefix=FAR
// FAR:      etc-opt: error: there is no pass "zzz"
// FAR-NEXT:   next: known names: {{.*}}aten-to-edge, {{.*}}canonicalize, {{.*}}verify-stage

// RUN: not etc-opt %s -p 'verify-stage{stag=edge}' 2>&1 | filecheck %s --check-prefix=OPTION --match-full-lines
// OPTION:      etc-opt: error: pass verify-stage has no option "stag"
// OPTION-NEXT:   next: did you mean stage?

// RUN: not etc-opt %s -p 'cse{fast=true}' 2>&1 | filecheck %s --check-prefix=NO-OPTIONS --match-full-lines
// NO-OPTIONS:      etc-opt: error: pass cse has no option "fast"
// NO-OPTIONS-NEXT:   next: it has no options

// RUN: not etc-opt %s -p 'verify-stage' 2>&1 | filecheck %s --check-prefix=MISSING --match-full-lines
// MISSING:      etc-opt: error: pass verify-stage needs a value for its option "stage"
// MISSING-NEXT:   next: write verify-stage{stage=…}

// RUN: not etc-opt %s -p 'verify-stage{stage=3}' 2>&1 | filecheck %s --check-prefix=TYPE --match-full-lines
// TYPE:      etc-opt: error: option "stage" of pass verify-stage has a wrong value
// TYPE-NEXT:   expected: str
// TYPE-NEXT:   found: 3

// RUN: not etc-opt %s -p 'square-to-sum{sizes=1,true,x}' --load %S/inputs/my_passes.py 2>&1 | filecheck %s --check-prefix=LIST --match-full-lines
// LIST:      etc-opt: error: option "sizes" of pass square-to-sum has a wrong value
// LIST-NEXT:   expected: tuple[int, ...]
// LIST-NEXT:   found: 1,true,x

// RUN: not etc-opt %s -p 'cse{' 2>&1 | filecheck %s --check-prefix=SYNTAX --match-full-lines
// SYNTAX:      etc-opt: error: this is not a pipeline: Expected argument name here
// SYNTAX-NEXT:   cse{
// SYNTAX-NEXT:       ^
// SYNTAX-NEXT:   expected: name,name{option=value …},…

// RUN: not etc-opt --split-input-file model.pte 2>&1 | filecheck %s --check-prefix=SPLIT --match-full-lines
// SPLIT: etc-opt: error: model.pte: only text can be split

// RUN: not etc-opt %s --split-input-file -t pte 2>&1 | filecheck %s --check-prefix=SPLIT-PTE --match-full-lines
// SPLIT-PTE: etc-opt: error: a .pte holds one program; --split-input-file makes several

// RUN: not etc-opt %s --pases cse 2>&1 | filecheck %s --check-prefix=UNKNOWN --match-full-lines
// UNKNOWN:      etc-opt: error: there is no option --pases
// UNKNOWN-NEXT:   next: did you mean --passes?

// RUN: not etc-opt %s --load %S/inputs/same_name.py -p cse 2>&1 | filecheck %s --check-prefix=TWICE --match-full-lines
// TWICE:      etc-opt: error: {{.*}}same_name.py: there is another pass "cse"
// TWICE-NEXT:   found: one of the compiler's own
// TWICE-NEXT:   next: give the pass in this file a name of its own

// RUN: not etc-opt '' 2>&1 | filecheck %s --check-prefix=EMPTY --match-full-lines
// EMPTY: etc-opt: error: the name of a file is empty

// RUN: not etc-opt %s -p plan-memory 2>&1 | filecheck %s --check-prefix=STAGE --match-full-lines
// STAGE: etc-opt: error: stage "exec": func.func is not allowed here; run edge-to-exec
func.func @f() {
  func.return
}
