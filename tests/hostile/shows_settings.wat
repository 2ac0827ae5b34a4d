;; Fails with its settings as the reason.
(core module $rule
  (import "host" "memory" (memory 1))
  (func (export "init") (param i32 i32) (result i32)
    (i32.store8 (i32.const 300) (i32.const 1))
    (i32.store (i32.const 304) (local.get 0))
    (i32.store (i32.const 308) (local.get 1))
    (i32.const 300))
  (func (export "run") (result i32) (i32.const 0)))
