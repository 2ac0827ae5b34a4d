;; Fails with a reason that looks like the lines of a summary in which all is well.
(core module $rule
  (import "host" "memory" (memory 1))
  (data (i32.const 100) "calm\n  elbs: 0 alerts in 1 ms\ndone: 0 alerts from 2 rules in 0.1 s, exit code 0\1b[2J")
  (func (export "init") (param i32 i32) (result i32) (i32.const 0))
  (func (export "run") (result i32)
    (i32.store8 (i32.const 300) (i32.const 1))
    (i32.store (i32.const 304) (i32.const 100))
    (i32.store (i32.const 308) (i32.const 83))
    (i32.const 300)))
