;; Writes to its standard error for ever.
(core module $rule
  (import "host" "memory" (memory 1))
  (import "host" "get-stderr" (func $get-stderr (result i32)))
  (import "host" "write" (func $write (param i32 i32 i32 i32)))
  (func (export "init") (param i32 i32) (result i32) (i32.const 0))
  (func (export "run") (result i32) (local $stderr i32)
    (local.set $stderr (call $get-stderr))
    (loop $again
      (call $write (local.get $stderr) (i32.const 1000) (i32.const 4096) (i32.const 200))
      (br $again))
    (unreachable)))
