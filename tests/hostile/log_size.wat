;; Logs a hundred lines of a hundred bytes.
(core module $rule
  (import "host" "memory" (memory 1))
  (import "host" "log" (func $log (param i32 i32 i32)))
  (func $fill (memory.fill (i32.const 1000) (i32.const 0x61) (i32.const 100)))
  (start $fill)
  (func (export "init") (param i32 i32) (result i32) (i32.const 0))
  (func (export "run") (result i32) (local $n i32)
    (loop $again
      (call $log (i32.const 0) (i32.const 1000) (i32.const 100))
      (br_if $again (i32.lt_u (local.tee $n (i32.add (local.get $n) (i32.const 1))) (i32.const 100))))
    (i32.const 0)))
