;; Remembers one megabyte after the other, until it is refused, and fails with the text of the refusal.
(core module $rule
  (import "host" "memory" (memory 1))
  (import "host" "set" (func $set (param i32 i32 i32 i32 i32)))
  (data (i32.const 100) "abcdefghijklmnopqrstuvwxyz")
  (func (export "init") (param i32 i32) (result i32) (i32.const 0))
  (func (export "run") (result i32) (local $n i32)
    (drop (memory.grow (i32.const 16)))
    (memory.fill (i32.const 65536) (i32.const 0x61) (i32.const 1048576))
    (i32.store8 (i32.const 65536) (i32.const 0x22))
    (i32.store8 (i32.const 1114111) (i32.const 0x22))
    (loop $again
      (call $set (i32.add (i32.const 100) (local.get $n)) (i32.const 1) (i32.const 65536) (i32.const 1048576) (i32.const 200))
      (local.set $n (i32.add (local.get $n) (i32.const 1)))
      (br_if $again (i32.and (i32.eqz (i32.load8_u (i32.const 200))) (i32.lt_u (local.get $n) (i32.const 26)))))
    ;; The error's message is the message.
    (i32.store8 (i32.const 300) (i32.load8_u (i32.const 200)))
    (i32.store (i32.const 304) (i32.load (i32.const 212)))
    (i32.store (i32.const 308) (i32.load (i32.const 216)))
    (i32.const 300)))
