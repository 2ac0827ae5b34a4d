;; Returns an alert whose id is no UTF-8.
(core module $rule
  (import "host" "memory" (memory 1))
  (data (i32.const 100) "\ff\fe\80")
  (func (export "init") (param i32 i32) (result i32) (i32.const 0))
  (func (export "run") (result i32)
    (i32.store (i32.const 20) (i32.const 600))
    (i32.store (i32.const 24) (i32.const 1))
    (i32.store (i32.const 600) (i32.const 100))
    (i32.store (i32.const 604) (i32.const 3))
    (i32.const 16)))
