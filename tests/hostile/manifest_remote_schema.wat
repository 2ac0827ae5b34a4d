;; Has a manifest whose schema is to be had from a server.
(core module $rule
  (@custom "reddalert:manifest" "{\22title\22: \22x\22, \22settings\22: {\22$ref\22: \22http://169.254.169.254/schema\22}}")
  (func (export "init") (param i32 i32) (result i32) (i32.const 0))
  (func (export "run") (result i32) (i32.const 0)))
