;; Asks for the page PAGE, which it was never told of, and fails with the text of the refusal.
(core module $rule
  (import "host" "memory" (memory 1))
  (import "host" "more" (func $more (param i32 i32 i32)))
  (data (i32.const 100) "PAGE-TEXT")
  (func (export "init") (param i32 i32) (result i32) (i32.const 0))
  (func (export "run") (result i32)
    (call $more (i32.const 100) (i32.const PAGE-LENGTH) (i32.const 200))
    ;; The error's message is the message.
    (i32.store8 (i32.const 300) (i32.load8_u (i32.const 200)))
    (i32.store (i32.const 304) (i32.load (i32.const 212)))
    (i32.store (i32.const 308) (i32.load (i32.const 216)))
    (i32.const 300)))
