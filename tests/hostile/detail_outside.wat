;; Returns an alert with a detail that is neither text nor fields.
(core module $rule
  (import "host" "memory" (memory 1))
  (data (i32.const 100) "i-1")
  (func (export "init") (param i32 i32) (result i32) (i32.const 0))
  (func (export "run") (result i32)
    (i32.store (i32.const 20) (i32.const 600))
    (i32.store (i32.const 24) (i32.const 1))
    (i32.store (i32.const 600) (i32.const 100))
    (i32.store (i32.const 604) (i32.const 3))
    (i32.store (i32.const 620) (i32.const 500))
    (i32.store (i32.const 624) (i32.const 1))
    (i32.store8 (i32.const 500) (i32.const 7))
    (i32.const 16)))
