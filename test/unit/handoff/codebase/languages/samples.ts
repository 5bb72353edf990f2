import type { Sample } from './sample.js';
import { scriptSamples } from './scriptSamples.js';

export const samples: Readonly<Record<string, Sample>> = {
  ...scriptSamples,
  python: {
    source: `import os, a.b as c
from ..x import y
from p.q import *
class A:
  """A text, and no comment."""
  def m(self):
    # if
    if a and b or c: pass
    elif d: pass

    for x in y: pass
    while z:
      try: pass
      except E: pass
    q = 1 if a else [i for i in j if k]
    match x:
      case 1: pass
      case _: pass
async def f(): return "# no"
`,
    functions: ['m', 'f'],
    classes: ['A'],
    imports: ['os', 'a.b', '..x', 'p.q'],
    dependencies: ['os', 'a', 'p'],
    complexity: 1 + 4 + 1 + 1 + 1 + 3 + 2,
    lines: [19, 17, 1, 1],
  },
  go: {
    source: `package main
import (
  f "fmt"
  "example.org/x/y"
)
type A struct{}
type I interface{ M() }
func (a *A) M() { /* c */ }
// c
func F() { for { if a && b || c { } }
  switch x { case 1: default: }
  switch x.(type) { case int: }
  select { case <-c: } }
`,
    functions: ['M', 'F'],
    classes: ['A', 'I'],
    imports: ['fmt', 'example.org/x/y'],
    dependencies: ['fmt', 'example.org/x/y'],
    complexity: 1 + 1 + 3 + 1 + 1 + 1,
    lines: [13, 12, 1, 0],
  },
  java: {
    source: `import java.util.List;
import static org.x.Y.*;
import com.z.*;
class A { A() {} void m() { for (;;) {} for (int x : y) {} while (a) {} do {} while (b);
  switch (x) { case 1: break; default: }
  int q = a && b ? 1 : 2; try {} catch (E e) {} int r = switch (x) { case 2 -> 1; default -> 0; }; } }
interface I {} enum E {} record R(int a) {} @interface N {}
// c
/** d */
`,
    functions: ['A', 'm'],
    classes: ['A', 'I', 'E', 'R', 'N'],
    imports: ['java.util.List', 'org.x.Y', 'com.z'],
    dependencies: ['java.util', 'org.x', 'com.z'],
    complexity: 1 + 4 + 1 + 2 + 1 + 1,
    lines: [9, 7, 2, 0],
  },
  csharp: {
    source: `using System.Text;
using X = A.B;
using C;
namespace N { class A { A() {} ~A() {} void M() { foreach (var x in y) {} while (a || b) {}
  switch (x) { case 1: break; default: break; } var z = x switch { 1 => 2, _ => 3 };
  var t = a ? b : c ?? d; if (p is 1 or 2) {} try {} catch (E) {} void L() {} } }
  struct S {} interface I {} enum E {} record R(int a); }
// c
`,
    functions: ['A', 'A', 'M', 'L'],
    classes: ['A', 'S', 'I', 'E', 'R'],
    imports: ['System.Text', 'A.B', 'C'],
    dependencies: ['System.Text', 'A.B', 'C'],
    complexity: 1 + 1 + 2 + 1 + 2 + 2 + 2 + 1,
    lines: [8, 7, 1, 0],
  },
  cpp: {
    source: `#include <vector>
#include "ours.h"
#ifdef X
#endif
namespace n { class A { public: A(); ~A() {} int m() const { return 1; } bool operator==(int) { return true; } };
struct S {}; struct Mentioned; union U {}; enum class E {};
template <class T> T f(T&& a) { if (a && b || c) {} for (auto& x : y) {} do {} while (0);
  switch (x) { case 1: default: ; } try {} catch (...) {} return a ? b : c; } }
int *g() { return nullptr; } int &r() { return x; }
int A::h() { while (1) {} for (;;) {} } // c
/* c */
`,
    functions: ['~A', 'm', 'operator==', 'f', 'g', 'r', 'A::h'],
    classes: ['A', 'S', 'U', 'E'],
    imports: ['<vector>', 'ours.h'],
    dependencies: ['vector'],
    complexity: 1 + 1 + 3 + 1 + 1 + 1 + 1 + 1 + 2,
    lines: [11, 10, 1, 0],
  },
  c: {
    source:
      '#include <stdio.h>\nstruct p { int x; };\nstatic int (*pick(void))(int) { return 0; }\nint main(void) { return p && q ? 0 : 1; }\n',
    functions: ['pick', 'main'],
    classes: ['p'],
    imports: ['<stdio.h>'],
    dependencies: ['stdio.h'],
    complexity: 3,
    lines: [4, 4, 0, 0],
  },
  rust: {
    source: `use std::io;
use crate::a::{b, c as d};
extern crate foo;
fn f(x: &&str) { if a && b {} else if let Some(x) = y {} for x in y {} while a {} loop {}
  match z { 1 => 2, _ => 3 }; a?; let o = || 1; }
struct S; enum E {} trait T { fn sig(&self); } impl T for S { fn sig(&self) {} } union U { a: u8 }
/// doc
/* d */
`,
    functions: ['f', 'sig', 'sig'],
    classes: ['S', 'E', 'T', 'U'],
    imports: ['std::io', 'crate::a::{b, c as d}', 'foo'],
    dependencies: ['std', 'foo'],
    complexity: 1 + 3 + 3 + 2 + 1,
    lines: [8, 6, 2, 0],
  },
  php: {
    source: `<?php
use A\\B;
use C\\{D, E as F};
require_once "x.php";
class K { function m() { foreach ($a as $b) {} switch ($x) { case 1: default: } $m = match ($x) { 1 => 2, default => 3 }; } }
interface I {} trait T {} enum E {}
function f() { if ($a && $b) {} elseif ($b) {} while (1) {} try {} catch (E $e) {} return $a ?: $b ?? $c; }
// c
# d
`,
    functions: ['m', 'f'],
    classes: ['K', 'I', 'T', 'E'],
    imports: ['A\\B', 'C', 'x.php'],
    dependencies: ['A', 'C'],
    complexity: 1 + 3 + 3 + 2 + 2,
    lines: [9, 7, 2, 0],
  },
  ruby: {
    source: `require "json/add"
require_relative "./a"
module M
class A < B
def m; if a && b then 1 end; unless x; end; x if y; case k when 1 then 2 else 3 end; begin; rescue E; end; a ? b : c; end
def self.s; end
end
end
# c
=begin
d
=end
`,
    functions: ['m', 's'],
    classes: ['M', 'A'],
    imports: ['json/add', './a'],
    dependencies: ['json'],
    complexity: 1 + 2 + 1 + 1 + 1 + 1 + 1,
    lines: [12, 8, 4, 0],
  },
  bash: {
    source: `#!/bin/bash
source ./a.sh
. "b.sh"
f() { if a && b; then :; elif c; then :; fi; for x in y; do :; done; case $x in a) ;; esac; }
function g { while a; do :; done; a || b; }
# c
echo "# no"
`,
    functions: ['f', 'g'],
    classes: [],
    imports: ['./a.sh', 'b.sh'],
    dependencies: [],
    complexity: 1 + 3 + 1 + 1 + 1 + 1,
    lines: [7, 5, 2, 0],
  },
  powershell: {
    source: `Import-Module Bar
function F { if ($a -and $b) {} elseif ($c) {} foreach ($x in $y) {} while ($a) {} try {} catch {} }
class A { [int] M() { return 1 } }
enum E { A }
# c
<# d #>
`,
    functions: ['F', 'M'],
    classes: ['A', 'E'],
    imports: ['Bar'],
    dependencies: ['Bar'],
    complexity: 1 + 3 + 1 + 1 + 1,
    lines: [6, 4, 2, 0],
  },
  css: {
    source: '@import "a.css";\n@import url(b.css);\n/* c */\n.a { content: "/* no */"; }\n',
    functions: [],
    classes: [],
    imports: ['a.css', 'b.css'],
    dependencies: [],
    complexity: 1,
    lines: [4, 3, 1, 0],
  },
  ini: { source: '; c\n# d\n[s]\na=b\n', functions: [], classes: [], imports: [], dependencies: [], complexity: 1, lines: [4, 2, 2, 0] },
};
