;; Writes to a handle that it was never given.
(core module $rule
  (import "host" "memory" (memory 1))
  (import "host" "write" (func $write (param i32 i32 i32 i32)))
  (func (export "init") (param i32 i32) (result i32) (i32.const 0))
  (func (export "run") (result i32)
    (call $write (i32.const 7) (i32.const 1000) (i32.const 1) (i32.const 200))
    (i32.const 0)))
