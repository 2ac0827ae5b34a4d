;; Has two more memories of 10 MiB each, and wants more of one of them than that one itself allows, which must not make room.
(core module $rule
  (memory $one 1 160)
  (memory $other 1)
  (func (export "init") (param i32 i32) (result i32) (i32.const 0))
  (func (export "run") (result i32)
    (if (i32.eq (memory.grow $one (i32.const 159)) (i32.const -1)) (then (unreachable)))
    (if (i32.ne (memory.grow $one (i32.const 1)) (i32.const -1)) (then (unreachable)))
    (if (i32.eq (memory.grow $other (i32.const 159)) (i32.const -1)) (then (unreachable)))
    (i32.const 0)))
