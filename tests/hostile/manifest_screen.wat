;; Has a manifest with a key that clears the screen.
(core module $rule
  (@custom "reddalert:manifest" "{\22title\22: \22x\22, \22\5cu001b[2J\22: 1}")
  (func (export "init") (param i32 i32) (result i32) (i32.const 0))
  (func (export "run") (result i32) (i32.const 0)))
