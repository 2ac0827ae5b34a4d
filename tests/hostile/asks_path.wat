;; Asks the inventory for PATH, and fails with the text of the refusal.
(core module $rule
  (import "host" "memory" (memory 1))
  (import "host" "realloc" (func $realloc (param i32 i32 i32 i32) (result i32)))
  (import "host" "documents" (func $documents (param i32 i32 i32 i64 i32)))
  (data $path "PATH-TEXT")
  (func (export "init") (param i32 i32) (result i32) (i32.const 0))
  (func (export "run") (result i32) (local $at i32)
    (local.set $at (call $realloc (i32.const 0) (i32.const 0) (i32.const 1) (i32.const PATH-LENGTH)))
    (memory.init $path (local.get $at) (i32.const 0) (i32.const PATH-LENGTH))
    (call $documents (local.get $at) (i32.const PATH-LENGTH) (i32.const 0) (i64.const 0) (i32.const 200))
    ;; The error's message is the message.
    (i32.store8 (i32.const 300) (i32.load8_u (i32.const 200)))
    (i32.store (i32.const 304) (i32.load (i32.const 212)))
    (i32.store (i32.const 308) (i32.load (i32.const 216)))
    (i32.const 300)))
