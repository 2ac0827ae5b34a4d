;; Computes for a good while in `run`, and then behaves.
(core module $rule
  (func $spin (local $n i32)
    (loop $again (br_if $again (i32.lt_u (local.tee $n (i32.add (local.get $n) (i32.const 1))) (i32.const 400000000)))))
  (func (export "init") (param i32 i32) (result i32) (i32.const 0))
  (func (export "run") (result i32) (call $spin) (i32.const 0)))
