;; Has a manifest in a component inside it.
(core module $rule
  (func (export "init") (param i32 i32) (result i32) (i32.const 0))
  (func (export "run") (result i32) (i32.const 0)))
(component (@custom "reddalert:manifest" "{\22title\22: \22inside\22}"))
