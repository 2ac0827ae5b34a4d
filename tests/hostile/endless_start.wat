;; Never comes back from its start.
(core module $rule
  (func $spin (loop $again (br $again)))
  (start $spin)
  (func (export "init") (param i32 i32) (result i32) (i32.const 0))
  (func (export "run") (result i32) (i32.const 0)))
