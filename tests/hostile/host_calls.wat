;; Calls the host a thousand times.
(core module $rule
  (import "host" "log" (func $log (param i32 i32 i32)))
  (func (export "init") (param i32 i32) (result i32) (i32.const 0))
  (func (export "run") (result i32) (local $n i32)
    (loop $again
      (call $log (i32.const 0) (i32.const 0) (i32.const 0))
      (br_if $again (i32.lt_u (local.tee $n (i32.add (local.get $n) (i32.const 1))) (i32.const 1000))))
    (i32.const 0)))
