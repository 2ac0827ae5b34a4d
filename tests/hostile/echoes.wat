;; Returns a thousand alerts, and the id of each is the same megabyte of its memory.
(core module $rule
  (import "host" "memory" (memory 1))
  (import "host" "realloc" (func $realloc (param i32 i32 i32 i32) (result i32)))
  (func (export "init") (param i32 i32) (result i32) (i32.const 0))
  (func (export "run") (result i32) (local $at i32) (local $n i32) (local $text i32)
    (local.set $text (call $realloc (i32.const 0) (i32.const 0) (i32.const 1) (i32.const 1048576)))
    (local.set $at (call $realloc (i32.const 0) (i32.const 0) (i32.const 4) (i32.const 52000)))
    (i32.store (i32.const 20) (local.get $at))
    (i32.store (i32.const 24) (i32.const 1000))
    (loop $again
      (i32.store (local.get $at) (local.get $text))
      (i32.store offset=4 (local.get $at) (i32.const 1048576))
      (local.set $at (i32.add (local.get $at) (i32.const 52)))
      (br_if $again (i32.lt_u (local.tee $n (i32.add (local.get $n) (i32.const 1))) (i32.const 1000))))
    (i32.const 16)))
