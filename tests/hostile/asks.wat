;; Asks for `view/instances` as of now, and reads all pages, a hundred times over.
(core module $rule
  (import "host" "memory" (memory 1))
  (import "host" "reset" (func $reset))
  (import "host" "documents" (func $documents (param i32 i32 i32 i64 i32)))
  (import "host" "more" (func $more (param i32 i32 i32)))
  (data (i32.const 100) "view/instances")
  (func (export "init") (param i32 i32) (result i32) (i32.const 0))
  (func (export "run") (result i32) (local $round i32)
    (loop $again
      (call $reset)
      (call $documents (i32.const 100) (i32.const 14) (i32.const 0) (i64.const 0) (i32.const 200))
      (block $read
        (loop $pages
          ;; An error ends it, and so does a page without a next one.
          (br_if $read (i32.load8_u (i32.const 200)))
          (br_if $read (i32.eqz (i32.load8_u (i32.const 212))))
          (call $more (i32.load (i32.const 216)) (i32.load (i32.const 220)) (i32.const 200))
          (br $pages)))
      (br_if $again (i32.lt_u (local.tee $round (i32.add (local.get $round) (i32.const 1))) (i32.const 100))))
    (i32.const 0)))
