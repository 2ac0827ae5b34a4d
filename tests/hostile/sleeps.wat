;; Sleeps for an hour, by waiting for one timer.
(core module $rule
  (import "host" "subscribe" (func $subscribe (param i64) (result i32)))
  (import "host" "block" (func $block (param i32)))
  (func (export "init") (param i32 i32) (result i32) (i32.const 0))
  (func (export "run") (result i32)
    (call $block (call $subscribe (i64.const 3600000000000)))
    (i32.const 0)))
