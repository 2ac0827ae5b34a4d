;; Has a manifest that is no UTF-8.
(core module $rule
  (@custom "reddalert:manifest" "{\22title\22: \22\ff\22}")
  (func (export "init") (param i32 i32) (result i32) (i32.const 0))
  (func (export "run") (result i32) (i32.const 0)))
