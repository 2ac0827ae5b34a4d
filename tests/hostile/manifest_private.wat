;; Has a manifest that asks for private addresses.
(core module $rule
  (@custom "reddalert:manifest" "{\22title\22: \22x\22, \22grants\22: [{\22reason\22: \22r\22, \22hosts\22: [\2210.0.0.1\22], \22private\22: [\2210.0.0.0/8\22]}]}")
  (func (export "init") (param i32 i32) (result i32) (i32.const 0))
  (func (export "run") (result i32) (i32.const 0)))
