;; Returns a list of alerts that reaches beyond its memory.
(core module $rule
  (import "host" "memory" (memory 1))
  (func (export "init") (param i32 i32) (result i32) (i32.const 0))
  (func (export "run") (result i32)
    (i32.store (i32.const 20) (i32.const 4096))
    (i32.store (i32.const 24) (i32.const 0x7fffffff))
    (i32.const 16)))
