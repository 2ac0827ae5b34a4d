;; Has two tables of 600 elements each, one from the beginning, one grown.
(core module $rule
  (table $one 600 funcref)
  (table $other 0 funcref)
  (func (export "init") (param i32 i32) (result i32) (i32.const 0))
  (func (export "run") (result i32)
    (if (i32.eq (table.grow $other (ref.null func) (i32.const 600)) (i32.const -1)) (then (unreachable)))
    (i32.const 0)))
