;; Logs with a level that there is not.
(core module $rule
  (import "host" "log" (func $log (param i32 i32 i32)))
  (func (export "init") (param i32 i32) (result i32) (i32.const 0))
  (func (export "run") (result i32)
    (call $log (i32.const 99) (i32.const 0) (i32.const 1))
    (i32.const 0)))
