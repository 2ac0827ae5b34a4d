;; Logs a line that goes on as a line of another rule.
(core module $rule
  (import "host" "memory" (memory 1))
  (import "host" "log" (func $log (param i32 i32 i32)))
  (data (i32.const 100) "\n2026-01-01T00:00:00Z ERROR rule=elbs forged\1b[2J")
  (func (export "init") (param i32 i32) (result i32) (i32.const 0))
  (func (export "run") (result i32)
    (call $log (i32.const 3) (i32.const 100) (i32.const 48))
    (i32.const 0)))
