;; Says that its result lies outside its memory.
(core module $rule
  (import "host" "memory" (memory 1))
  (func (export "init") (param i32 i32) (result i32) (i32.const 0))
  (func (export "run") (result i32) (i32.const 0x7ffffff0)))
