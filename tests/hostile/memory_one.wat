;; Grows its memory to 20 MiB, a page at a time.
(core module $rule
  (import "host" "memory" (memory 1))
  (func (export "init") (param i32 i32) (result i32) (i32.const 0))
  (func (export "run") (result i32)
    (loop $again
      (if (i32.eq (memory.grow (i32.const 1)) (i32.const -1)) (then (unreachable)))
      (br_if $again (i32.lt_u (memory.size) (i32.const 320))))
    (i32.const 0)))
