;; Sends COUNT equal requests at once, and fails with the text of the first refusal. The words in capital letters are written by the test.
(core module $rule
  (import "host" "memory" (memory 1))
  (import "host" "send" (func $send (param i32 i32 i32)))
  (data (i32.const 100) "GET")
  (data (i32.const 1000) "URL-TEXT")
  (data (i32.const 2000) "NAME-TEXT")
  (data (i32.const 3000) "VALUE-TEXT")
  (func (export "init") (param i32 i32) (result i32) (i32.const 0))
  (func (export "run") (result i32) (local $request i32)
    ;; One header.
    (i32.store (i32.const 200) (i32.const 2000))
    (i32.store (i32.const 204) (i32.const NAME-LENGTH))
    (i32.store (i32.const 208) (i32.const 3000))
    (i32.store (i32.const 212) (i32.const VALUE-LENGTH))
    (local.set $request (i32.const 4096))
    (loop $next
      (i32.store offset=0 (local.get $request) (i32.const 100))
      (i32.store offset=4 (local.get $request) (i32.const 3))
      (i32.store offset=8 (local.get $request) (i32.const 1000))
      (i32.store offset=12 (local.get $request) (i32.const URL-LENGTH))
      (i32.store offset=16 (local.get $request) (i32.const 200))
      (i32.store offset=20 (local.get $request) (i32.const 1))
      ;; Ten redirects; no body, no option, the usual time.
      (i32.store8 offset=36 (local.get $request) (i32.const 10))
      (i32.store offset=40 (local.get $request) (i32.const 1000))
      (local.set $request (i32.add (local.get $request) (i32.const 52)))
      (br_if $next (i32.lt_u (local.get $request) (i32.add (i32.const 4096) (i32.mul (i32.const 52) (i32.const COUNT))))))
    (call $send (i32.const 4096) (i32.const COUNT) (i32.const 400))
    ;; An error's message is the message.
    (i32.store8 (i32.const 300) (i32.load8_u (i32.load (i32.const 400))))
    (if (i32.load8_u (i32.const 300))
      (then
        (i32.store (i32.const 304) (i32.load offset=12 (i32.load (i32.const 400))))
        (i32.store (i32.const 308) (i32.load offset=16 (i32.load (i32.const 400))))))
    (i32.const 300)))
