;; Sleeps for an hour, by waiting for the first of a list of timers.
(core module $rule
  (import "host" "memory" (memory 1))
  (import "host" "subscribe" (func $subscribe (param i64) (result i32)))
  (import "host" "poll" (func $poll (param i32 i32 i32)))
  (func (export "init") (param i32 i32) (result i32) (i32.const 0))
  (func (export "run") (result i32)
    (i32.store (i32.const 100) (call $subscribe (i64.const 3600000000000)))
    (call $poll (i32.const 100) (i32.const 1) (i32.const 200))
    (i32.const 0)))
