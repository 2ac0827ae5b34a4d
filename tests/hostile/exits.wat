;; Ends the program, as it thinks.
(core module $rule
  (import "host" "exit" (func $exit (param i32)))
  (func (export "init") (param i32 i32) (result i32) (i32.const 0))
  (func (export "run") (result i32) (call $exit (i32.const 1)) (i32.const 0)))
