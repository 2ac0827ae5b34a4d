;; Has a manifest that is nested a hundred thousand deep.
(core module $rule
  (@custom "reddalert:manifest" "{\22title\22: \22x\22, \22settings\22: DEEP-TEXT}")
  (func (export "init") (param i32 i32) (result i32) (i32.const 0))
  (func (export "run") (result i32) (i32.const 0)))
